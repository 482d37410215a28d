import { badRequest } from '../errors.js';
import type { InstanceId, Reference } from '../model/common.js';
import type { TimeSeries } from '../model/time-series.js';

import type { Columns } from '../storage/columns.js';
import { reference } from '../validation/common.js';
import { isObject, parse } from '../validation/schema.js';
import { ColumnBuilder } from './column-builder.js';
import { readStatus } from './status.js';
import { WireReader } from './wire-reader.js';

const MAX_SERIES = 10_000;
const MAX_POINTS = 100_000;

/** The part of an insert request for one series; the points are read when the series is known. */
export interface InsertItem {
  readonly reference: Reference;
  readonly read: (series: TimeSeries) => Columns;
}

const keyCheck = reference({ instance: true });

/** The items of a JSON body, checked as far as that is possible without the series. */
export function readJsonInsert(body: unknown): InsertItem[] {
  const items = isObject(body) ? body.items : undefined;
  if (!isObject(body) || !Array.isArray(items)) throw badRequest('items must be an array');
  for (const name of Object.keys(body))
    if (name !== 'items') throw badRequest(`${name} is not a known property`);
  checkCounts(items.length, undefined);
  let total = 0;
  return items.map((item: unknown, index): InsertItem => {
    if (!isObject(item) || !Array.isArray(item.datapoints)) {
      throw badRequest(`items[${index}].datapoints must be an array`);
    }
    const { datapoints, ...key } = item;
    const points = datapoints as readonly unknown[];
    total += points.length;
    checkCounts(undefined, total);
    const checked = parse(keyCheck, key);
    return { reference: checked, read: (series) => readJsonPoints(points, series) };
  });
}

function readJsonPoints(points: readonly unknown[], series: TimeSeries): Columns {
  const builder = new ColumnBuilder(series.isString);
  for (const point of points) {
    if (!isObject(point)) throw badRequest('datapoints must hold objects');
    const { timestamp, value, status } = point;
    for (const name in point) {
      if (name !== 'timestamp' && name !== 'value' && name !== 'status')
        throw badRequest(`${name} is not a known property`);
    }
    if (typeof timestamp !== 'number') throw badRequest('timestamp must be a number');
    builder.add(
      timestamp,
      readJsonValue(value, series.isString),
      status === undefined ? 0 : readStatus(status),
    );
  }
  return builder.finish();
}

/** Bad points may carry the numbers that JSON cannot express. */
function readJsonValue(value: unknown, isString: boolean): number | string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number' || (typeof value === 'string' && isString)) return value;
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  throw badRequest(
    `Expected ${isString ? 'a string' : 'a numeric'} value: the time series is ${isString ? 'a string series' : 'numeric'}`,
  );
}

/** The items of a protobuf body (DataPointInsertionRequest). */
export function readProtobufInsert(data: Buffer): InsertItem[] {
  const reader = new WireReader(data);
  const items: InsertItem[] = [];
  let total = 0;
  reader.fields(data.length, (field, wireType) => {
    if (field !== 1 || wireType !== 2) return false;
    const item = readProtobufItem(reader, reader.block(), data);
    total += item.points;
    checkCounts(undefined, total);
    items.push(item);
    return true;
  });
  checkCounts(items.length, undefined);
  return items;
}

function readProtobufItem(
  reader: WireReader,
  end: number,
  data: Buffer,
): InsertItem & { points: number } {
  let key: Reference = {};
  let list:
    | { readonly start: number; readonly end: number; readonly isString: boolean }
    | undefined;
  reader.fields(end, (field, wireType) => {
    if (field === 1 && wireType === 0) key = { id: reader.int64() };
    else if (field === 2 && wireType === 2) key = { externalId: reader.string() };
    else if (field === 5 && wireType === 2) key = { instanceId: readInstanceId(reader) };
    else if ((field === 3 || field === 4) && wireType === 2) {
      const listEnd = reader.block();
      list = { start: reader.at, end: listEnd, isString: field === 4 };
      reader.at = listEnd;
    } else return false;
    return true;
  });
  const points = list;
  // A numeric point takes 18 bytes as a rule.
  const expected = points === undefined ? 0 : Math.ceil((points.end - points.start) / 18);
  const builder = new ColumnBuilder(
    points?.isString ?? false,
    Math.min(Math.max(16, expected), MAX_POINTS),
  );
  if (points !== undefined) readProtobufPoints(data, points.start, points.end, builder);
  return {
    reference: parse(keyCheck, key),
    points: builder.size,
    read: (series) => {
      if (points !== undefined && builder.size > 0 && series.isString !== builder.isString) {
        throw badRequest(
          `Expected ${series.isString ? 'string' : 'numeric'} data points for time series ${series.id}`,
        );
      }
      return builder.finish();
    },
  };
}

function readInstanceId(reader: WireReader): InstanceId {
  let [space, externalId] = ['', ''];
  reader.fields(reader.block(), (field, wireType) => {
    if (wireType !== 2 || (field !== 1 && field !== 2)) return false;
    if (field === 1) space = reader.string();
    else externalId = reader.string();
    return true;
  });
  return { space, externalId };
}

/**
 * Points of a list: `{ timestamp = 1, value = 2, status = 3, nullValue = 4 }`, straight into
 * columns.
 */
function readProtobufPoints(
  data: Buffer,
  start: number,
  end: number,
  builder: ColumnBuilder,
): void {
  const reader = new WireReader(data);
  reader.at = start;
  const { isString } = builder;
  while (reader.at < end) {
    if (!isString) reader.numericPoints(end, builder);
    if (reader.at === end) return;
    const key = reader.int64();
    if (key !== 0x0a) throw badRequest('Cannot parse the request body as protobuf');
    const pointEnd = reader.block();
    let timestamp = 0;
    let value: number | string | undefined = isString ? '' : 0;
    let status = 0;
    while (reader.at < pointEnd) {
      const field = reader.int64();
      if (field === 0x08) timestamp = reader.int64();
      else if (field === 0x11 && !isString) value = reader.double();
      else if (field === 0x12 && isString) value = reader.string();
      else if (field === 0x1a) status = readProtobufStatus(reader);
      else if (field === 0x20) value = reader.int64() === 0 ? value : undefined;
      else throw badRequest('Cannot parse the request body as protobuf');
    }
    if (reader.at !== pointEnd) throw badRequest('Cannot parse the request body as protobuf');
    builder.add(timestamp, value, status);
    checkCounts(undefined, builder.size);
  }
}

function readProtobufStatus(reader: WireReader): number {
  const status: { code?: number; symbol?: string } = {};
  reader.fields(reader.block(), (field, wireType) => {
    if (field === 1 && wireType === 0) status.code = reader.int64();
    else if (field === 2 && wireType === 2) status.symbol = reader.string();
    else return false;
    return true;
  });
  // A code of zero is not on the wire: with a symbol, the symbol decides.
  return readStatus(status.symbol === '' ? { code: status.code } : status);
}

function checkCounts(series: number | undefined, points: number | undefined): void {
  if (series !== undefined && (series < 1 || series > MAX_SERIES)) {
    throw badRequest(
      `Request had 1 constraint violations. Please fix the request and try again. [items size must be between 1 and ${MAX_SERIES}]`,
    );
  }
  if (points !== undefined && points > MAX_POINTS) {
    throw badRequest(`At most ${MAX_POINTS} data points can be inserted by one request`);
  }
}
