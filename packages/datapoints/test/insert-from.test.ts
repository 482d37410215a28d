import { ApiError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, type PointRange, type SeriesInput } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';
import { pointsOf, recording, sink } from './insert-sink.js';
import { decodeInsertion } from './wire-format.js';

const START = Date.UTC(2021, 5, 1);

describe('insertFrom', () => {
  it('writes an endless source in full requests, holding little of it', async () => {
    let flying = 0;
    let given = 0;
    let stored = 0;
    let mostHeld = 0;
    const transport = memoryTransport(async ({ body }) => {
      flying++;
      expect(flying).toBeLessThanOrEqual(5);
      await new Promise((resolve) => setImmediate(resolve));
      const count = pointsOf(decodeInsertion(body as Uint8Array)[0]).length;
      expect(count).toBe(100_000);
      stored += count;
      flying--;
      return {};
    });
    async function* source(): AsyncGenerator<SeriesInput> {
      for (let batch = 0; batch < 120; batch++) {
        const timestamps = Float64Array.from(
          { length: 10_000 },
          (_, index) => START + batch * 10_000 + index,
        );
        given += 10_000;
        mostHeld = Math.max(mostHeld, given - stored);
        yield { id: 1, timestamps, values: new Float64Array(10_000) };
      }
    }
    expect(await new DatapointsApi(transport).insertFrom(source(), { flushAfterMs: 0 })).toEqual({
      points: 1_200_000,
    });
    expect(mostHeld).toBeLessThanOrEqual(600_000 + 10_000);
  });

  it('keeps the order of writes to the same times', async () => {
    const stored = new Map<number, number>();
    let turn = 0;
    const transport = memoryTransport(async ({ body }) => {
      const points = pointsOf(decodeInsertion(body as Uint8Array)[0]);
      for (let wait = 10 - turn++ * 3; wait > 0; wait--)
        await new Promise((resolve) => setImmediate(resolve));
      for (const { timestamp, value } of points) stored.set(timestamp, value as number);
      return {};
    });
    const timestamps = Float64Array.from({ length: 100_000 }, (_, index) => START + index);
    const batches = [1, 2, 3].map((value) => ({
      id: 1,
      timestamps,
      values: new Float64Array(100_000).fill(value),
    }));
    await new DatapointsApi(transport).insertFrom(batches);
    expect(stored.get(START)).toBe(3);
  });

  it('stops at the first failure and says what is stored', async () => {
    const { api, calls } = sink((_, call) => {
      if (call === 2) throw new ApiError('full', { status: 400 });
    });
    const batch = (index: number): SeriesInput => ({
      id: 1,
      timestamps: Float64Array.from(
        { length: 100_000 },
        (_, point) => START + index * 100_000 + point,
      ),
      values: new Float64Array(100_000),
    });
    let pulled = 0;
    function* source(): Generator<SeriesInput> {
      for (; pulled < 1000; pulled++) yield batch(pulled);
    }
    const error = (await api
      .insertFrom(source())
      .catch((thrown: unknown) => thrown)) as ApiError<PointRange>;
    expect(ApiError.isInstance(error)).toBe(true);
    expect(pulled).toBeLessThan(20);
    const count = (ranges: readonly PointRange[]): number =>
      ranges.reduce((sum, range) => sum + range.count, 0);
    expect(count(error.successful)).toBe(calls.length * 100_000);
    expect(count(error.failed)).toBeGreaterThanOrEqual(100_000);
    expect(error.successful[0]).toMatchObject({ id: 1, first: START });
  });
});

describe('deleteRange', () => {
  it('needs both ends, and sends whole milliseconds', async () => {
    const bodies: unknown[] = [];
    const transport = recording(bodies);
    const api = new DatapointsApi(transport);
    await api.deleteRange({ externalId: 'a', start: new Date(5), end: 10 });
    expect(bodies).toEqual([{ items: [{ externalId: 'a', inclusiveBegin: 5, exclusiveEnd: 10 }] }]);
    await expect(api.deleteRange({ id: 1, start: 5 } as never)).rejects.toThrow(
      'start and end are required',
    );
    await expect(api.deleteRange({ id: 1, start: 5, end: 5 })).rejects.toThrow(
      'range: start (1970-01-01T00:00:00.005Z) must be before end (1970-01-01T00:00:00.005Z',
    );
    expect(bodies).toHaveLength(1);
  });

  it('sends 10,000 ranges at a time', async () => {
    const bodies: { items: [] }[] = [];
    const transport = recording(bodies);
    const ranges = Array.from({ length: 10_001 }, (_, index) => ({
      id: 1,
      start: index,
      end: index + 1,
    }));
    await new DatapointsApi(transport).deleteRanges(ranges);
    expect(bodies.map(({ items }) => items.length)).toEqual([10_000, 1]);
  });
});
