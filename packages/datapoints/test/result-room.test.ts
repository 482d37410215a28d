import type { BodyDecoder, CallOptions, RequestSpec, Transport } from '@cdf/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retrieveAll } from '../src/read/retrieve.js';
import { ResultRoom } from '../src/read/series/result-room.js';
import { type FakePoint, type FakeSeries, fakeServer } from './fake-server.js';
import { rounds } from './rounds.js';

const START = Date.UTC(2020, 2, 20);
const MOST = { raw: 60, aggregates: 20 };

/** Points whose density changes, so that they are seldom where the first page lets expect them. */
const runs = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 300 }),
    step: fc.constantFrom(1000, 1001, 10_000, 100, 777),
    jitter: fc.constantFrom(0, 50, 99),
  }),
  { minLength: 1, maxLength: 5, size: 'max' },
);

function seriesOf(id: number, parts: typeof runs extends fc.Arbitrary<infer T> ? T : never) {
  const points: FakePoint[] = [];
  let time = START;
  for (const { count, step, jitter } of parts)
    for (let index = 0; index < count; index++, time += step)
      points.push({
        timestamp: time + ((index * 37) % (jitter + 1)),
        value: index % 5 === 0 ? 0 : id * 10_000 + points.length,
      });
  return { id, points } satisfies FakeSeries;
}

/** Reads series whose pages are decoded into the columns of the whole result. */
async function readAll(
  series: readonly FakeSeries[],
  transport: Transport,
): Promise<{ timestamps: number[]; values: number[] }[]> {
  const end = Math.max(...series.map(({ points }) => points.at(-1)?.timestamp ?? START)) + 1;
  const items = series.map(({ id }) => ({ id }));
  const read = await retrieveAll(transport, { items, start: START, end }, {}, MOST);
  return read.map((each) => ({
    timestamps: [...(each?.columns.timestamps ?? [])],
    values: [...((each?.columns.values ?? []) as Float64Array)],
  }));
}

const truth = (series: readonly FakeSeries[]) =>
  series.map(({ points }) => ({
    timestamps: points.map(({ timestamp }) => timestamp),
    values: points.map(({ value }) => value),
  }));

const several = fc.array(runs, { minLength: 1, maxLength: 5 });

describe('pages that are decoded into the result', () => {
  it('give what there is, however the density of points changes, also where series come in another order than they were asked for', async () => {
    const cases = fc.record({
      profiles: several,
      isReversed: fc.boolean(),
      shortPages: fc.boolean(),
      waits: fc.infiniteStream(fc.nat(4)),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ profiles, isReversed, shortPages, waits }) => {
        const series = profiles.map((each, index) => seriesOf(index + 1, each));
        const settings = { mostRaw: MOST.raw, isReversed, shortPages };
        const { transport } = fakeServer(series, {
          ...settings,
          shuffle: () => waits.next().value as number,
        });
        expect(await readAll(series, transport)).toEqual(truth(series));
      }),
      { numRuns: rounds(100, 3000) },
    );
  });

  it('take no more memory ahead than a bound, whatever the first page promises', () => {
    const make = (useful: number, first: number[], more: number[] = []) => {
      const page = (times: number[]) => ({
        timestamps: Float64Array.from(times),
        values: new Float64Array(times.length),
      });
      return ResultRoom.make({
        request: { limit: Infinity, end: Number.MAX_SAFE_INTEGER, outside: false },
        info: { isString: false },
        segments: [{ received: first.length, pages: [page(first), page(more)] }],
        ...{ useful, isDone: false },
      } as never);
    };
    // A point a millisecond to the end of time.
    expect(make(10_000_000, [START, START + 1])).toBeUndefined();
    const lent = ResultRoom.make({
      request: { limit: Infinity, end: START + 1000, outside: false },
      info: { isString: false },
      segments: [
        {
          received: 30,
          pages: [
            { timestamps: Float64Array.of(START), values: new Float64Array(1) },
            { timestamps: Float64Array.of(START + 10, START + 20), values: new Float64Array(2) },
          ],
        },
      ],
      ...{ useful: 30, isDone: false },
    } as never);
    // Not by a page of one point, which tells nothing.
    expect(lent?.lease(START + 30, 5)?.timestamps).toHaveLength(5);
  });

  it('are not touched by what comes too late of an attempt that was given up', async () => {
    const refused: unknown[] = [];
    const series = [seriesOf(1, [{ count: 900, step: 1000, jitter: 0 }])];
    const { transport } = fakeServer(series, { mostRaw: MOST.raw });
    const late = async (decoder: BodyDecoder | undefined, bytes: Uint8Array): Promise<void> => {
      try {
        decoder?.push(bytes);
      } catch (error) {
        refused.push(error);
      }
    };
    const impatient: Transport = {
      ...transport,
      async request<T>(spec: RequestSpec, options?: CallOptions): Promise<T> {
        const { decoder } = spec;
        let given: Uint8Array = new Uint8Array(0);
        const collected: BodyDecoder = {
          push: (bytes) => {
            given = bytes;
          },
          end: () => undefined,
        };
        await transport.request<T>({ ...spec, decoder: () => collected }, options);
        const first = decoder?.();
        first?.push(given.subarray(0, given.length >> 1));
        const second = decoder?.();
        second?.push(given);
        // The values of other points, at the places of these.
        const other = given.map((byte, at) => (at > given.length >> 1 ? byte ^ 1 : byte));
        void late(first, other.subarray(given.length >> 1));
        setImmediate(() => void late(second, given));
        return second?.end() as T;
      },
    };
    expect(await readAll(series, impatient)).toEqual(truth(series));
    expect(refused.length).toBeGreaterThan(15);
  });
});
