import type { RequestSpec, Transport } from '@cdf/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ASSEMBLIES,
  error,
  eventually,
  json,
  rejection,
  startServer,
  type TestServer,
} from './helpers/server.js';

const READ: RequestSpec = { method: 'POST', path: '/assets/list', body: {}, idempotent: true };
const REASON = { reason: "the caller's own, whatever it is" };

const timers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
/** Sockets, servers, look-ups and compressions: whatever keeps a program running besides timers. */
const handles = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|GetAddrInfo|Zlib)/.test(name))
    .length;

/** Fails on an unhandled promise, and on a timer or a handle that stays. */
describe.each(ASSEMBLIES)('an abort (a transport, $assembly)', ({ connect }) => {
  let timersBefore = 0;
  let handlesBefore = 0;
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => {
    timersBefore = timers();
    handlesBefore = handles();
    unhandled.length = 0;
    process.on('unhandledRejection', note);
  });
  afterEach(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    await eventually(timers).toBeLessThanOrEqual(timersBefore + 1);
    // Fewer are fine: connections of the file that this process ran before may end meanwhile.
    await eventually(handles).toBeLessThanOrEqual(handlesBefore);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  const abortWhen = async (
    transport: Transport,
    ready: () => boolean,
    work: (signal: AbortSignal) => Promise<unknown> = (signal) =>
      transport.request(READ, { signal }),
  ): Promise<unknown> => {
    const controller = new AbortController();
    const reason = rejection(work(controller.signal));
    await eventually(ready).toBe(true);
    controller.abort(REASON);
    return reason;
  };

  const stalling = (): Promise<TestServer> =>
    startServer((_, response, count) => {
      if (count === 1) return;
      json(response, 200, {});
    });

  it('before the call sends nothing', async () => {
    await using server = await stalling();
    const reason = await rejection(
      connect(server.baseUrl).request(READ, { signal: AbortSignal.abort(REASON) }),
    );
    expect(reason).toBe(REASON);
    expect(server.received).toHaveLength(0);
  });

  it('while signing in gives up waiting, and tells the provider', async () => {
    await using server = await stalling();
    let told: AbortSignal | undefined;
    const credentials = {
      getToken: ({ signal }: { signal: AbortSignal }) => {
        told = signal;
        return new Promise<never>(() => {});
      },
    };
    const transport = connect(server.baseUrl, { credentials });
    expect(await abortWhen(transport, () => told !== undefined)).toBe(REASON);
    expect(told?.aborted).toBe(true);
  });

  it('while waiting in the queue leaves it, and the queue goes on', async () => {
    await using server = await stalling();
    const transport = connect(server.baseUrl, { concurrency: { read: 1 } });
    const first = new AbortController();
    const running = rejection(transport.request(READ, { signal: first.signal }));
    await eventually(() => server.received.length).toBe(1);
    const second = new AbortController();
    const queued = rejection(transport.request(READ, { signal: second.signal }));
    const third = transport.request(READ);
    second.abort(REASON);
    expect(await queued).toBe(REASON);
    first.abort(REASON);
    expect(await running).toBe(REASON);
    expect(await third).toEqual({});
    expect(server.received).toHaveLength(2);
  });

  it('while no headers have come closes the connection', async () => {
    let closed = false;
    await using server = await startServer((_, response) =>
      response.on('close', () => (closed = true)),
    );
    expect(await abortWhen(connect(server.baseUrl), () => server.received.length === 1)).toBe(
      REASON,
    );
    await eventually(() => closed).toBe(true);
  });

  it('while the body comes closes the connection', async () => {
    let closed = false;
    await using server = await startServer((_, response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    expect(await abortWhen(connect(server.baseUrl), () => server.received.length === 1)).toBe(
      REASON,
    );
    await eventually(() => closed).toBe(true);
  });

  it('while sleeping before a retry ends the sleep', async () => {
    await using server = await startServer((_, response) => error(response, 429, 'later'));
    let sleeping = false;
    const transport = connect(server.baseUrl, {
      retry: { backoffLimitMs: 2_000_000, limit: 3 },
      logger: { debug: (line) => (sleeping ||= line.includes('again after')) },
    });
    expect(await abortWhen(transport, () => sleeping)).toBe(REASON);
  });

  it('while a stream is read ends the stream and its connection', async () => {
    let closed = false;
    await using server = await startServer((_, response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200);
      response.write('first');
    });
    const transport = connect(server.baseUrl);
    let read = 0;
    const work = async (signal: AbortSignal): Promise<void> => {
      const { body } = await transport.transfer(
        { method: 'GET', url: server.baseUrl, replayable: true },
        { signal },
      );
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) read += chunk.length;
    };
    expect(await abortWhen(transport, () => read === 5, work)).toBe(REASON);
    await eventually(() => closed).toBe(true);
  });

  it('between two reads of a stream closes its connection too', async () => {
    let closed = false;
    await using server = await startServer((_, response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200);
      response.write('first');
    });
    const controller = new AbortController();
    const answer = await connect(server.baseUrl).transfer(
      { method: 'GET', url: server.baseUrl, replayable: true },
      { signal: controller.signal },
    );
    controller.abort(REASON);
    await eventually(() => closed).toBe(true);
    expect(await rejection(answer.bytes())).toBe(REASON);
  });

  it('of an upload stops reading its source', async () => {
    await using server = await startServer(() => {});
    let cancelled: unknown;
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(stream) {
        pulls++;
        stream.enqueue(new Uint8Array(65_536));
        return new Promise((resolve) => setImmediate(resolve));
      },
      cancel(reason) {
        cancelled = reason;
      },
    });
    const transport = connect(server.baseUrl);
    const reason = await abortWhen(
      transport,
      () => pulls > 10,
      (signal) =>
        transport.transfer(
          { method: 'PUT', url: server.baseUrl, body, replayable: false },
          { signal },
        ),
    );
    expect(reason).toBe(REASON);
    await eventually(() => cancelled).toBeDefined();
  });

  it('of the client ends queues, sleeps and requests', async () => {
    await using server = await startServer((_, response, count) => {
      if (count === 1) error(response, 429, 'later');
    });
    const transport = connect(server.baseUrl, {
      concurrency: { read: 1 },
      retry: { backoffLimitMs: 2_000_000, limit: 3 },
    });
    const calls = [1, 2, 3].map(() => rejection(transport.request(READ)));
    await eventually(() => server.received.length).toBe(2);
    await transport.close();
    for (const reason of await Promise.all(calls))
      expect(reason).toMatchObject({ code: 'aborted' });
  });
});
