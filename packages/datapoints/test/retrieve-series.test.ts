import { ConfigError, type RequestSpec } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { AGGREGATES, DatapointsApi } from '../src/index.js';
import { aggregates, type PlainDatapoints, retrieveDatapoints } from '../src/read-entry.js';
import { type FakePoint, type FakeSeries, fakeServer } from './fake-server.js';

const BAD = { code: 0x80000000, symbol: 'Bad' };

/** Series of numbers or text, some of whose points are bad, some of these without a value. */
const anySeries = (most: number): fc.Arbitrary<FakeSeries> =>
  fc
    .record({
      isString: fc.boolean(),
      isStep: fc.boolean(),
      steps: fc.array(fc.record({ gap: fc.integer({ min: 1, max: 90_000 }), kind: fc.integer({ min: 0, max: 9 }) }), {
        maxLength: most,
      }),
    })
    .map(({ isString, isStep, steps }) => {
      let timestamp = 0;
      const points = steps.map(({ gap, kind }, index): FakePoint => {
        timestamp += gap;
        const value = isString ? `state ${kind}` : index / 4;
        return kind > 1 ? { timestamp, value } : { timestamp, value: kind === 0 ? null : value, status: BAD };
      });
      return { id: 7, externalId: 'pump', unit: 'bar', isString, isStep, points };
    });

const plain = (points: object): unknown => ({ ...points });

describe('retrieveDatapoints', () => {
  it('gives the columns that DatapointsApi gives, of numbers, texts and statuses, in whatever pages they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySeries(60),
        fc.constantFrom('protobuf', 'json'),
        fc.boolean(),
        fc.record(
          {
            limit: fc.integer({ min: 0, max: 70 }),
            start: fc.integer({ min: 0, max: 1_000_000 }),
            includeStatus: fc.boolean(),
            ignoreBadDataPoints: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
        async (series, format, shortPages, settings) => {
          const query = { externalId: 'pump', end: 5_000_000, ...settings } as const;
          const whole = await new DatapointsApi(fakeServer([series], { format }).transport).retrieve(query);
          const server = fakeServer([series], { format, shortPages });
          expect(plain(await retrieveDatapoints(server.transport, query))).toEqual(plain(whole));
          expect(server.complaints).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('gives every aggregate with the part for it', async () => {
    const points = Array.from({ length: 40_000 }, (_, index) => ({ timestamp: index * 1000, value: index % 100 }));
    const server = fakeServer([{ id: 1, points }]);
    const query = { id: 1, start: 0, end: 40_000_000, aggregates: AGGREGATES, granularity: '1m' } as const;
    const whole = await new DatapointsApi(server.transport).retrieve(query);
    expect(plain(await retrieveDatapoints(server.transport, query, [aggregates]))).toEqual(plain(whole));
  });

  it('asks for no more than one request may carry, one request after the other, and tells how far it is', async () => {
    const points = Array.from({ length: 230_000 }, (_, index) => ({ timestamp: index * 10, value: index }));
    const server = fakeServer([{ id: 1, points }]);
    const progress: [number, number][] = [];
    const { timestamps } = await retrieveDatapoints(server.transport, { id: 1, limit: 220_000 }, [], {
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(timestamps).toHaveLength(220_000);
    const limits = (server.transport.requests as readonly RequestSpec[]).map(
      ({ body }) => (body as { items: { limit: number }[] }).items[0]?.limit,
    );
    expect(limits).toEqual([100_000, 100_000, 20_000]);
    expect(progress.map(([done]) => done)).toEqual([100_000, 200_000, 220_000]);
    expect(progress.at(-1)).toEqual([220_000, 220_000]);
    expect(progress.every(([done, total]) => total >= done && total <= 220_000)).toBe(true);
    expect(server.complaints).toEqual([]);
  });

  it('needs the part for aggregates before anything is sent', async () => {
    const server = fakeServer([{ id: 1, points: [] }]);
    const asking = retrieveDatapoints(server.transport, { id: 1, aggregates: ['average'], granularity: '1h' });
    await expect(asking).rejects.toThrow(ConfigError);
    await expect(asking).rejects.toThrow('the part aggregates of @cdf/datapoints/read');
    expect(server.transport.requests).toEqual([]);
  });

  it('fails for a series that does not exist, and for an answer about another one or that leads nowhere', async () => {
    const server = fakeServer([{ id: 1, points: [] }]);
    await expect(retrieveDatapoints(server.transport, { id: 2 })).rejects.toMatchObject({
      code: 'not-found',
      missing: [{ id: 2 }],
    });
    const answering = (...items: object[]) => memoryTransport(() => ({ items }));
    const one = { id: 1, isString: false, isStep: false, datapoints: [{ timestamp: 5, value: 1 }] };
    for (const transport of [answering(), answering({ ...one, id: 3 }), answering(one, one)])
      await expect(retrieveDatapoints(transport, { id: 1 })).rejects.toThrow('not about the series');
    await expect(retrieveDatapoints(answering({ ...one, nextCursor: 'x' }), { id: 1 })).rejects.toThrow(
      'repeats points',
    );
    const empty = { ...one, datapoints: [], nextCursor: 'x' };
    await expect(retrieveDatapoints(answering(empty), { id: 1 })).rejects.toThrow('leads to itself');
  });

  it('is typed by what was asked for', () => {
    const { transport } = fakeServer([]);
    expectTypeOf(() => retrieveDatapoints(transport, { id: 1 })).returns.resolves.toEqualTypeOf<PlainDatapoints>();
    expectTypeOf(() =>
      retrieveDatapoints(transport, { id: 1, aggregates: ['max'], granularity: '1h' }, [aggregates]),
    ).returns.resolves.toEqualTypeOf<PlainDatapoints<'max'>>();
    expectTypeOf<PlainDatapoints<'max'>['max']>().toEqualTypeOf<Float64Array>();
    expectTypeOf<PlainDatapoints<'max'>>().not.toHaveProperty('average');
    // @ts-expect-error times are numbers here
    const query = () => retrieveDatapoints(transport, { id: 1, start: '2d-ago' });
    expect(query).toBeTypeOf('function');
  });
});
