import type { Datapoints } from '@cdf/datapoints';
import { expect } from 'vitest';
import { DatapointsView } from '../src/points/datapoints-view.js';
import { makeDatapoints } from '../src/points/make-datapoints.js';
import { retrieveAll } from '../src/read/retrieve.js';
import {
  type FakeSeries,
  type FakeServerSettings,
  fakeServer,
  isVisible,
  type WireItem,
} from './fake-server.js';
import { bucketsOf } from './naive-buckets.js';
import type { Item } from './random-calls.js';

/** Small pages, so that small series take many of them. */
export const MOST = { raw: 100, aggregates: 40 };

/** The right answer, found without pages, packing or splitting. */
function expected(series: FakeSeries, item: Item): object[] {
  const {
    limit = Infinity,
    start = 0,
    end = 0,
  } = item as { limit?: number; start?: number; end?: number };
  if (item.aggregates !== undefined)
    return bucketsOf(series, item as unknown as WireItem).slice(
      0,
      limit === Infinity ? undefined : limit,
    );
  const visible = series.points
    .filter((point) => isVisible(point, item as unknown as WireItem))
    .map((point) =>
      item.includeStatus === true ? point : { timestamp: point.timestamp, value: point.value },
    );
  const inside = visible
    .filter(({ timestamp }) => timestamp >= start && timestamp < end)
    .slice(0, limit === Infinity ? undefined : limit);
  if (item.includeOutsidePoints !== true) return inside;
  return [
    ...visible.filter(({ timestamp }) => timestamp < start).slice(-1),
    ...inside,
    ...visible.filter(({ timestamp }) => timestamp >= end).slice(0, 1),
  ];
}

/** Requests of one kind, and the items that needed them. */
export interface Usage {
  readonly kind: 'raw' | 'aggregates';
  readonly requests: number;
  /** Full requests of points. */
  readonly pages: number;
  /** Requests that are needed to ask for each series once. */
  readonly hundreds: number;
  /** Requests that could have brought its points. */
  readonly fewest: number;
}

/** Typical calls keep to this, for raw points and for aggregates each. */
export const mostRequests = ({ pages }: Usage): number => pages * 1.5 + 10;

export async function check(
  series: readonly FakeSeries[],
  items: readonly Item[],
  settings: FakeServerSettings,
  most: typeof MOST = MOST,
): Promise<Usage[]> {
  const server = fakeServer(series, {
    ...settings,
    mostRaw: most.raw,
    mostAggregates: most.aggregates,
  });
  const read = await retrieveAll(server.transport, { items, ignoreUnknownIds: true }, {}, most);
  const usage: Usage[] = [];
  for (const kind of ['raw', 'aggregates'] as const) {
    let points = 0;
    let count = 0;
    items.forEach((item, index) => {
      if ((item.aggregates === undefined) !== (kind === 'raw')) return;
      count++;
      const found = series.find(({ id }) => id === item.id);
      const each = read[index];
      if (found === undefined) {
        expect(each).toBeUndefined();
        return;
      }
      if (each === undefined) throw new Error('a series is missing');
      const want = expected(found, item);
      const rows = (
        makeDatapoints(
          each.info,
          undefined,
          undefined,
          each.columns,
          DatapointsView.prototype,
        ) as Datapoints
      ).toArray();
      expect(rows).toEqual(want);
      points += want.length;
    });
    const pages = points / most[kind];
    const hundreds = Math.ceil(count / 100);
    const fewest = Math.max(Math.ceil(pages), hundreds);
    if (count > 0)
      usage.push({ kind, requests: server.requestCount(kind), pages, hundreds, fewest });
  }
  expect(server.complaints).toEqual([]);
  return usage;
}
