import { type CallOptions, ConfigError, DecodeError, type Identifier, type Transport } from '@cdf/core';
import type { Aggregate } from '../aggregates.js';
import { type Columns, concatColumns } from '../columns.js';
import { makeDatapoints } from '../make-datapoints.js';
import type { DatapointsBase, DatapointsRange, ResultColumns, SeriesInfo } from '../types.js';
import type { DatapointsPart } from '../wire/part.js';
import { checkPage } from './check-page.js';
import { isAnswerTo, requestSeries } from './request-series.js';

/** Points in one request. */
export const MOST_POINTS = { raw: 100_000, aggregates: 10_000 };

/** One series, and which of its points: with times in epoch milliseconds, and a granularity as the API has it. */
export type EpochDatapointsQuery<A extends Aggregate = never> = Omit<
  DatapointsRange<A>,
  'start' | 'end' | 'granularity' | 'includeOutsidePoints'
> &
  Identifier & {
    /** Inclusive. @unit milliseconds since the epoch @default 0 */
    start?: number | undefined;
    /** Exclusive. @unit milliseconds since the epoch @default now */
    end?: number | undefined;
    /** What aggregates are over: a number and `s`, `m`, `h`, `d` or `mo`, such as `'10m'` or `'1d'`. */
    granularity?: string | undefined;
  };

/** What `Datapoints` has, without its methods. */
export type PlainDatapoints<A extends Aggregate = never> = SeriesInfo &
  Pick<DatapointsBase<A>, 'timestamps' | 'aggregates' | 'granularity' | 'statuses' | 'nulls'> &
  ResultColumns<A>;

/**
 * Every point of one series, as columns of plain data, page after page: for programs that show a series or two and have to be small. A request per
 * 100,000 raw points or 10,000 aggregates, one after the other; `DatapointsApi.retrieve` reads many series, and parts of one, at the same time.
 *
 * Progress is in points; its total is an estimate until the end.
 *
 * @param parts `[aggregates]` where aggregates are asked for
 * @throws {NotFoundError} when the series does not exist.
 * @throws {ConfigError} when aggregates are asked for without the part that reads them. Nothing was sent.
 * @see https://api-docs.cognite.com/20230101/tag/Time-series/operation/getMultiTimeSeriesDatapoints
 *
 * @example
 * const { timestamps, average } = await retrieveDatapoints(
 *   transport,
 *   { externalId: 'pump-1-pressure', start: Date.now() - 86_400_000, aggregates: ['average'], granularity: '10m' },
 *   [aggregates],
 * );
 */
export async function retrieveDatapoints<A extends Aggregate = never>(
  transport: Transport,
  query: EpochDatapointsQuery<A>,
  parts: readonly DatapointsPart[] = [],
  options: CallOptions = {},
): Promise<PlainDatapoints<NoInfer<A>>> {
  const { start = 0, end = Date.now(), limit = Infinity, ...wire } = query;
  const layout = query.aggregates;
  const [aggregates] = parts;
  if (layout !== undefined && aggregates === undefined)
    throw new ConfigError('aggregates need the part aggregates of @cdf/datapoints/read');
  const most = layout === undefined ? MOST_POINTS.raw : MOST_POINTS.aggregates;
  const pages: Columns[] = [];
  let info: SeriesInfo;
  let done = 0;
  let last = -Infinity;
  let cursor: string | undefined;
  do {
    const asked = Math.min(most, limit - done);
    const items = [{ ...wire, start, end, limit: asked, cursor }];
    const [series, ...others] = await requestSeries(transport, { items }, aggregates, options);
    if (series === undefined || others.length > 0 || !isAnswerTo(query, series))
      throw new DecodeError('data points: the answer is not about the series that was asked for');
    const page = series.read(layout, asked);
    const { timestamps } = page;
    checkPage(query, timestamps, last, series.nextCursor, cursor);
    pages.push(page);
    done += timestamps.length;
    last = timestamps.at(-1) ?? last;
    info = series.info;
    cursor = done < limit ? series.nextCursor : undefined;
    const total = cursor === undefined ? done : Math.ceil((done * (end - start)) / Math.max(1, last - start));
    options.onProgress?.(done, Math.min(limit, Math.max(done, total)));
  } while (cursor !== undefined);
  const columns = concatColumns(pages, layout, info.isString);
  return makeDatapoints(info, query.granularity, columns, Object.prototype) as PlainDatapoints<A>;
}
