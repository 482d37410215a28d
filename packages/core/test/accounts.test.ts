import {
  AbortedError,
  type ApiError,
  CdfError,
  createTransport,
  DuplicatedError,
  type Identified,
  type Interceptor,
  NotFoundError,
  RateLimitError,
  Token,
} from '@cdf/core';
import { ResourceApi, writeInChunks } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';
import { toApiError } from '../src/transport/failure/api-error.js';

interface Thing extends Identified {
  readonly name?: string;
}
interface ThingTypes {
  item: Thing;
  list: Thing[];
  create: { readonly externalId: string };
  update: object;
  filter: object;
  property: string;
  query: object;
  scopedQuery: object;
  search: object;
}
const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index);
const failure = (work: Promise<unknown>): Promise<CdfError> =>
  work.then(
    () => undefined as never,
    (error) => error,
  );

describe('the account of a write', () => {
  it('is whole when onProgress throws: nothing more is sent, and the cause is what was thrown', async () => {
    const thrown = new Error('the disk is full');
    const transport = memoryTransport(({ body }) => ({
      items: (body as { items: object[] }).items.map((item, index) => ({ ...item, id: index + 1 })),
    }));
    const things = new ResourceApi<ThingTypes>(transport, {
      path: '/things',
      noun: 'things',
      fields: {},
    });
    const input = numbers(30_000).map((index) => ({ externalId: `t${index}` }));
    const onProgress = (done: number): void => {
      if (done === 3000) throw thrown;
    };
    for (const work of [
      () => things.create(input, { onProgress }),
      () => things.upsert(input, {}, { onProgress }),
      () => things.delete(input, {}, { onProgress }),
    ]) {
      const before = transport.requests.length;
      const error = await failure(work());
      expect(CdfError.isInstance(error)).toBe(true);
      expect(error.cause).toBe(thrown);
      // The five requests that ran, and those of the same turn.
      expect(transport.requests.length - before).toBeLessThan(12);
      expect(error.successful.length + error.unknown.length + error.failed.length).toBe(30_000);
      expect(error.successful.length).toBeGreaterThanOrEqual(3000);
      expect(error.notAttempted.length).toBeGreaterThan(15_000);
    }
  });

  it('has what every request says is missing or duplicated', async () => {
    const transport = memoryTransport(() => ({}));
    const write = (make: (index: number) => Error): Promise<CdfError> =>
      failure(
        writeInChunks(transport, {
          action: 'write',
          items: numbers(3),
          chunks: 1,
          send: async ([index], _options, onAttempt) => {
            onAttempt();
            throw make(index as number);
          },
        }),
      );
    const missing = await write(
      (id) => new NotFoundError('no', { status: 400, missing: [{ id: id + 1 }] }),
    );
    expect((missing as ApiError).missing).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const duplicated = await write(
      (id) => new DuplicatedError('no', { status: 409, duplicated: [{ id: id + 1 }] }),
    );
    expect((duplicated as ApiError).duplicated).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  it('has the reason of the signal as its cause', async () => {
    const reason = new Error('the user left');
    const error = await failure(
      writeInChunks(
        memoryTransport(() => ({})),
        { action: 'write', items: [1], chunks: 1, send: async () => Promise.reject(reason) },
        { signal: AbortSignal.abort(reason) },
      ),
    ).catch((thrown: unknown) => thrown as CdfError);
    // A signal that has aborted ends the call before it begins.
    expect(error === reason || error.cause === reason).toBe(true);
    const controller = new AbortController();
    const during = await failure(
      writeInChunks(
        memoryTransport(() => ({})),
        {
          action: 'write',
          items: [1, 2],
          chunks: 1,
          send: async (_chunk, _options, onAttempt) => {
            onAttempt();
            controller.abort(reason);
            throw reason;
          },
        },
        { signal: controller.signal },
      ),
    );
    expect(AbortedError.isInstance(during)).toBe(true);
    expect(during.cause).toBe(reason);
  });

  it('is unknown for what was on its way, also when the reason of the signal is an error of this SDK', async () => {
    const controller = new AbortController();
    const reason = new CdfError('another call failed');
    const error = await failure(
      writeInChunks(
        memoryTransport(() => ({})),
        {
          action: 'write',
          items: [1],
          chunks: 1,
          send: async (_chunk, _options, onAttempt) => {
            onAttempt();
            controller.abort(reason);
            throw reason;
          },
        },
        { signal: controller.signal },
      ),
    );
    expect(AbortedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ cause: reason, unknown: [1], failed: [] });
  });
});

it('keeps what the service adds to an error', () => {
  const extra = { hint: 'two labels', missing: [{ id: 7 }] };
  const error = toApiError({
    response: new Response(null, { status: 400 }),
    text: JSON.stringify({ error: { code: 400, message: 'no', extra } }),
    method: 'POST',
    path: '/things',
    secrets: [],
    body: undefined,
    advise: () => '',
  });
  expect(error.extra).toEqual(extra);
  expect(error.missing).toEqual([{ id: 7 }]);
});

it('names each missing thing once, however often the service does', () => {
  const twice = [{ externalId: 'a' }, { id: 7 }, { externalId: 'a' }, null, { id: 7 }];
  const error = toApiError({
    response: new Response(null, { status: 400 }),
    text: JSON.stringify({
      error: { code: 400, message: 'no', missing: twice, duplicated: twice },
    }),
    method: 'POST',
    path: '/things',
    secrets: [],
    body: undefined,
    advise: () => '',
  });
  expect(error.missing).toEqual([{ externalId: 'a' }, { id: 7 }]);
  expect(error.duplicated).toEqual(error.missing);
  expect(error.message).toContain('not found: externalId "a", id 7; duplicated:');
});

describe('an exception of an interceptor', () => {
  const thrown = new Error('no trace id');
  const answerOf = ({ body }: { body?: unknown }): Response =>
    Response.json({
      items: (JSON.parse(String(body)) as { items: object[] }).items.map((item, index) => ({
        ...item,
        id: index + 1,
      })),
    });
  /** Things behind an interceptor, and what came through it. */
  function behind(
    interceptor: Interceptor,
    answer: (init: RequestInit, request: number) => Response = answerOf,
  ) {
    let requests = 0;
    const transport = createTransport({
      ...{
        clientName: 'test',
        project: 'p',
        cluster: 'c',
        credentials: new Token('t'),
        interceptors: [interceptor],
      },
      fetch: async (_, init) => answer(init ?? {}, requests++),
      retry: { backoffLimitMs: 1 },
    });
    const things = new ResourceApi<ThingTypes>(transport, {
      path: '/things',
      noun: 'things',
      fields: {},
    });
    const input = numbers(2).map((index) => ({ externalId: `t${index}` }));
    return { transport, input, create: () => things.create(input), requests: () => requests };
  }

  it('before next ends the write: its items failed and were never sent', async () => {
    let attempts = 0;
    const { create, input, requests } = behind(() => async () => {
      attempts++;
      throw thrown;
    });
    const error = await failure(create());
    expect(CdfError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      failed: input,
      notAttempted: input,
      unknown: [],
      successful: [],
    });
    expect(error.message).toContain('an interceptor failed: no trace id');
    expect((error.cause as Error).cause).toBe(thrown);
    expect([attempts, requests()]).toEqual([1, 0]);
  });

  it('after next ends the write: what became of its items is unknown', async () => {
    for (const failing of [false, true]) {
      const { create, input, requests } = behind(
        (next) => async (request) => {
          await next(request).catch(() => {});
          throw thrown;
        },
        (init) => (failing ? new Response(null, { status: 503 }) : answerOf(init)),
      );
      const error = await failure(create());
      expect(error).toMatchObject({ unknown: input, failed: [], successful: [] });
      // Not even a 503, which is sent again as ever where it passes through.
      expect(requests()).toBe(1);
    }
  });

  it('is not retried, whatever its class', async () => {
    let attempts = 0;
    const { transport } = behind(() => async () => {
      attempts++;
      throw new RateLimitError('too many', { status: 429 });
    });
    const error = await failure(transport.request({ method: 'GET', path: '/x', idempotent: true }));
    expect([error.code, attempts]).toEqual(['cdf', 1]);
  });

  it('that came out of next passes through, and is retried as ever', async () => {
    let attempts = 0;
    const { create, requests } = behind(
      (next) => async (request) => {
        attempts++;
        try {
          return await next(request);
        } catch (error) {
          expect((error as ApiError).status).toBe(429);
          throw error;
        }
      },
      (init, request) => (request < 2 ? new Response(null, { status: 429 }) : answerOf(init)),
    );
    expect(await create()).toHaveLength(2);
    expect([attempts, requests()]).toEqual([3, 3]);
  });
});
