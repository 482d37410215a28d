import {
  AuthError,
  type CallOptions,
  type CdfError,
  type RequestSpec,
  type Transport,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Pump = view('acme', 'Pump', 'v1', { name: p.text() });

interface Item {
  readonly externalId: string;
  readonly name: string;
}
const item = (index: number): Item => ({ externalId: `p${index}`, name: `P ${index}` });
const silence = new Promise<never>(() => {});

/** A project that stores what is applied, and fails the transactions that a test wants to fail. */
function project(fail: (call: number) => Error | undefined = () => undefined) {
  const stored = new Set<string>();
  const sizes: number[] = [];
  const transport = memoryTransport({
    'POST /models/instances': async ({ body }) => {
      const text =
        body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body);
      const { items } = JSON.parse(text) as { items: { space: string; externalId: string }[] };
      sizes.push(items.length);
      const error = fail(sizes.length);
      if (error !== undefined) throw error;
      for (const { externalId } of items) stored.add(externalId);
      const made = {
        instanceType: 'node',
        version: 1,
        wasModified: true,
        createdTime: 1,
        lastUpdatedTime: 1,
      };
      return { items: items.map(({ space, externalId }) => ({ ...made, space, externalId })) };
    },
  });
  return { transport, stored, sizes, pumps: nodes(transport, Pump, { space: 's' }) };
}

const failure = (work: Promise<unknown>): Promise<CdfError<Item>> =>
  work.then(
    () => undefined as never,
    (error) => error,
  );

/** Gives items, then nothing more. */
function silent(
  count: number,
  onReturn: () => Promise<IteratorResult<Item>>,
  onSilence: () => void = () => {},
): AsyncIterable<Item> {
  let given = 0;
  const next = async (): Promise<IteratorResult<Item>> => {
    if (given < count) return { done: false, value: item(given++) };
    onSilence();
    return silence;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: onReturn }) };
}

describe('items that can be read once only', () => {
  it('are all written: a generator', async () => {
    const { pumps, stored, sizes } = project();
    function* source(): Generator<Item> {
      for (let index = 0; index < 2_500; index++) yield item(index);
    }
    expect(await pumps.upsert(source())).toEqual({ created: 2_500, updated: 0, unchanged: 0 });
    expect([stored.size, sizes.length]).toEqual([2_500, 3]);
  });

  it('leave in a transaction before the next one is taken, from a source that never pauses', async () => {
    const { transport } = project();
    let taken = 0;
    const sent: number[] = [];
    const slow = {
      ...transport,
      async request(spec: RequestSpec, options?: CallOptions) {
        // Node writes a request when the script has paused.
        await new Promise<void>((resolve) => process.nextTick(resolve));
        if (spec.path === '/models/instances') sent.push(taken);
        return transport.request(spec, options);
      },
    } as Transport;
    async function* source(): AsyncGenerator<Item> {
      for (; taken < 3_000; taken++) yield item(taken);
    }
    const pumps = nodes(slow, Pump, { space: 's' });
    await pumps.upsert([item(0)]);
    sent.length = 0;
    await pumps.upsert(source());
    expect(sent).toEqual([999, 1_999, 2_999]);
  });

  it('are all written: an async generator, the same item again after the one before it', async () => {
    const { pumps, stored, sizes } = project();
    async function* source(): AsyncGenerator<Item> {
      for (let index = 0; index < 2_500; index++) yield item(index % 2_000);
    }
    await pumps.upsert(source());
    expect(stored.size).toBe(2_000);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(2_500);
  });
});

describe('a stream that is written', () => {
  it('may be a generator, which is taken as far as transactions need it', async () => {
    const { pumps, sizes } = project((call) =>
      call === 2 ? new AuthError('no', { status: 403 }) : undefined,
    );
    let given = 0;
    let isLetGo = false;
    const source = function* (): Generator<Item> {
      try {
        for (; given < 50_000; given++) yield item(given);
      } finally {
        isLetGo = true;
      }
    };
    const error = await failure(pumps.upsert(source()));
    expect(error).toMatchObject({ code: 'auth', successful: [] });
    expect(error).toHaveProperty('written');
    expect(given).toBeLessThan(10_000);
    expect(isLetGo).toBe(true);
    expect(error.failed.length).toBe(given + 1 - (sizes.length - 1) * 1_000);
  });

  it('ends with what a generator throws as the cause, after what it gave', async () => {
    const { pumps, stored } = project();
    const reason = new TypeError('row 2 is bad');
    const source = function* (): Generator<Item> {
      for (let index = 0; index < 1_500; index++) yield item(index);
      throw reason;
    };
    const error = await failure(pumps.upsert(source()));
    expect([error.code, error.cause, error.notAttempted.length]).toEqual(['cdf', reason, 500]);
    expect(stored.size).toBe(1_000);
    expect(error).toHaveProperty('written.created', 1_000);
  });

  it('that throws at once has nothing that can have been delivered', async () => {
    const { pumps } = project();
    const source = function* (): Generator<Item> {
      yield item(0);
      throw new TypeError('row 1 is bad');
    };
    const error = await failure(pumps.upsert(source()));
    expect([error.delivery, error.notAttempted]).toEqual(['none', [item(0)]]);
  });

  it('is not a set: its items are checked before any is written', async () => {
    const { pumps } = project();
    const wrong = { externalId: 'p', name: 5 } as never;
    const error = await failure(pumps.upsert(new Set([item(0), wrong])));
    expect(error).toMatchObject({ code: 'config', notAttempted: [wrong, item(0)] });
  });

  it('ends where the credentials are refused: what was taken is in the account, and the stream is let go', async () => {
    const { pumps, stored } = project((call) =>
      call > 2 ? new AuthError('no', { status: 403 }) : undefined,
    );
    let given = 0;
    let isLetGo = false;
    async function* source(): AsyncGenerator<Item> {
      try {
        for (; ; given++) yield item(given);
      } finally {
        isLetGo = true;
      }
    }
    const error = await failure(pumps.upsert(source()));
    expect(AuthError.isInstance(error)).toBe(true);
    expect(given).toBeLessThan(20_000);
    expect(isLetGo).toBe(true);
    const open = [...error.failed, ...error.unknown];
    expect(open.filter(({ externalId }) => stored.has(externalId))).toEqual([]);
    // The one that was given last may have been on its way.
    expect([given, given + 1]).toContain(open.length + stored.size);
  });

  it.each(['the signal', 'the end of the client'])(
    'ends with %s, also while it is silent and hangs in return()',
    async (what) => {
      const { pumps, stored, transport } = project();
      const caller = new AbortController();
      let returns = 0;
      let isSilent = false;
      const source = silent(
        1_500,
        () => {
          returns += 1;
          return silence;
        },
        () => {
          isSilent = true;
        },
      );
      const work = failure(pumps.upsert(source, {}, { signal: caller.signal }));
      while (stored.size < 1_000 || !isSilent)
        await new Promise((resolve) => setTimeout(resolve, 1));
      if (what === 'the signal') caller.abort(new Error('enough'));
      else await transport.close();
      const error = await work;
      expect(error.message).toContain('1000 items of the stream were written');
      expect(error.notAttempted).toHaveLength(500);
      expect(returns).toBe(1);
    },
  );

  it('has the item in its account that cannot be written, and those before it', async () => {
    const { pumps, stored } = project();
    async function* source(): AsyncGenerator<Item> {
      yield item(0);
      yield { externalId: 'bad', name: 5 } as never;
      yield item(2);
    }
    const error = await failure(pumps.upsert(source()));
    expect(error.message).toMatch(/item 1/);
    expect(error.notAttempted.map(({ externalId }) => externalId)).toEqual(['p0', 'bad']);
    expect(stored.size).toBe(0);
  });

  it('ends with what the stream throws as the cause', async () => {
    const { pumps } = project();
    const thrown = new Error('the file is broken');
    async function* source(): AsyncGenerator<Item> {
      yield item(0);
      throw thrown;
    }
    const error = await failure(pumps.upsert(source()));
    expect(error.cause).toBe(thrown);
    expect(error.notAttempted).toEqual([item(0)]);
  });
});
