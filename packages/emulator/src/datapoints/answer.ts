import { floatText } from '../http/json.js';
import { JsonText } from '../http/route.js';
import type { Stretch } from '../storage/columns.js';
import type { Conversion } from '../units/catalog.js';
import type { AggregatePoint } from './aggregates.js';
import type { ExtremePoint, NumberAggregate } from './bucket.js';
import type { PointResult } from './read.js';
import { statusObject, symbolOf } from './status.js';
import { WireWriter } from './wire-writer.js';

const AGGREGATE_FIELDS: readonly (readonly [NumberAggregate, number])[] = [
  ['average', 2],
  ['max', 3],
  ['min', 4],
  ['count', 5],
  ['sum', 6],
  ['interpolation', 7],
  ['stepInterpolation', 8],
  ['continuousVariance', 9],
  ['discreteVariance', 10],
  ['totalVariation', 11],
  ['countGood', 12],
  ['countUncertain', 13],
  ['countBad', 14],
  ['durationGood', 15],
  ['durationUncertain', 16],
  ['durationBad', 17],
];

/** The answer of data/list and data/latest in JSON. */
export function jsonAnswer(results: readonly PointResult[]): JsonText {
  return new JsonText(`{"items":[${results.map(jsonItem).join(',')}]}`);
}

/** The answer of data/list in protobuf (DataPointListResponse). */
export function protobufAnswer(results: readonly PointResult[]): Buffer {
  const points = results.reduce((sum, result) => sum + pointCount(result), 0);
  const writer = new WireWriter(4096 + points * 24);
  for (const result of results) writer.message(1, () => protobufItem(writer, result));
  return writer.finish();
}

function pointCount({ stretches, aggregates }: PointResult): number {
  return (
    (aggregates?.length ?? 0) * 8 + stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  );
}

function jsonItem(result: PointResult): string {
  const { series, conversion } = result.query;
  const { id, externalId, instanceId, isString, type, isStep, unit, unitExternalId } = series;
  const own = isString || conversion !== undefined ? {} : { unit };
  const head = JSON.stringify({
    id,
    externalId,
    instanceId,
    isString,
    type,
    isStep: isStep && !isString,
    ...own,
    unitExternalId: isString ? undefined : (conversion?.unitExternalId ?? unitExternalId),
    nextCursor: result.nextCursor,
  });
  const points =
    result.aggregates === undefined
      ? result.stretches.flatMap((stretch) => jsonPoints(stretch, result.query.includeStatus))
      : jsonAggregates(result.aggregates, result.query);
  return `${head.slice(0, -1)},"datapoints":[${points.join(',')}]}`;
}

/** The points of a stretch, each as JSON. */
export function jsonPoints({ columns, from, to }: Stretch, includeStatus: boolean): string[] {
  const { timestamps, values, statuses, nulls } = columns;
  const texts: string[] = [];
  for (let place = from; place < to; place += 1) {
    const status = includeStatus ? (statuses?.[place] ?? 0) : 0;
    const value =
      nulls?.[place] === 1 ? '' : `,"value":${jsonValue(values[place] as number | string)}`;
    const quality = status === 0 ? '' : `,"status":${JSON.stringify(statusObject(status))}`;
    texts.push(`{"timestamp":${timestamps[place]}${value}${quality}}`);
  }
  return texts;
}

/** Numbers that JSON cannot express, which only bad points have, are strings. */
function jsonValue(value: number | string): string {
  return typeof value === 'number' && Number.isFinite(value)
    ? floatText(value)
    : JSON.stringify(String(value));
}

function jsonAggregates(points: readonly AggregatePoint[], query: PointResult['query']): string[] {
  const { conversion, includeStatus } = query;
  const members = AGGREGATE_FIELDS.filter(([name]) => query.aggregates?.has(name)).map(([name]) => {
    const textOf = isWhole(name) ? String : floatText;
    return { name, head: `,"${name}":`, textOf };
  });
  const extreme = (name: string, found: ExtremePoint | undefined): string => {
    if (found === undefined) return '';
    const value = floatText(conversion === undefined ? found.value : conversion.value(found.value));
    const { timestamp, status } = found;
    const quality =
      includeStatus && status !== 0 ? `,"status":${JSON.stringify(statusObject(status))}` : '';
    return `,"${name}":{"timestamp":${timestamp},"value":${value}${quality}}`;
  };
  return points.map((point) => {
    let text = `{"timestamp":${point.timestamp}`;
    for (const { name, head, textOf } of members) {
      const value = convertedNumber(point, name, conversion);
      if (value !== undefined) text += head + textOf(value);
    }
    return `${text}${extreme('maxDatapoint', point.maxDatapoint)}${extreme('minDatapoint', point.minDatapoint)}}`;
  });
}

function isWhole(name: NumberAggregate): boolean {
  return name.startsWith('count') || name.startsWith('duration');
}

/**
 * Values convert as values, differences and variances by their multiplier, counts and durations not
 * at all.
 */
export function convertedNumber(
  { numbers, goodCount }: AggregatePoint,
  name: NumberAggregate,
  conversion: Conversion | undefined,
): number | undefined {
  const value = numbers[name];
  if (value === undefined || conversion === undefined || isWhole(name)) return value;
  if (name === 'totalVariation') return conversion.difference(value);
  if (name.endsWith('Variance')) return conversion.variance(value);
  if (name === 'sum') return conversion.sum(value, goodCount);
  return conversion.value(value);
}

function protobufItem(writer: WireWriter, result: PointResult): void {
  const { series, conversion } = result.query;
  writer.int64(1, series.id);
  writer.string(2, series.externalId);
  const { aggregates, stretches } = result;
  if (aggregates !== undefined) {
    writer.message(5, () => protobufAggregates(writer, aggregates, result.query));
  } else {
    writer.message(series.isString ? 4 : 3, () => {
      for (const stretch of stretches) protobufPoints(writer, stretch, result.query.includeStatus);
    });
  }
  writer.bool(6, series.isString);
  if (!series.isString) {
    writer.bool(7, series.isStep);
    if (conversion === undefined) writer.string(8, series.unit);
  }
  writer.string(9, result.nextCursor);
  writer.string(10, conversion?.unitExternalId ?? series.unitExternalId);
  const { instanceId } = series;
  if (instanceId !== undefined) {
    writer.message(11, () => {
      writer.string(1, instanceId.space);
      writer.string(2, instanceId.externalId);
    });
  }
  writer.int64(12, series.isString ? 2 : 1);
}

function protobufPoints(
  writer: WireWriter,
  { columns, from, to }: Stretch,
  includeStatus: boolean,
): void {
  const { timestamps, values, statuses, nulls } = columns;
  if (
    values instanceof Float64Array &&
    nulls === undefined &&
    (statuses === undefined || !includeStatus)
  ) {
    writer.numericPoints(timestamps, values, from, to);
    return;
  }
  for (let place = from; place < to; place += 1) {
    writer.message(1, () => {
      writer.int64(1, timestamps[place] as number);
      const value = values[place] as number | string;
      if (nulls?.[place] === 1) writer.bool(4, true);
      else if (typeof value === 'number') writer.double(2, value);
      else writer.string(2, value);
      if (includeStatus) protobufStatus(writer, statuses?.[place] ?? 0);
    });
  }
}

function protobufStatus(writer: WireWriter, status: number): void {
  if (status === 0) return;
  writer.message(3, () => {
    writer.int64(1, status);
    writer.string(2, symbolOf(status));
  });
}

/** A missing requested aggregate is NaN; the others stay away and read as 0. */
function protobufAggregates(
  writer: WireWriter,
  points: readonly AggregatePoint[],
  query: PointResult['query'],
): void {
  const { conversion, aggregates } = query;
  const members = AGGREGATE_FIELDS.filter(([name]) => aggregates?.has(name));
  const extremes =
    aggregates?.has('maxDatapoint') === true || aggregates?.has('minDatapoint') === true;
  for (const point of points) {
    writer.message(1, () => {
      writer.int64(1, point.timestamp);
      for (const [name, field] of members) {
        writer.double(field, convertedNumber(point, name, conversion) ?? Number.NaN);
      }
      if (!extremes) return;
      protobufExtreme(writer, 18, point.maxDatapoint, query);
      protobufExtreme(writer, 19, point.minDatapoint, query);
    });
  }
}

function protobufExtreme(
  writer: WireWriter,
  field: number,
  extreme: ExtremePoint | undefined,
  { conversion, includeStatus }: PointResult['query'],
): void {
  if (extreme === undefined) return;
  writer.message(field, () => {
    writer.int64(1, extreme.timestamp);
    writer.double(2, conversion === undefined ? extreme.value : conversion.value(extreme.value));
    if (includeStatus) protobufStatus(writer, extreme.status);
  });
}
