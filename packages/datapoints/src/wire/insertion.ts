import type { Identifier } from '@cdf/core';
import { hasIndex, lowerBound } from '../points/sparse.js';
import type { WriteColumns } from '../write/points.js';
import { putVarint, Writer } from './writer.js';

/** Points `from` to before `to` of one series, in the order of time. */
export interface InsertionPart {
  readonly identifier: Identifier;
  readonly columns: WriteColumns;
  readonly from: number;
  readonly to: number;
}

/** Length of a point whose time takes six bytes: `0a 10 08`, the time, `11`, the value. */
const POINT = 18;
/** Times from 1971 to 2109 take six bytes. */
const SIX_BYTES = { from: 2 ** 35, before: 2 ** 42 };

/** The protobuf request for points of several series, each named once. */
export function encodeInsertion(parts: readonly InsertionPart[]): Uint8Array {
  const points = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const writer = new Writer(points * POINT + parts.length * 40 + 64);
  for (const part of parts) {
    const { identifier, columns, from, to } = part;
    const length = (to - from) * POINT;
    const writeItem = (): void => {
      writeIdentifier(writer, identifier);
      if (columns.values instanceof Float64Array)
        writer.message(
          0x1a,
          () => writeNumbers(writer, part, columns.values as Float64Array),
          length,
        );
      else
        writer.message(
          0x22,
          () => writeStrings(writer, part, columns.values as readonly string[]),
          length,
        );
    };
    writer.message(0x0a, writeItem, length + 20);
  }
  return writer.finish();
}

/** The same as JSON. */
export function toJsonInsertion(parts: readonly InsertionPart[]): object {
  return {
    items: parts.map(({ identifier, columns, from, to }) => {
      const { timestamps, values, nulls, statuses } = columns;
      const datapoints = Array.from({ length: to - from }, (_, offset) => {
        const index = from + offset;
        const position = statuses === undefined ? -1 : lowerBound(statuses.indexes, index);
        const point = {
          timestamp: timestamps[index],
          value: hasIndex(nulls, index) ? null : toJsonValue(values[index]),
        };
        if (statuses === undefined || statuses.indexes[position] !== index) return point;
        const symbol = statuses.symbols[position];
        return { ...point, status: symbol ? { symbol } : { code: statuses.codes[position] } };
      });
      return { ...identifier, datapoints };
    }),
  };
}

function toJsonValue(value: number | string | undefined): number | string | undefined {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function writeIdentifier(writer: Writer, { id, externalId, instanceId }: Identifier): void {
  if (id !== undefined) {
    writer.byte(0x08);
    writer.varint(id);
  } else if (externalId !== undefined) {
    writer.byte(0x12);
    writer.text(externalId);
  } else
    writer.message(0x2a, () => {
      writer.byte(0x0a);
      writer.text(instanceId.space);
      writer.byte(0x12);
      writer.text(instanceId.externalId);
    });
}

function writeNumbers(
  writer: Writer,
  { columns, from, to }: InsertionPart,
  values: Float64Array,
): void {
  const { timestamps, statuses, nulls } = columns;
  if (statuses !== undefined || nulls !== undefined)
    writeWithExtras(writer, columns, from, to, (index) => {
      writer.byte(0x11);
      writer.double(values[index] as number);
    });
  else if (
    (timestamps[from] as number) >= SIX_BYTES.from &&
    (timestamps[to - 1] as number) < SIX_BYTES.before
  )
    writeSixByteTimes(writer, timestamps, values, from, to);
  else writePlain(writer, timestamps, values, from, to);
}

/** The times being in order, the first and the last tell how long all of them are. */
function writeSixByteTimes(
  writer: Writer,
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): void {
  writer.reserve((to - from) * POINT);
  const { bytes, view } = writer;
  let at = writer.position;
  for (let index = from; index < to; index++) {
    const time = timestamps[index] as number;
    const high = (time / 0x10000000) | 0;
    const low = time - high * 0x10000000;
    bytes[at] = 0x0a;
    bytes[at + 1] = POINT - 2;
    bytes[at + 2] = 0x08;
    bytes[at + 3] = low | 0x80;
    bytes[at + 4] = (low >>> 7) | 0x80;
    bytes[at + 5] = (low >>> 14) | 0x80;
    bytes[at + 6] = (low >>> 21) | 0x80;
    bytes[at + 7] = high | 0x80;
    bytes[at + 8] = high >>> 7;
    bytes[at + 9] = 0x11;
    view.setFloat64(at + 10, values[index] as number, true);
    at += POINT;
  }
  writer.position = at;
}

function writePlain(
  writer: Writer,
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): void {
  // A point is at most 2 + 11 + 9 bytes long here, so its length is one byte, known once it has
  // been written.
  writer.reserve((to - from) * 22);
  const { bytes, view } = writer;
  let at = writer.position;
  for (let index = from; index < to; index++) {
    bytes[at] = 0x0a;
    bytes[at + 2] = 0x08;
    const begin = at + 2;
    at = putVarint(bytes, at + 3, timestamps[index] as number);
    bytes[at] = 0x11;
    view.setFloat64(at + 1, values[index] as number, true);
    at += 9;
    bytes[begin - 1] = at - begin;
  }
  writer.position = at;
}

function writeStrings(
  writer: Writer,
  { columns, from, to }: InsertionPart,
  values: readonly string[],
): void {
  writeWithExtras(writer, columns, from, to, (index) => {
    writer.byte(0x12);
    writer.text(values[index] as string);
  });
}

function writeWithExtras(
  writer: Writer,
  { timestamps, statuses, nulls }: WriteColumns,
  from: number,
  to: number,
  writeValue: (index: number) => void,
): void {
  let next = statuses === undefined ? 0 : lowerBound(statuses.indexes, from);
  for (let index = from; index < to; index++) {
    const position = statuses?.indexes[next] === index ? next++ : -1;
    writer.message(0x0a, () => {
      writer.byte(0x08);
      writer.varint(timestamps[index] as number);
      if (hasIndex(nulls, index)) {
        writer.byte(0x20);
        writer.byte(1);
      } else writeValue(index);
      if (statuses === undefined || position < 0) return;
      writer.message(0x1a, () => {
        writer.byte(0x08);
        writer.varint(statuses.codes[position] as number);
        if (statuses.symbols[position] === '') return;
        writer.byte(0x12);
        writer.text(statuses.symbols[position] as string);
      });
    });
  }
}
