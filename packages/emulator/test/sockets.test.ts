import { connect } from 'node:net';
import {
  createEmulator,
  EmulatorError,
  type Fault,
  type ServerOptions,
  startEmulator,
} from '@cdf/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, type Json } from './helpers.js';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function started(options: ServerOptions): Promise<ReturnType<typeof clientOf>> {
  const emulator = await startEmulator(options);
  opened.push(emulator);
  return clientOf(emulator, fetch);
}

/** The pieces in which the answer to a listing of assets comes out of the socket. */
async function pieces(url: string): Promise<Buffer[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /api/v1/projects/emulator/assets HTTP/1.1\r\nhost: ${hostname}:${port}\r\napi-key: emulator-key\r\nconnection: close\r\n\r\n`,
  );
  const found: Buffer[] = [];
  for await (const piece of socket) found.push(piece as Buffer);
  return found;
}

const assets = Array.from({ length: 20 }, (_, index) => ({ name: `Asset ${index}` }));

describe('chunkBytes', () => {
  it.each([1, 7, 1000])(
    'of %i sends bodies in such pieces, as an option and as a fault',
    async (chunkBytes) => {
      const whole = await started({ seed: { assets } });
      const cut = await started({ seed: { assets }, chunkBytes });
      const faulty = await started({
        seed: { assets },
        faults: [{ path: '/assets', chunkBytes, count: 2 }],
      });
      const names = ({ body }: Json): string[] => body.items.map(({ name }: Json) => name);
      const expected = names(await whole.get('/assets'));
      for (const { emulator, get } of [cut, faulty]) {
        const answer = await get('/assets');
        expect(names(answer)).toEqual(expected);
        const text = Buffer.concat(await pieces(emulator.url)).toString();
        const sizes = [...text.matchAll(/\r\n([0-9a-f]+)\r\n(?=[^\r])/g)].map(([, size = '']) =>
          Number.parseInt(size, 16),
        );
        expect(sizes.length).toBeGreaterThan(1);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(chunkBytes);
      }
    },
  );

  it('sends compressed answers and contents in pieces, too', async () => {
    const { emulator, post, get } = await started({ chunkBytes: 5 });
    const { body } = await post('/files', { name: 'f', externalId: 'f' });
    await fetch(body.uploadUrl, { method: 'PUT', body: 'twenty bytes of text' });
    const link = await post('/files/downloadlink', { items: [{ externalId: 'f' }] });
    const { downloadUrl } = link.body.items[0];
    expect(await (await fetch(downloadUrl)).text()).toBe('twenty bytes of text');
    const part = await fetch(downloadUrl, { headers: { range: 'bytes=7-11' } });
    expect([part.status, await part.text()]).toEqual([206, 'bytes']);
    expect((await get('/units')).body.items.length).toBeGreaterThan(300);
    expect(emulator.requests.length).toBeGreaterThan(3);
  });
});

describe('latencyMs', () => {
  it('waits, as a number or a range, as an option and as a fault', async () => {
    const elapsed = async (options: ServerOptions): Promise<number> => {
      const { get } = await started(options);
      const begin = performance.now();
      await get('/assets');
      return performance.now() - begin;
    };
    const faults: readonly Fault[] = [{ latencyMs: { min: 60, max: 90 } }];
    expect(await elapsed({ latencyMs: 60 })).toBeGreaterThan(55);
    expect(await elapsed({ latencyMs: { min: 60, max: 90 } })).toBeGreaterThan(55);
    expect(await elapsed({ faults })).toBeGreaterThan(55);
    expect(await elapsed({ latencyMs: 60, faults })).toBeGreaterThan(115);
  });

  it('spares control requests and the seed', async () => {
    const { control } = await started({ latencyMs: 5000, seed: { assets } });
    expect((await control('GET', '/status')).status).toBe(200);
  });

  it('comes over HTTP as well', async () => {
    const { control, get } = await started({});
    const fault = { latencyMs: { min: 1, max: 2 }, chunkBytes: 3 };
    expect((await control('POST', '/faults', fault)).status).toBe(201);
    expect((await get('/assets')).body.items).toEqual([]);
    expect((await control('POST', '/faults', { latencyMs: 'long' })).status).toBe(400);
  });
});

it.each([
  [{ latencyMs: -1 }, 'latencyMs must be'],
  [{ latencyMs: { min: 5, max: 1 } }, 'latencyMs must be'],
  [{ chunkBytes: 0 }, 'chunkBytes must be'],
  [{ chunkBytes: 1.5 }, 'chunkBytes must be'],
])('%j is refused, as an option and in a fault', (given, message) => {
  expect(() => createEmulator(given)).toThrow(EmulatorError);
  expect(() => createEmulator(given)).toThrow(message);
  expect(() => createEmulator({ faults: [given] })).toThrow(message);
});

it.each([
  [{ write: 0 }, 'limits.write must be'],
  [{ writes: 2 }, 'unknown member writes of limits'],
  [5, 'limits must be'],
])('limits of %j are refused', (limits, message) => {
  expect(() => createEmulator({ limits: limits as never })).toThrow(message);
});

describe('exposeHeaders', () => {
  const exposed = async (exposeHeaders: boolean | undefined): Promise<Record<string, string>> => {
    const origin = 'http://page.example';
    const { emulator, post } = clientOf(createEmulator({ allowOrigins: [origin], exposeHeaders }));
    const { body } = await post('/files', { name: 'f', externalId: 'f' });
    await emulator.fetch(body.uploadUrl, { method: 'PUT', body: 'content' });
    const link = await post('/files/downloadlink', { items: [{ externalId: 'f' }] });
    const shown = async (url: string): Promise<string> => {
      const answer = await emulator.fetch(url, { headers: { origin, 'api-key': 'emulator-key' } });
      expect(answer.status).toBe(200);
      return answer.headers.get('access-control-expose-headers') ?? '';
    };
    const content = await shown(link.body.items[0].downloadUrl);
    const api = await shown(`${emulator.url}/api/v1/projects/emulator/assets`);
    await emulator.close();
    return { content, api };
  };

  it('lets browsers read ETag and Content-Range of contents', async () => {
    for (const choice of [undefined, true]) {
      const { content } = await exposed(choice);
      expect(content).toContain('etag');
      expect(content).toContain('content-range');
    }
  });

  it('of false hides them, and nothing of the API', async () => {
    const { content, api } = await exposed(false);
    expect(content).not.toContain('etag');
    expect(content).not.toContain('content-range');
    expect(api).toContain('x-request-id');
    expect(api).toContain('retry-after');
  });
});
