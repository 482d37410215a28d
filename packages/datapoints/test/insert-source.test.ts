import {
  AbortedError,
  ApiError,
  type CdfError,
  ConfigError,
  createTransport,
  NotFoundError,
  Token,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import {
  DatapointsApi,
  type InsertFromOptions,
  type InsertSource,
  type PointRange,
  type SeriesInput,
} from '@cdf/datapoints';
import { describe, expect, it, vi } from 'vitest';
import { HeldPoints } from '../src/write/held-points.js';
import { recording, store } from './insert-sink.js';

const START = Date.UTC(2021, 5, 1);
const row = (time: number, value: number | string = time): SeriesInput => ({
  externalId: 'a',
  timestamp: START + time,
  value,
});
const rows = (from: number, count: number): SeriesInput => ({
  externalId: 'a',
  timestamps: Float64Array.from({ length: count }, (_, index) => START + from + index),
  values: new Float64Array(count),
});
const range = (first: number, last = first): PointRange => ({
  externalId: 'a',
  first: START + first,
  last: START + last,
  count: last - first + 1,
});
const failure = (work: Promise<unknown>): Promise<CdfError<PointRange>> =>
  work.then(
    () => undefined as never,
    (error) => error,
  );
const silence = new Promise<never>(() => {});

/** Gives values, then nothing more, and notes that it was let go. */
function silentSource(
  kind: string,
  values: readonly SeriesInput[],
  letGo: () => void,
  onSilent: () => void = () => {},
): InsertSource {
  if (kind === 'ReadableStream')
    return new ReadableStream({
      start: (controller) => {
        for (const value of values) controller.enqueue(value);
      },
      pull: () => {
        onSilent();
        return silence;
      },
      cancel: () => {
        letGo();
        return silence;
      },
    });
  let index = 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (index < values.length) return { done: false, value: values[index++] as SeriesInput };
        onSilent();
        return silence;
      },
      return: () => {
        letGo();
        return silence;
      },
    }),
  };
}

const SOURCES = ['generator', 'ReadableStream'] as const;

describe.each(SOURCES)('a %s that is silent, and never ends to be let go', (kind) => {
  const start = (
    options: InsertFromOptions = {},
    rules: Parameters<typeof store>[0] = {},
    onSilent?: (transport: { close(): Promise<void> }) => void,
  ) => {
    const letGo = vi.fn();
    const memory = store(rules);
    const source = silentSource(kind, [row(0), row(1)], letGo, () => onSilent?.(memory.transport));
    return { ...memory, letGo, failed: failure(memory.api.insertFrom(source, options)) };
  };

  it('is let go at the signal, and what it gave was never sent', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { failed, letGo, sizes } = start({ signal: controller.signal, flushAfterMs: 0 }, {}, () =>
      controller.abort(reason),
    );
    const error = await failed;
    expect(AbortedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      cause: reason,
      failed: [range(0, 1)],
      notAttempted: [range(0, 1)],
      successful: [],
    });
    expect(letGo).toHaveBeenCalledOnce();
    expect(sizes).toEqual([]);
  });

  it('is let go unread at a signal that had aborted before: the rejection is its reason', async () => {
    const reason = new Error('too late');
    const { failed, letGo, sizes } = start({ signal: AbortSignal.abort(reason) });
    expect(await failed).toBe(reason);
    expect(letGo).toHaveBeenCalledOnce();
    expect(sizes).toEqual([]);
  });

  it('is let go when the client is closed', async () => {
    const { failed, letGo } = start({ flushAfterMs: 0 }, {}, (transport) => void transport.close());
    const error = await failed;
    expect(AbortedError.isInstance(error)).toBe(true);
    expect(String(error)).toContain('the client was closed');
    expect(error.notAttempted).toEqual([range(0, 1)]);
    expect(letGo).toHaveBeenCalledOnce();
  });

  it('is let go when a client over HTTP is closed', async () => {
    const letGo = vi.fn();
    const http = createTransport({
      ...{
        clientName: 'test',
        project: 'test',
        baseUrl: 'http://127.0.0.1:9',
        credentials: new Token('x'),
      },
    });
    const failed = failure(
      new DatapointsApi(http).insertFrom(
        silentSource(kind, [row(0)], letGo, () => void http.close()),
        { flushAfterMs: 0 },
      ),
    );
    expect(await failed).toMatchObject({ code: 'aborted', notAttempted: [range(0)] });
    expect(letGo).toHaveBeenCalledOnce();
  });

  it('is let go when a request fails', async () => {
    const refused = new ApiError('full', { status: 400 });
    const { failed, letGo } = start({ flushAfterMs: 1 }, { fail: () => ({ error: refused }) });
    const error = await failed;
    expect(ApiError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ failed: [range(0, 1)], notAttempted: [], successful: [] });
    expect(letGo).toHaveBeenCalledOnce();
  });

  it('is let go when onProgress throws, which is the cause', async () => {
    const thrown = new Error('the disk is full');
    const onProgress = (): void => {
      throw thrown;
    };
    const { failed, letGo, stored } = start({ flushAfterMs: 1, onProgress });
    expect(await failed).toMatchObject({
      cause: thrown,
      successful: [range(0, 1)],
      unknown: [],
      failed: [],
    });
    expect(letGo).toHaveBeenCalledOnce();
    expect(stored.get('a')?.size).toBe(2);
  });
});

describe('the points held', () => {
  it('is sent after flushAfterMs: 1,000 ms by default', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { api, sizes } = store();
      const controller = new AbortController();
      const failed = failure(
        api.insertFrom(
          silentSource('generator', [row(0), row(1)], () => {}),
          { signal: controller.signal },
        ),
      );
      await vi.advanceTimersByTimeAsync(990);
      expect(sizes).toEqual([]);
      await vi.advanceTimersByTimeAsync(20);
      expect(sizes).toEqual([2]);
      controller.abort();
      await vi.advanceTimersByTimeAsync(200);
      expect((await failed).successful).toEqual([range(0, 1)]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits for a full request, or the end of the source, where flushAfterMs is 0', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { api, sizes } = store();
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      async function* source(): AsyncGenerator<SeriesInput> {
        yield rows(0, 150_000);
        await ended;
      }
      const written = api.insertFrom(source(), { flushAfterMs: 0 });
      await vi.advanceTimersByTimeAsync(100_000);
      expect(sizes).toEqual([100_000]);
      end();
      await vi.advanceTimersByTimeAsync(100);
      expect(await written).toEqual({ points: 150_000 });
      expect(sizes).toEqual([100_000, 50_000]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('makes full requests of single rows, also of many series by turns', async () => {
    const { api, sizes, stored } = store();
    function* source(): Generator<SeriesInput> {
      for (let index = 0; index < 150_000; index++)
        yield { externalId: `s${index % 300}`, timestamp: START + index, value: index };
    }
    expect(await api.insertFrom(source(), { flushAfterMs: 0 })).toEqual({ points: 150_000 });
    expect(sizes).toEqual([100_000, 50_000]);
    expect([...(stored.get('s7')?.entries() ?? [])].at(-1)).toEqual([START + 149_707, 149_707]);
  });

  it('is not more than the source may give while requests are on their way', async () => {
    let given = 0;
    let most = 0;
    const memory = store({
      wait: async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        most = Math.max(
          most,
          given - memory.sizes.slice(0, -5).reduce((sum, size) => sum + size, 0),
        );
      },
    });
    function* source(): Generator<SeriesInput> {
      for (; given < 1_500_000; given += 10_000) yield rows(given, 10_000);
    }
    await memory.api.insertFrom(source(), { flushAfterMs: 0 });
    // Five requests on their way, and one that waits.
    expect(most).toBeLessThanOrEqual(1_110_000);
    expect(memory.sizes.every((size) => size === 100_000)).toBe(true);
  });

  it('is a copy: a source may use its rows and columns again', async () => {
    const { api, stored } = store();
    function* source(): Generator<SeriesInput> {
      const one = { externalId: 'a', timestamp: START, value: 0 };
      const many = {
        externalId: 'b',
        timestamps: new Float64Array(2),
        values: new Float64Array(2),
      };
      for (let index = 0; index < 3; index++) {
        Object.assign(one, { timestamp: START + index, value: index });
        yield one;
        many.timestamps.set([START + index * 2, START + index * 2 + 1]);
        many.values.fill(index);
        yield many;
      }
    }
    await api.insertFrom(source());
    expect([...(stored.get('a') ?? [])]).toEqual([0, 1, 2].map((index) => [START + index, index]));
    expect([...(stored.get('b')?.values() ?? [])]).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('is a copy with its statuses and its points without a value', async () => {
    const bodies: unknown[] = [];
    const transport = memoryTransport(async ({ body }) => {
      bodies.push(body instanceof Uint8Array ? [...body] : body);
      return {};
    });
    const api = new DatapointsApi(transport);
    const statuses = {
      indexes: Uint32Array.of(1),
      codes: Uint32Array.of(2_147_483_648),
      symbols: ['Bad'],
    };
    const columns = {
      timestamps: Float64Array.of(START, START + 1),
      values: Float64Array.of(1, 2),
      statuses,
    };
    const write = async (source: Iterable<SeriesInput>): Promise<unknown> => {
      await api.insertFrom(source);
      return bodies.pop();
    };
    const once = await write([{ externalId: 'a', ...columns }]);
    function* source(): Generator<SeriesInput> {
      yield { externalId: 'a', ...columns };
      statuses.indexes[0] = 0;
      statuses.codes[0] = 0;
      statuses.symbols[0] = 'Good';
    }
    expect(await write(source())).toEqual(once);
  });

  it('is as small as what was given, also of blocks that are views of one large buffer', () => {
    const [times, numbers] = [new Float64Array(100_000), new Float64Array(100_000)];
    times.forEach((_, index) => {
      times[index] = START + index;
    });
    const held = new HeldPoints();
    for (let from = 0; from < 100; from += 10)
      held.add({
        externalId: `s${from}`,
        timestamps: times.subarray(from, from + 10),
        values: numbers.subarray(from, from + 10),
      });
    const [parts = []] = held.seal(true);
    expect(parts).toHaveLength(10);
    const bytes = parts.map(({ columns }) => columns.timestamps.buffer.byteLength);
    expect(Math.max(...bytes)).toBe(80);
  });

  it('rejects half of a surrogate pair when the value is given, before it is sent', async () => {
    const { api, stored } = store();
    const given: number[] = [];
    function* source(): Generator<SeriesInput> {
      for (let index = 0; index < 5; index++) {
        given.push(index);
        yield {
          externalId: 's',
          timestamp: START + index,
          value: index === 1 ? 'half \ud800' : 'whole \u{1f600}',
        };
      }
    }
    const error = await failure(api.insertFrom(source()));
    expect(error.message).toMatch(/an unpaired surrogate/);
    expect(given).toEqual([0, 1]);
    expect(stored.get('s')).toBeUndefined();
  });

  it('may come in any order and form: the last of a time wins', async () => {
    const { api, stored } = store();
    await api.insertFrom([
      row(5, 1),
      { externalId: 'a', datapoints: [[START + 1, 1] as const, [new Date(START + 5), 2] as const] },
      [row(3), { externalId: 'b', timestamp: new Date(START), value: 'text' }],
      { externalId: 'a', timestamp: { epochMilliseconds: START + 1 }, value: 7 },
      { externalId: 'a', timestamp: new Date(START + 3), value: 9 },
      [],
      { externalId: 'c', datapoints: [] },
      { externalId: 'd', timestamp: START, value: Number.NaN, status: { symbol: 'Bad' } },
    ] as InsertSource);
    expect([...(stored.get('a') ?? [])]).toEqual([
      [START + 1, 7],
      [START + 3, 9],
      [START + 5, 2],
    ]);
    expect(stored.get('b')?.get(START)).toBe('text');
    expect([stored.has('c'), stored.get('d')?.size]).toEqual([false, 1]);
  });
});

describe('a source that fails', () => {
  const throwing = (thrown: unknown): Record<string, InsertSource> => ({
    'an async generator': (async function* () {
      yield row(0);
      yield row(1);
      throw thrown;
    })(),
    'a generator': (function* () {
      yield [row(0), row(1)];
      throw thrown;
    })(),
    'a ReadableStream': new ReadableStream({
      start: (controller) => {
        controller.enqueue(row(0));
        controller.enqueue(row(1));
      },
      pull: (controller) => controller.error(thrown),
    }),
    'an iterator that throws at once': {
      [Symbol.asyncIterator]: () => {
        let index = 0;
        return {
          next: () => {
            if (index === 2) throw thrown;
            return Promise.resolve({ done: false, value: row(index++) });
          },
        };
      },
    },
  });

  it.each(Object.keys(throwing('')))(
    'has its cause, and an account of what it gave: %s',
    async (name) => {
      for (const thrown of [
        new Error('disk'),
        'text',
        new NotFoundError('other', { status: 404 }),
      ]) {
        const { api, sizes } = store();
        const error = await failure(api.insertFrom(throwing(thrown)[name] as InsertSource));
        expect(error.name).toBe('CdfError');
        expect(error.cause).toBe(thrown);
        // A stream that has failed drops its remaining chunks.
        if (name !== 'a ReadableStream')
          expect(error).toMatchObject({ failed: [range(0, 1)], notAttempted: [range(0, 1)] });
        expect(error.successful).toEqual([]);
        expect(sizes).toEqual([]);
      }
    },
  );

  it('lets requests end that are on their way', async () => {
    const { api, stored } = store({
      wait: () => new Promise((resolve) => setTimeout(resolve, 10)),
    });
    const error = await failure(
      api.insertFrom(
        (async function* () {
          yield rows(0, 100_000);
          yield row(200_000);
          throw new Error('disk');
        })(),
      ),
    );
    expect(error).toMatchObject({ successful: [range(0, 99_999)], failed: [range(200_000)] });
    expect(stored.get('a')?.size).toBe(100_000);
  });

  it.each<[string, unknown, PointRange[], string]>([
    ['null', null, [], 'expected { id, timestamp, value }'],
    ['a string', 'a', [], 'expected { id, timestamp, value }'],
    ['a row without a series', { timestamp: START, value: 1 }, [], 'exactly one of { id }'],
    ['a value that is not finite', row(5, Number.NaN), [range(5)], 'value NaN'],
    ['a string among numbers', row(5, 'text'), [range(5)], 'one kind of value'],
    ['a time between milliseconds', row(5.5), [], 'whole number of milliseconds'],
    [
      'a row that is null',
      { externalId: 'a', datapoints: [[START + 7, 1], null] },
      [range(7)],
      'point 1',
    ],
    [
      'an instant that is not whole',
      { externalId: 'a', timestamp: { epochMilliseconds: START + 9 }, value: 1, staus: 1 },
      [range(9)],
      'did you mean status',
    ],
    ['a misspelt name', { ...row(5), staus: { symbol: 'Bad' } }, [range(5)], 'did you mean status'],
    ['one of an array', [row(5), row(6, Number.NaN), row(7)], [range(5, 7)], 'value NaN'],
  ])('accounts for all that can be read when it gives %s', async (_, bad, salvaged, message) => {
    const { api, sizes } = store();
    const letGo = vi.fn();
    async function* source(): AsyncGenerator<SeriesInput> {
      try {
        yield row(0);
        yield bad as SeriesInput;
        yield row(100);
      } finally {
        letGo();
      }
    }
    const error = await failure(api.insertFrom(source(), { continueOnError: true }));
    expect(ConfigError.isInstance(error)).toBe(true);
    expect(String(error)).toContain(message);
    expect(error.successful).toEqual([]);
    const [first] = salvaged;
    const last = first === undefined ? 0 : Math.max(...salvaged.map((each) => each.last)) - START;
    expect(error.notAttempted).toEqual([
      { ...range(0, last), count: 1 + salvaged.reduce((sum, { count }) => sum + count, 0) },
    ]);
    expect(letGo).toHaveBeenCalledOnce();
    expect(sizes).toEqual([]);
  });

  it.each([
    ['null', null],
    ['an object', {}],
    ['a number', 5],
    ['a string', 'rows'],
  ])('is rejected if it is not a source: %s', async (_, source) => {
    const { api } = store();
    await expect(api.insertFrom(source as never)).rejects.toThrow(
      'the source must be an async iterable',
    );
  });

  it('is rejected if it is a stream that is being read already', async () => {
    const stream = new ReadableStream<SeriesInput>();
    stream.getReader();
    await expect(store().api.insertFrom(stream)).rejects.toThrow('locked');
  });

  it.each([-1, 1.5, Number.NaN, '5'])('has no flushAfterMs of %s', async (flushAfterMs) => {
    await expect(
      store().api.insertFrom([], { flushAfterMs: flushAfterMs as number }),
    ).rejects.toThrow('flushAfterMs must be a whole number, at least 0');
  });

  it.each([1e12, Infinity])(
    'is told the most that flushAfterMs may be: %s',
    async (flushAfterMs) => {
      const error = await failure(store().api.insertFrom([], { flushAfterMs }));
      expect(error.message).toBe(
        `flushAfterMs must be a whole number, at most 2147483647, got ${flushAfterMs}`,
      );
    },
  );

  it('has a hint for an option that is misspelt', async () => {
    await expect(store().api.insertFrom([], { flushAfterMS: 5 } as never)).rejects.toThrow(
      'did you mean flushAfterMs?',
    );
  });
});

describe('a source', () => {
  it('is let go when it aborts the call itself, also one that runs', async () => {
    const controller = new AbortController();
    const letGo = vi.fn();
    function* source(): Generator<SeriesInput> {
      try {
        yield row(0);
        controller.abort(new Error('enough'));
        for (let index = 1; ; index++) yield row(index);
      } finally {
        letGo();
      }
    }
    const error = await failure(store().api.insertFrom(source(), { signal: controller.signal }));
    expect(error.notAttempted.length).toBe(1);
    expect(letGo).toHaveBeenCalledOnce();
  });

  it.each(['sync', 'async'])(
    'that never waits lets a signal and requests have their turn: %s',
    async (kind) => {
      const nothing = { externalId: 'a', datapoints: [] };
      const source =
        kind === 'sync'
          ? (function* () {
              for (;;) yield nothing;
            })()
          : (async function* () {
              for (;;) yield nothing;
            })();
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('enough')), 10);
      expect(
        await failure(store().api.insertFrom(source, { signal: controller.signal })),
      ).toMatchObject({
        code: 'aborted',
      });
    },
  );

  it('that blocks before each value lets a signal have its turn after few of them', async () => {
    let given = 0;
    function* source(): Generator<SeriesInput> {
      for (; given < 200; given++) {
        const until = performance.now() + 5;
        while (performance.now() < until);
        yield row(given);
      }
    }
    const signal = AbortSignal.timeout(1);
    expect(await failure(store().api.insertFrom(source(), { signal }))).toMatchObject({
      code: 'aborted',
    });
    expect(given).toBeLessThan(50);
  });

  it('is waited for while it cleans up, if it does so at once', async () => {
    const order: string[] = [];
    async function* source(): AsyncGenerator<SeriesInput> {
      try {
        for (let index = 0; ; index++) yield rows(index * 100_000, 100_000);
      } finally {
        await Promise.resolve();
        order.push('clean');
      }
    }
    await failure(
      store({ fail: () => ({ error: new ApiError('no', { status: 400 }) }) }).api.insertFrom(
        source(),
      ),
    );
    expect(order).toEqual(['clean']);
  });

  it('that gives no result is an error', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: async () => undefined as never }) };
    await expect(store().api.insertFrom(source)).rejects.toThrow(
      'next() of the source did not return an object',
    );
  });
});

describe('the account', () => {
  it('has no range that spans points of another outcome', async () => {
    const { api } = store({
      fail: (call) => (call === 1 ? { error: new ApiError('no', { status: 409 }) } : undefined),
    });
    const source = Array.from({ length: 5 }, (_, index) => rows(index * 100_000, 100_000));
    const error = await failure(api.insertFrom(source, { continueOnError: true }));
    // Split until it is known that every part is accepted.
    expect(error === undefined || error.failed.length === 0).toBe(true);
    const strict = store({
      fail: (call) => (call === 1 ? { error: new ApiError('no', { status: 400 }) } : undefined),
    });
    const stopped = await failure(strict.api.insertFrom(source));
    expect(stopped.failed[0]).toEqual(range(100_000, 199_999));
    expect(stopped.successful[0]).toEqual(range(0, 99_999));
  });

  it('is whole in insertMany when onProgress throws: the exception is the cause', async () => {
    const thrown = new Error('the disk is full');
    const { api, sizes, stored } = store();
    const onProgress = vi.fn(() => {
      throw thrown;
    });
    const error = await failure(api.insertMany([rows(0, 3_000_000)], { onProgress }));
    expect(error.cause).toBe(thrown);
    expect(onProgress).toHaveBeenCalledOnce();
    expect(sizes.length).toBeLessThan(12);
    const count = (ranges: readonly PointRange[]): number =>
      ranges.reduce((sum, each) => sum + each.count, 0);
    expect(count(error.successful)).toBe(stored.get('a')?.size);
    expect(count(error.successful) + count(error.failed)).toBe(3_000_000);
    expect(count(error.notAttempted)).toBe(count(error.failed));
  });
});

describe('insertMany', () => {
  it('rejects numbers and strings for one series, in whatever parts they come', async () => {
    const { api, sizes } = store();
    await expect(api.insertMany([row(0), row(1, 'text')])).rejects.toThrow(
      'externalId "a": numbers and strings',
    );
    expect(sizes).toEqual([]);
  });

  it('takes points without a value for series of either kind', async () => {
    const bad = { externalId: 'a', timestamp: START, value: null, status: { code: 0x80000000 } };
    for (const value of [1, 'text']) {
      const bodies: unknown[] = [];
      await new DatapointsApi(recording(bodies)).insertMany([bad, row(1, value)]);
      expect(bodies).toEqual([
        {
          items: [
            {
              externalId: 'a',
              datapoints: [
                { timestamp: START, value: null, status: { code: 0x80000000 } },
                { timestamp: START + 1, value },
              ],
            },
          ],
        },
      ]);
    }
  });
});
