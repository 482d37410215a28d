import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
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

describe('a connection that never comes about', () => {
  /** How often a client sends a request, while the network is down and after an answer. */
  async function attempts(
    platform: () => Promise<object>,
    answer = (): Response => Response.json({}),
  ): Promise<number[]> {
    vi.resetModules();
    vi.doMock('#platform', platform);
    try {
      const { createTransport, Token } = await import('@cdf/core');
      let [sent, isUp] = [0, false];
      const transport = createTransport({
        clientName: 'test',
        project: 'p',
        baseUrl: 'https://api.example.com',
        credentials: new Token('t'),
        retry: { backoffLimitMs: 1, limit: 6, connectLimit: 2 },
        fetch: async () => {
          sent++;
          if (isUp) return answer();
          throw new TypeError('Failed to fetch');
        },
      });
      const spec = { method: 'GET', path: '/assets', idempotent: true } as const;
      const counts: number[] = [];
      for (const up of [false, true, false]) {
        [sent, isUp] = [0, up];
        await transport.request(spec).catch(() => {});
        counts.push(sent);
      }
      return counts;
    } finally {
      vi.doUnmock('#platform');
      vi.resetModules();
    }
  }

  it('is given up after connectLimit in a browser, which cannot tell it from one that was lost', async () => {
    expect(await attempts(() => import('../src/platform/web.js'))).toEqual([3, 1, 7]);
  });

  it('has come about where a proxy has answered, though not with JSON', async () => {
    const html = { 'content-type': 'text/html' };
    const page = (): Response => new Response('<html>', { headers: html });
    expect(await attempts(() => import('../src/platform/web.js'), page)).toEqual([3, 1, 7]);
  });

  it('is known by its code in Node: without one, it may have been lost', async () => {
    expect(await attempts(() => import('../src/platform/node.js'))).toEqual([7, 1, 7]);
  });
});
