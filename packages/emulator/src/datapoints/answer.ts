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
  return (aggregates?.length ?? 0) * 8 + stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}

function jsonItem(result: PointResult): string {
  const { series, conversion } = result.query;
  const { id, externalId, instanceId, isString, type, isStep, unit, unitExternalId } = series;
  const numeric = isString
    ? {}
    : {
        isStep,
        ...(conversion === undefined ? { unit, unitExternalId } : { unitExternalId: conversion.unitExternalId }),
      };
  const head = JSON.stringify({
    id,
    externalId,
    instanceId,
    isString,
    type,
    ...numeric,
    nextCursor: result.nextCursor,
  });
  const points =
    result.aggregates === undefined
      ? result.stretches.flatMap((stretch) => jsonPoints(stretch, result.query.includeStatus))
      : result.aggregates.map((point) => JSON.stringify(jsonAggregate(point, result)));
  return `${head.slice(0, -1)},"datapoints":[${points.join(',')}]}`;
}

function jsonPoints({ columns, from, to }: Stretch, includeStatus: boolean): string[] {
  const { timestamps, values, statuses, nulls } = columns;
  const texts: string[] = [];
  for (let place = from; place < to; place += 1) {
    const status = includeStatus ? (statuses?.[place] ?? 0) : 0;
    const value = nulls?.[place] === 1 ? '' : `,"value":${jsonValue(values[place] as number | string)}`;
    const quality = status === 0 ? '' : `,"status":${JSON.stringify(statusObject(status))}`;
    texts.push(`{"timestamp":${timestamps[place]}${value}${quality}}`);
  }
  return texts;
}

/** Numbers that JSON cannot express, which only bad points have, are strings. */
function jsonValue(value: number | string): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
}

function jsonAggregate(point: AggregatePoint, { query }: PointResult): object {
  const { conversion, includeStatus } = query;
  const extreme = (found: ExtremePoint | undefined): object | undefined => {
    if (found === undefined) return undefined;
    const { timestamp, status } = found;
    const value = conversion === undefined ? found.value : conversion.value(found.value);
    return includeStatus && status !== 0 ? { timestamp, value, status: statusObject(status) } : { timestamp, value };
  };
  return {
    timestamp: point.timestamp,
    ...convertedNumbers(point, conversion),
    maxDatapoint: extreme(point.maxDatapoint),
    minDatapoint: extreme(point.minDatapoint),
  };
}

/** Values convert as values, differences and variances by their multiplier, counts and durations not at all. */
export function convertedNumbers(
  { numbers, goodCount }: AggregatePoint,
  conversion: Conversion | undefined,
): AggregatePoint['numbers'] {
  if (conversion === undefined) return numbers;
  const result: Partial<Record<NumberAggregate, number>> = {};
  for (const [name, value] of Object.entries(numbers) as [NumberAggregate, number][]) {
    if (name.startsWith('count') || name.startsWith('duration')) result[name] = value;
    else if (name === 'totalVariation') result[name] = conversion.difference(value);
    else if (name.endsWith('Variance')) result[name] = conversion.variance(value);
    else if (name === 'sum') result[name] = conversion.sum(value, goodCount);
    else result[name] = conversion.value(value);
  }
  return result;
}

function protobufItem(writer: WireWriter, result: PointResult): void {
  const { series, conversion } = result.query;
  writer.int64(1, series.id);
  writer.string(2, series.externalId);
  const { aggregates, stretches } = result;
  if (aggregates !== undefined) {
    writer.message(5, () => {
      for (const point of aggregates) writer.message(1, () => protobufAggregate(writer, point, result));
    });
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

function protobufPoints(writer: WireWriter, { columns, from, to }: Stretch, includeStatus: boolean): void {
  const { timestamps, values, statuses, nulls } = columns;
  if (values instanceof Float64Array && nulls === undefined && (statuses === undefined || !includeStatus)) {
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

/** A missing aggregate that was asked for is NaN; the others stay away and read as 0. */
function protobufAggregate(writer: WireWriter, point: AggregatePoint, { query }: PointResult): void {
  const numbers = convertedNumbers(point, query.conversion);
  writer.int64(1, point.timestamp);
  for (const [name, field] of AGGREGATE_FIELDS) {
    if (query.aggregates?.has(name)) writer.double(field, numbers[name] ?? Number.NaN);
  }
  for (const [extreme, field] of [
    [point.maxDatapoint, 18],
    [point.minDatapoint, 19],
  ] as const) {
    if (extreme === undefined) continue;
    writer.message(field, () => {
      writer.int64(1, extreme.timestamp);
      writer.double(2, query.conversion === undefined ? extreme.value : query.conversion.value(extreme.value));
      if (query.includeStatus) protobufStatus(writer, extreme.status);
    });
  }
}
