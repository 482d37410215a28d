import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  explainNetworkFailure as explainInNode,
  gzip as gzipOfNode,
} from '../src/platform/node.js';
import {
  explainNetworkFailure as explainInBrowsers,
  gzip as gzipOfBrowsers,
} from '../src/platform/web.js';

describe('compression', () => {
  it.each([
    ['Node', gzipOfNode],
    ['browsers', gzipOfBrowsers],
  ])('of %s gives back what went in', async (_, gzip) => {
    const text = 'Rør 1, '.repeat(5000);
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    expect(gunzipSync(await gzip(text)).toString()).toBe(text);
    expect(gunzipSync(await gzip(bytes))).toEqual(Buffer.from(bytes));
    expect((await gzip(text)).length).toBeLessThan(1000);
  });
});

describe('a lost connection', () => {
  it('is explained as far as the runtime tells: Node knows what was never sent, browsers know nothing', () => {
    const refused = new TypeError('fetch failed', {
      cause: { code: 'ECONNREFUSED', syscall: 'connect' },
    });
    expect(explainInNode(refused, 'api')).toMatchObject({
      delivery: 'none',
      explanation: expect.stringMatching(
        /connection was refused.*baseUrl or cluster.*\(ECONNREFUSED\)/,
      ),
    });
    const cause = new TypeError('terminated');
    expect(explainInNode(cause, 'api')).toEqual({
      cause,
      delivery: 'unknown',
      explanation: 'the connection failed or was lost before the whole answer came',
    });
    expect(explainInBrowsers()).toMatchObject({
      delivery: 'unknown',
      explanation: expect.stringContaining('CORS'),
    });
  });
});
