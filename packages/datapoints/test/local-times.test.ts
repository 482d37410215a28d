import { ConfigError, type RequestSpec } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { DatapointsApi, seriesDatapoints, seriesLatest } from '@cdf/datapoints';
import { describe, expect, it } from 'vitest';

const HOUR = 3_600_000;
const timeZone = 'Europe/Oslo';
/** 2:30 in Oslo. */
const SUMMER = Date.UTC(2024, 6, 1, 0, 30);

interface Asked {
  readonly api: DatapointsApi;
  readonly transport: MemoryTransport;
  /** The items of the last request. */
  items(): readonly Record<string, unknown>[];
}

/** An API whose server has empty series, and the requests that it got. */
function asking(): Asked {
  const transport = memoryTransport((spec: RequestSpec) => {
    const { items } = spec.body as { items: readonly object[] };
    if (spec.path.endsWith('/delete')) return {};
    return {
      items: items.map((item) => ({
        id: 1,
        isString: false,
        isStep: false,
        ...item,
        datapoints: [],
      })),
    };
  });
  const items = (): readonly Record<string, unknown>[] => {
    const { body } = transport.requests.at(-1) ?? { body: { items: [] } };
    return (body as { items: readonly Record<string, unknown>[] }).items;
  };
  return { api: new DatapointsApi(transport), transport, items };
}

describe('a local time in a call', () => {
  it('is one in its timeZone: of one series, of the query or of an item', async () => {
    const { api, transport, items } = asking();
    await api.retrieve({ id: 1, start: '2024-07-01 02:30', end: '2024-07-01 03:30', timeZone });
    expect(items()).toMatchObject([{ start: SUMMER, end: SUMMER + HOUR }]);
    await api.retrieve({
      items: [
        { id: 1 },
        { id: 1, timeZone: 'Asia/Tokyo' },
        { id: 1, start: '2024-07-01T02:30[America/New_York]', timeZone: 'America/New_York' },
      ],
      start: '2024-07-01 02:30',
      end: '2024-08-01',
      timeZone,
    });
    const starts = transport.requests.flatMap(
      ({ body }) => (body as { items: { start: number }[] }).items,
    );
    expect(new Set(starts.map(({ start }) => start))).toEqual(
      new Set([SUMMER, SUMMER - 7 * HOUR, SUMMER + 6 * HOUR]),
    );
  });

  it('may name its zone itself', async () => {
    const { api, items } = asking();
    await api.retrieve({
      id: 1,
      start: '2024-07-01T02:30[Europe/Oslo]',
      end: '2024-07-01T02:30[America/New_York]',
    });
    expect(items()).toMatchObject([{ start: SUMMER, end: SUMMER + 6 * HOUR }]);
  });

  it('is UTC without a zone, as it was', async () => {
    const { api, items } = asking();
    await api.retrieve({ id: 1, start: '2024-07-01 00:30', end: '2024-07-02' });
    expect(items()).toMatchObject([{ start: SUMMER, end: Date.UTC(2024, 6, 2) }]);
  });

  it('begins the buckets of aggregates in the same zone', async () => {
    const { api, items } = asking();
    const days = { aggregates: ['average'], granularity: '1d', timeZone } as const;
    await api.retrieve({ id: 1, start: '2024-07-01', end: '2024-07-03', ...days });
    expect(items()).toMatchObject([
      { start: SUMMER - 2.5 * HOUR, end: SUMMER + 45.5 * HOUR, granularity: '1d', timeZone },
    ]);
  });

  it('is read by streams, latest points, deletions, formulas and series in the same way', async () => {
    const { api, items } = asking();
    const range = { start: '2024-07-01 02:30', end: '2024-07-01 03:30', timeZone };
    for await (const _ of api.stream({ id: 1, ...range }));
    expect(items()).toMatchObject([{ start: SUMMER, end: SUMMER + HOUR }]);
    await api.retrieveLatest({ id: 1, before: '2024-07-01 02:30', timeZone });
    expect(items()).toEqual([{ id: 1, before: SUMMER }]);
    await api.retrieveLatest({
      items: [{ id: 1, before: '2024-07-01T02:30[Europe/Oslo]' }, { id: 1 }],
      before: 5,
    });
    expect(items().map(({ before }) => before)).toEqual([SUMMER, 5]);
    await api.deleteRange({ id: 1, ...range });
    expect(items()).toEqual([{ id: 1, inclusiveBegin: SUMMER, exclusiveEnd: SUMMER + HOUR }]);
    await api.synthetic.query({ expression: '1', ...range });
    expect(items()).toMatchObject([{ start: SUMMER, end: SUMMER + HOUR, timeZone }]);
    await seriesDatapoints(api)({ id: 1 })(range);
    expect(items()).toMatchObject([{ start: SUMMER }]);
    await seriesLatest(api)({ id: 1 })({ before: '2024-07-01 02:30', timeZone });
    expect(items()).toMatchObject([{ before: SUMMER }]);
  });

  it('that clocks skip is an error that names its neighbours, before anything is sent', async () => {
    const { api, transport } = asking();
    const skipped = { id: 1, start: '2024-03-31 02:30', end: '2024-04-01', timeZone };
    const said =
      '"2024-03-31 02:30" does not exist in Europe/Oslo, where clocks go from 2024-03-31 02:00 to 2024-03-31 03:00';
    await expect(api.retrieve(skipped)).rejects.toThrow(`query: start ${said}`);
    await expect(api.deleteRange(skipped)).rejects.toThrow(`range: start ${said}`);
    await expect(
      api.retrieveLatest({ id: 1, before: '2024-03-31 02:30', timeZone }),
    ).rejects.toThrow(`before ${said}`);
    await expect(
      api.synthetic.query({ expression: '1', ...skipped, id: undefined } as never),
    ).rejects.toThrow('id');
    expect(transport.requests).toHaveLength(0);
  });

  it('that clocks skip or repeat is chosen by disambiguation', async () => {
    const { api, items } = asking();
    const start = async (text: string, disambiguation?: 'earlier' | 'later'): Promise<unknown> => {
      await api.retrieve({ id: 1, start: text, end: '2024-12-01', timeZone, disambiguation });
      return items()[0]?.start;
    };
    expect(await start('2024-03-31 02:30', 'earlier')).toBe(Date.UTC(2024, 2, 31, 0, 30));
    expect(await start('2024-03-31 02:30', 'later')).toBe(Date.UTC(2024, 2, 31, 1, 30));
    expect(await start('2024-10-27 02:30')).toBe(Date.UTC(2024, 9, 27, 0, 30));
    expect(await start('2024-10-27 02:30', 'later')).toBe(Date.UTC(2024, 9, 27, 1, 30));
  });

  it.each([
    ['conflicting zones', { start: '2024-07-01[Asia/Tokyo]', timeZone }, 'name different zones'],
    [
      'an unknown zone',
      { start: '2024-07-01', timeZone: 'Mars/Olympus' },
      'timeZone "Mars/Olympus"',
    ],
    ['another word', { start: 0, timeZone, disambiguation: 'first' }, 'disambiguation must be'],
  ])('is rejected with %s', async (_, range, said) => {
    const { api, transport } = asking();
    const query = { id: 1, ...range } as never;
    await expect(api.retrieve(query)).rejects.toThrow(said);
    await expect(api.retrieve(query)).rejects.toBeInstanceOf(ConfigError);
    expect(transport.requests).toHaveLength(0);
  });
});
