// A reader and writer of protobuf that knows no schema: the liar must not share the code that it
// lies to.

/** A field as it stands in the message. Numbers are those of varints below 2^53 and of doubles. */
export type Field =
  | { readonly number: number; readonly kind: 'varint'; value: bigint }
  | { readonly number: number; readonly kind: 'double'; value: number }
  | { readonly number: number; readonly kind: 'bytes'; value: Buffer };

function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('a varint is cut short');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    if ((tag & 7) === 0) fields.push({ number, kind: 'varint', value: varint() });
    else if ((tag & 7) === 1) {
      fields.push({ number, kind: 'double', value: bytes.readDoubleLE(at) });
      at += 8;
    } else if ((tag & 7) === 2) {
      const length = Number(varint());
      fields.push({ number, kind: 'bytes', value: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`wire type ${tag & 7} is unknown`);
  }
  return fields;
}

function writeFields(fields: readonly Field[]): Buffer {
  const parts: Buffer[] = [];
  const varint = (value: bigint): void => {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    parts.push(Buffer.from(bytes));
  };
  for (const { number, kind, value } of fields) {
    varint(BigInt((number << 3) | { varint: 0, double: 1, bytes: 2 }[kind]));
    if (kind === 'varint') varint(value);
    else if (kind === 'double') {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      parts.push(bytes);
    } else {
      varint(BigInt(value.length));
      parts.push(value);
    }
  }
  return Buffer.concat(parts);
}

/** A data point as the liar sees it, whatever the encoding. */
export interface WirePoint {
  timestamp?: unknown;
  value?: unknown;
  [name: string]: unknown;
}

/** A series of an answer with points. */
export interface WireSeries {
  id?: unknown;
  externalId?: unknown;
  nextCursor?: unknown;
  datapoints: WirePoint[];
  [name: string]: unknown;
}

/** Fields of an item by number, and of its points. */
const POINTS = [3, 4, 5];
const CURSOR = 9;
const AVERAGE = 2;

/**
 * The series of a protobuf answer, which keep the bytes that were read, so that they can be written
 * again.
 */
export function readSeries(bytes: Buffer): WireSeries[] {
  return readFields(bytes).map((item) => {
    const fields = readFields(item.value as Buffer);
    const series: WireSeries = { datapoints: [], rest: [] as Field[] };
    for (const field of fields) {
      if (field.number === 1) series.id = Number(field.value);
      else if (field.number === 2) series.externalId = String(field.value);
      else if (field.number === CURSOR) series.nextCursor = String(field.value);
      else if (POINTS.includes(field.number)) {
        series.list = field.number;
        series.datapoints = readFields(field.value as Buffer).map((point) =>
          toPoint(readFields(point.value as Buffer)),
        );
      } else (series.rest as Field[]).push(field);
    }
    return series;
  });
}

function toPoint(fields: Field[]): WirePoint {
  const point: WirePoint = { timestamp: 0, value: 0, rest: [] as Field[] };
  for (const field of fields) {
    if (field.number === 1) point.timestamp = Number(BigInt.asIntN(64, field.value as bigint));
    else if (field.number === AVERAGE)
      point.value = field.kind === 'bytes' ? String(field.value) : field.value;
    else (point.rest as Field[]).push(field);
  }
  return point;
}

export function writeSeries(series: readonly WireSeries[]): Buffer {
  return writeFields(
    series.map(({ id, externalId, nextCursor, datapoints, list, rest }) => ({
      number: 1,
      kind: 'bytes',
      value: writeFields([
        { number: 1, kind: 'varint', value: BigInt(id as number) },
        ...text(2, externalId),
        ...(list === undefined
          ? []
          : [
              {
                number: list as number,
                kind: 'bytes' as const,
                value: writeFields(datapoints.map(fromPoint)),
              },
            ]),
        ...text(CURSOR, nextCursor),
        ...(rest as Field[]),
      ]),
    })),
  );
}

function fromPoint({ timestamp, value, rest }: WirePoint): Field {
  const fields: Field[] = [];
  if (timestamp !== undefined)
    fields.push({ number: 1, kind: 'varint', value: BigInt(timestamp as number) });
  if (typeof value === 'number') fields.push({ number: AVERAGE, kind: 'double', value });
  else fields.push(...text(AVERAGE, value));
  return { number: 1, kind: 'bytes', value: writeFields([...fields, ...(rest as Field[])]) };
}

function text(number: number, value: unknown): Field[] {
  return typeof value === 'string' ? [{ number, kind: 'bytes', value: Buffer.from(value) }] : [];
}
