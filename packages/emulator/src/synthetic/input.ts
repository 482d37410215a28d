import { aggregate } from '../datapoints/aggregates.js';
import { convertedNumber } from '../datapoints/answer.js';
import type { Aggregate } from '../datapoints/bucket.js';
import { bucketsFrom, readGranularity } from '../datapoints/buckets.js';
import { BAD, categoryOf, UNCERTAIN } from '../datapoints/status.js';
import type { TimeZone } from '../datapoints/times.js';
import { badRequest } from '../errors.js';
import type { TimeSeries } from '../model/time-series.js';
import type { State } from '../state.js';
import { resolve, timeSeriesRefusals } from '../storage/references.js';
import { type Conversion, conversionTo } from '../units/catalog.js';
import { reference } from '../validation/common.js';
import { parse } from '../validation/schema.js';
import type { Value } from './functions.js';

const AGGREGATES = ['average', 'interpolation', 'stepInterpolation'];

interface InputPoint {
  readonly timestamp: number;
  readonly value: number | string;
}

/** The window and time zone of a synthetic query. */
export interface SyntheticWindow {
  readonly start: number;
  readonly end: number;
  readonly zone: TimeZone;
}

/** One input of an expression, walked forward in time. */
export class Input {
  readonly #points: Iterator<InputPoint>;
  readonly #isStep: boolean;
  #previous: InputPoint | undefined;
  #next: InputPoint | undefined;

  constructor(
    state: State,
    options: Readonly<Record<string, string | number>>,
    window: SyntheticWindow,
  ) {
    const series = seriesOf(state, options);
    this.#isStep = series.isStep || series.isString;
    this.#points = pointsOf(state, series, options, window);
    this.#next = this.#pull();
  }

  /** The first timestamp from `time` on at which this input has a point of its own. */
  timeFrom(time: number): number {
    while (this.#next !== undefined && this.#next.timestamp < time) this.#advance();
    return this.#next?.timestamp ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The value at a time that is not before the last requested one; `undefined` outside the input's
   * points.
   */
  at(time: number): Value {
    while (
      this.#next !== undefined &&
      this.#next.timestamp <= time &&
      this.#next.timestamp !== time
    )
      this.#advance();
    const [previous, next] = [this.#previous, this.#next];
    if (next?.timestamp === time) return next.value;
    if (previous === undefined || next === undefined) return undefined;
    if (this.#isStep || typeof previous.value === 'string' || typeof next.value === 'string')
      return previous.value;
    const share = (time - previous.timestamp) / (next.timestamp - previous.timestamp);
    return previous.value + (next.value - previous.value) * share;
  }

  #advance(): void {
    this.#previous = this.#next;
    this.#next = this.#pull();
  }

  #pull(): InputPoint | undefined {
    const { done, value } = this.#points.next();
    return done === true ? undefined : value;
  }
}

function seriesOf(state: State, options: Readonly<Record<string, string | number>>): TimeSeries {
  const { id, externalId, space } = options;
  const key = space === undefined ? { id, externalId } : { instanceId: { space, externalId } };
  return resolve(
    state.timeseries,
    [parse(reference({ instance: true }), key)],
    timeSeriesRefusals,
  )[0] as TimeSeries;
}

function pointsOf(
  state: State,
  series: TimeSeries,
  options: Readonly<Record<string, string | number>>,
  window: SyntheticWindow,
): Iterator<InputPoint> {
  const { aggregate: name, granularity, targetUnit, targetUnitSystem } = options;
  const text = (value: string | number | undefined): string | undefined =>
    value === undefined ? undefined : String(value);
  const conversion = conversionTo(series.unitExternalId, text(targetUnit), text(targetUnitSystem));
  if ((name === undefined) !== (granularity === undefined))
    throw badRequest('aggregate and granularity belong together');
  if (name === undefined) return rawPoints(state, series, conversion, window);
  if (series.isString) throw badRequest('Aggregates are not supported for string time series');
  if (!AGGREGATES.includes(String(name)))
    throw badRequest(`The aggregate ${name} is not supported in expressions`);
  return aggregatePoints(state, series, name as Aggregate, String(granularity), conversion, window);
}

/**
 * From the last visible point before the window on, without an end: the caller stops when it has
 * enough.
 */
function* rawPoints(
  state: State,
  series: TimeSeries,
  conversion: Conversion | undefined,
  { start }: SyntheticWindow,
): Generator<InputPoint> {
  const isVisible = (status: number): boolean =>
    categoryOf(status) !== BAD && categoryOf(status) !== UNCERTAIN;
  const convert = (value: number | string): number | string =>
    typeof value === 'number' && conversion !== undefined ? conversion.value(value) : value;
  search: for (const { columns, from, to } of state.points.readBackwards(series.id, start)) {
    for (let place = to - 1; place >= from; place -= 1) {
      if (!isVisible(columns.statuses?.[place] ?? 0)) continue;
      yield {
        timestamp: columns.timestamps[place] as number,
        value: convert(columns.values[place] as number | string),
      };
      break search;
    }
  }
  for (const { columns, from, to } of state.points.read(
    series.id,
    start,
    Number.POSITIVE_INFINITY,
  )) {
    for (let place = from; place < to; place += 1) {
      if (!isVisible(columns.statuses?.[place] ?? 0)) continue;
      yield {
        timestamp: columns.timestamps[place] as number,
        value: convert(columns.values[place] as number | string),
      };
    }
  }
}

function* aggregatePoints(
  state: State,
  series: TimeSeries,
  name: Aggregate,
  granularity: string,
  conversion: Conversion | undefined,
  { start, end, zone }: SyntheticWindow,
): Generator<InputPoint> {
  const buckets = bucketsFrom(start, readGranularity(granularity), zone);
  const found = aggregate(state.points, {
    series: series.id,
    isStep: series.isStep,
    wanted: new Set([name]),
    buckets,
    start,
    end,
    ignoreBad: true,
    uncertainIsBad: true,
  });
  for (const point of found) {
    const value = convertedNumber(point, name as 'average', conversion);
    if (value !== undefined) yield { timestamp: point.timestamp, value };
  }
}
