import { CdfError, type Transport } from '@cdf/core';
import {
  DatapointsApi,
  type InsertSource,
  type PointRange,
  type SeriesInput,
} from '@cdf/datapoints';
import type { Emulator } from '@cdf/emulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { rounds } from './rounds.js';

const START = Date.UTC(2024, 0, 1);
const NAMES = ['a', 'b', 'text', 'gone'] as const;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
let api: DatapointsApi;

beforeAll(async () => {
  project = await emulated({ retry: { limit: 0 } });
  ({ emulator, transport } = project);
  api = new DatapointsApi(transport);
});

afterAll(() => project[Symbol.asyncDispose]());

interface Row {
  readonly externalId: (typeof NAMES)[number];
  readonly timestamp: number;
  readonly value: number;
}

const row: fc.Arbitrary<Row> = fc.record({
  externalId: fc.constantFrom(...NAMES),
  timestamp: fc.integer({ min: 0, max: 60 }).map((time) => START + time),
  value: fc.integer({ min: 1, max: 1_000_000 }),
});
const FAULTS = [
  { status: 400 },
  { status: 500 },
  { status: 403 },
  { resetBeforeBody: true },
  { resetAfterHandling: true },
] as const;
const scenario = fc.record({
  // Each batch is followed by a pause that is long enough for a flush, or not.
  batches: fc.array(
    fc.record({
      rows: fc.array(row, { minLength: 1, maxLength: 12 }),
      pauses: fc.boolean(),
      form: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  source: fc.constantFrom('async', 'sync', 'stream'),
  flushAfterMs: fc.constantFrom(0, 1, 1000),
  continueOnError: fc.boolean(),
  fault: fc.option(
    fc.record({ fault: fc.constantFrom(...FAULTS), skip: fc.integer({ min: 0, max: 4 }) }),
    {
      nil: undefined,
    },
  ),
  aborts: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
});

/** As a stream that reads ahead as streams do. */
function streamOf<T>(source: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}

/** The same rows in another form. */
function inForm(rows: readonly Row[], form: number): (SeriesInput | SeriesInput[])[] {
  if (form === 0) return [...rows];
  if (form === 1) return [[...rows]];
  return NAMES.flatMap((externalId) => {
    const own = rows.filter((each) => each.externalId === externalId);
    if (own.length === 0) return [];
    return form === 2
      ? { externalId, datapoints: own.map(({ timestamp, value }) => [timestamp, value] as const) }
      : {
          externalId,
          timestamps: own.map(({ timestamp }) => timestamp),
          values: own.map(({ value }) => value),
        };
  });
}

async function run({
  batches,
  source: kind,
  fault,
  aborts,
  ...options
}: typeof scenario extends fc.Arbitrary<infer T> ? T : never) {
  await emulator.reset();
  await transport.request({
    method: 'POST',
    path: '/timeseries',
    body: {
      items: ['a', 'b', 'text'].map((externalId) => ({
        externalId,
        isString: externalId === 'text',
      })),
    },
    idempotent: false,
  });
  if (fault !== undefined)
    emulator.faults.add({ path: '/timeseries/data', skip: fault.skip, ...fault.fault });
  const controller = new AbortController();
  const given: Row[] = [];
  // The last that were given may have been on their way when the call ended: one, or with a stream,
  // that reads ahead, two.
  const onTheirWay: Row[][] = [];
  const readAhead = kind === 'stream' ? 1 : 0;
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
  function* steps(): Generator<SeriesInput | SeriesInput[] | 'pause'> {
    for (const [index, { rows, pauses, form }] of batches.entries()) {
      if (index === aborts) controller.abort(new Error('enough'));
      for (const value of inForm(rows, form)) {
        const names = Array.isArray(value)
          ? (value as Row[])
          : rows.filter((each) => each.externalId === (value as Partial<Row>).externalId);
        const points = 'timestamp' in value ? [value as Row] : [...names];
        given.push(...points);
        onTheirWay.push(points);
        yield value;
        onTheirWay.splice(0, onTheirWay.length - readAhead);
      }
      if (pauses) yield 'pause';
    }
  }
  async function* waiting(): AsyncGenerator<SeriesInput | SeriesInput[]> {
    for (const step of steps())
      if (step === 'pause') await pause();
      else yield step;
  }
  function* immediate(): Generator<SeriesInput | SeriesInput[]> {
    for (const step of steps()) if (step !== 'pause') yield step;
  }
  const source: InsertSource =
    kind === 'sync' ? immediate() : kind === 'async' ? waiting() : streamOf(waiting());
  const error = (await api.insertFrom(source, { ...options, signal: controller.signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )) as CdfError<PointRange> | undefined;
  emulator.faults.clear();
  const stored = new Map<string, Map<number, unknown>>();
  for (const externalId of ['a', 'b', 'text']) {
    const points = await api.retrieve({ externalId, start: START, end: START + 1000 });
    stored.set(
      externalId,
      new Map(points.toArray().map(({ timestamp, value }) => [timestamp, value])),
    );
  }
  return { given, early: onTheirWay.flat(), error, stored, aborted: controller.signal.aborted };
}

describe('the account of insertFrom', () => {
  it('equals what the server has, whatever the source, the faults and the moments of flushes', async () => {
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async (plan) => {
        const { given, early, error, stored, aborted } = await run(plan);
        if (error === undefined) {
          for (const { externalId, timestamp } of given)
            expect(stored.get(externalId)?.has(timestamp)).toBe(true);
          return;
        }
        // A signal that had aborted before the call.
        if (!CdfError.isInstance(error)) {
          expect(aborted).toBe(true);
          return;
        }
        failures++;
        const lists = {
          successful: error.successful,
          unknown: error.unknown,
          failed: error.failed,
        } as const;
        const covers = (
          list: readonly PointRange[],
          { externalId, timestamp }: Pick<Row, 'externalId' | 'timestamp'>,
        ) =>
          list.filter(
            (range) =>
              range.externalId === externalId &&
              range.first <= timestamp &&
              timestamp <= range.last,
          );
        for (const point of given) {
          const found = Object.entries(lists).flatMap(([name, list]) =>
            covers(list, point).map((range) => ({ name, range })),
          );
          const names = new Set(found.map(({ name }) => name));
          const isStored = stored.get(point.externalId)?.has(point.timestamp) === true;
          if (isStored) expect(names.has('successful') || names.has('unknown')).toBe(true);
          // What was on its way was taken or not, and may lie in a range of others.
          if (early.includes(point)) continue;
          expect(found).not.toEqual([]);
          if (names.size > 1) for (const { range } of found) expect(range.first).toBe(range.last);
          if (names.has('successful')) expect(isStored).toBe(true);
          // The last point of a time is stored, unless it failed or was never taken.
          if (names.size === 1 && names.has('successful')) {
            const same = given.filter(
              (each) => each.externalId === point.externalId && each.timestamp === point.timestamp,
            );
            const lastTaken = same.findLastIndex((each) => !early.includes(each));
            const values = same.slice(lastTaken).map(({ value }) => value);
            expect(values).toContain(stored.get(point.externalId)?.get(point.timestamp));
          }
        }
        // Counts are those of the write log.
        const written = emulator.writes
          .all()
          .filter(({ resource }) => resource === 'datapoints')
          .flatMap(({ items }) => items)
          .reduce((sum, { points = 0 }) => sum + points, 0);
        const count = (list: readonly PointRange[]): number =>
          list.reduce((sum, range) => sum + range.count, 0);
        expect(count(error.successful)).toBeLessThanOrEqual(written);
        expect(count(error.successful) + count(error.unknown)).toBeGreaterThanOrEqual(written);
        expect(
          count(error.successful) + count(error.unknown) + count(error.failed),
        ).toBeLessThanOrEqual(given.length);
        expect(error.failed).toEqual(expect.arrayContaining([...error.notAttempted]));
      }),
      { numRuns: rounds(60, 1000) },
    );
    console.log(`accounts of insertFrom: ${failures} calls failed`);
    expect(failures).toBeGreaterThan(0);
  });
});
