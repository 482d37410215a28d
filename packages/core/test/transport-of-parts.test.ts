import { describe, expect, it } from 'vitest';
import { type RequestSpec, Token } from '../src/index.js';
import { compression, createTransport, tracing, transfers } from '../src/transport/transport-of-parts.js';
import { rejection } from './helpers/server.js';

const READ: RequestSpec = {
  method: 'POST',
  path: '/assets/list',
  body: { text: 'x'.repeat(20_000) },
  idempotent: true,
};

/** A config that says what was sent, to a host that is not this machine. */
function recording() {
  const sent: (string | null)[] = [];
  const config = {
    clientName: 'test',
    project: 'p',
    cluster: 'c',
    credentials: new Token('t'),
    fetch: async (_: unknown, init?: RequestInit): Promise<Response> => {
      sent.push(new Headers(init?.headers).get('content-encoding'));
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    },
  } as const;
  return { config, sent };
}

describe('a transport of parts', () => {
  it('compresses with the part for it, and sends bodies as they are without', async () => {
    const { config, sent } = recording();
    await createTransport(config).request(READ);
    await createTransport(config, [compression()]).request(READ);
    expect(sent).toEqual([null, 'gzip']);
  });

  it('that has no part for streams and storage refuses them before anything is sent, and names the part', async () => {
    const { config, sent } = recording();
    const transport = createTransport(config);
    for (const call of [
      () => transport.request({ ...READ, accept: 'stream' }),
      () => transport.request({ ...READ, body: new Response('x').body }),
      () => transport.transfer({ method: 'GET', url: 'https://s.example.com/x', replayable: true }),
    ])
      expect(await rejection(call())).toMatchObject({
        code: 'config',
        delivery: 'none',
        message: expect.stringContaining('transfers() of @cdf/core/transport'),
      });
    expect(sent).toEqual([]);
    await createTransport(config, [transfers()]).request({ ...READ, accept: 'stream' });
    expect(sent).toHaveLength(1);
  });

  it('goes by the last of two parts of a kind', async () => {
    const { config } = recording();
    const seen: string[] = [];
    const part = (name: string) => tracing({ hooks: { onRequest: () => seen.push(name) } });
    await createTransport(config, [part('first'), transfers(), part('second')]).request(READ);
    expect(seen).toEqual(['second']);
  });

  it('takes no option of a part: that would be passed over', () => {
    const { config } = recording();
    // @ts-expect-error hooks are given to tracing()
    expect(createTransport({ ...config, hooks: {} }).project).toBe('p');
    // @ts-expect-error compression is a part
    expect(createTransport({ ...config, compression: 'always' }).project).toBe('p');
  });

  it('complains about a config as a whole, and about an option of a part by its name', () => {
    const nothing = {} as unknown as Parameters<typeof createTransport>[0];
    expect(() => createTransport(nothing)).toThrow(/clientName.*project.*credentials.*baseUrl or cluster/);
    expect(() => transfers({ timeoutMs: 0 })).toThrow(/timeoutMs must be a whole number/);
  });
});
