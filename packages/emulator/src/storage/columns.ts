import { crc32 } from 'node:zlib';

/** Data points in columns, ascending by timestamp without repetition. */
export interface Columns {
  /** @unit milliseconds since 1970 */
  readonly timestamps: Float64Array;
  readonly values: Float64Array | readonly string[];
  /** OPC UA status codes; absent when all are Good (0). */
  readonly statuses?: Uint32Array | undefined;
  /** 1 where a point has no value; absent when all have one. */
  readonly nulls?: Uint8Array | undefined;
}

/** A stretch of columns: the points from index `from` up to `to`. */
export interface Stretch {
  readonly columns: Columns;
  readonly from: number;
  readonly to: number;
}

const VERSION = 2;
/** Blocks of older emulators end without a checksum. */
const WITHOUT_CHECKSUM = 1;
const CHECKSUM_BYTES = 4;
const HEADER_BYTES = 16;
const KIND_STRING = 1;
const HAS_STATUSES = 1;
const HAS_NULLS = 2;
const REGULAR = 4;
const SHORT = 8;

/**
 * A block of points as stored, little-endian:
 *
 * | bytes | what |
 * |---|---|
 * | 0 | version, 2 |
 * | 1 | kind: 0 numeric, 1 string |
 * | 2 | flags: 1 statuses, 2 nulls, 4 regular timestamps, 8 short timestamps |
 * | 4..8 | number of points n, uint32 |
 * | 8..16 | step between timestamps when regular, float64 |
 * | 8n | timestamps, float64; when regular only the first (8 bytes); when short the first and the distances of all from it, uint32 (8 + 4n bytes) |
 * | 8n | values, float64 (numeric) |
 * | 4n | statuses, uint32 (flag 1) |
 * | n | nulls, uint8 (flag 2) |
 * | 4n, then text | byte length of each string, uint32, then all strings in UTF-8 (string) |
 * | 4, at the end | CRC-32 of all bytes before it; not in version 1 |
 */
export function encodeColumns({ timestamps, values, statuses, nulls }: Columns): Buffer {
  const size = timestamps.length;
  const step = regularStep(timestamps);
  const distances = step === undefined ? shortDistances(timestamps) : undefined;
  const onlyFirst = step !== undefined || distances !== undefined;
  const texts =
    values instanceof Float64Array ? undefined : values.map((value) => Buffer.from(value));
  const textBytes =
    texts === undefined ? 0 : texts.reduce((sum, text) => sum + text.length, 4 * size);
  const data = Buffer.allocUnsafe(
    HEADER_BYTES +
      (onlyFirst ? 8 : 8 * size) +
      (distances === undefined ? 0 : 4 * size) +
      (texts === undefined ? 8 * size : textBytes) +
      (statuses === undefined ? 0 : 4 * size) +
      (nulls === undefined ? 0 : size) +
      CHECKSUM_BYTES,
  );
  data.fill(0, 0, HEADER_BYTES);
  data[0] = VERSION;
  data[1] = texts === undefined ? 0 : KIND_STRING;
  data[2] =
    (statuses ? HAS_STATUSES : 0) |
    (nulls ? HAS_NULLS : 0) |
    (step === undefined ? 0 : REGULAR) |
    (distances ? SHORT : 0);
  data.writeUInt32LE(size, 4);
  data.writeDoubleLE(step ?? 0, 8);
  let at = HEADER_BYTES;
  const put = (column: Float64Array | Uint32Array | Uint8Array): void => {
    data.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  };
  put(onlyFirst ? timestamps.subarray(0, 1) : timestamps);
  if (distances !== undefined) put(distances);
  if (values instanceof Float64Array) put(values);
  if (statuses !== undefined) put(statuses);
  if (nulls !== undefined) put(nulls);
  if (texts !== undefined) {
    put(Uint32Array.from(texts, (text) => text.length));
    for (const text of texts) put(text);
  }
  data.writeUInt32LE(crc32(data.subarray(0, at)), at);
  return data;
}

/** True if a block is as it was written. */
export function isWhole(data: Buffer): boolean {
  if (data[0] === WITHOUT_CHECKSUM) return true;
  const size = data.length - CHECKSUM_BYTES;
  return (
    data[0] === VERSION &&
    size >= HEADER_BYTES &&
    crc32(data.subarray(0, size)) === data.readUInt32LE(size)
  );
}

/** Reads a block back into columns. */
export function decodeColumns(data: Buffer): Columns {
  if (data[0] !== VERSION && data[0] !== WITHOUT_CHECKSUM)
    throw new Error(`unknown block version ${data[0]}`);
  const flags = data[2] as number;
  const size = data.readUInt32LE(4);
  let at = HEADER_BYTES;
  const take = <T extends Float64Array | Uint32Array | Uint8Array>(column: T): T => {
    new Uint8Array(column.buffer).set(data.subarray(at, at + column.byteLength));
    at += column.byteLength;
    return column;
  };
  const timestamps = decodeTimestamps(flags, data.readDoubleLE(8), size, take);
  const isString = data[1] === KIND_STRING;
  const numbers = isString ? undefined : take(new Float64Array(size));
  const statuses = flags & HAS_STATUSES ? take(new Uint32Array(size)) : undefined;
  const nulls = flags & HAS_NULLS ? take(new Uint8Array(size)) : undefined;
  if (numbers !== undefined) return { timestamps, values: numbers, statuses, nulls };
  const lengths = take(new Uint32Array(size));
  const values: string[] = [];
  for (const length of lengths) {
    values.push(data.toString('utf8', at, at + length));
    at += length;
  }
  return { timestamps, values, statuses, nulls };
}

function decodeTimestamps(
  flags: number,
  step: number,
  size: number,
  take: <T extends Float64Array | Uint32Array>(column: T) => T,
): Float64Array {
  if (flags & REGULAR) return regular(take(new Float64Array(1)), step, size);
  if (flags & SHORT) return fromDistances(take(new Float64Array(1)), take(new Uint32Array(size)));
  return take(new Float64Array(size));
}

/** A copy of the points from index `from` up to `to`. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  return {
    timestamps: columns.timestamps.slice(from, to),
    values: columns.values.slice(from, to),
    statuses: columns.statuses?.slice(from, to),
    nulls: columns.nulls?.slice(from, to),
  };
}

/** The points from index `from` up to `to`, sharing memory with the whole. */
export function viewColumns(
  { timestamps, values, statuses, nulls }: Columns,
  from: number,
  to: number,
): Columns {
  return {
    timestamps: timestamps.subarray(from, to),
    values: values instanceof Float64Array ? values.subarray(from, to) : values.slice(from, to),
    statuses: statuses?.subarray(from, to),
    nulls: nulls?.subarray(from, to),
  };
}

/** Both in one; where both have a timestamp, the point of `newer` stays. */
export function mergeColumns(older: Columns, newer: Columns): Columns {
  const picks = pickOrder(older.timestamps, newer.timestamps);
  const size = picks.length;
  const timestamps = new Float64Array(size);
  const withStatus = older.statuses !== undefined || newer.statuses !== undefined;
  const withNulls = older.nulls !== undefined || newer.nulls !== undefined;
  const statuses = withStatus ? new Uint32Array(size) : undefined;
  const nulls = withNulls ? new Uint8Array(size) : undefined;
  const isString = !(newer.values instanceof Float64Array);
  const values: Float64Array | string[] = isString
    ? new Array<string>(size)
    : new Float64Array(size);
  for (let index = 0; index < size; index += 1) {
    const pick = picks[index] as number;
    const source = pick < 0 ? older : newer;
    const place = pick < 0 ? -pick - 1 : pick;
    timestamps[index] = source.timestamps[place] as number;
    values[index] = source.values[place] as never;
    if (statuses !== undefined) statuses[index] = source.statuses?.[place] ?? 0;
    if (nulls !== undefined) nulls[index] = source.nulls?.[place] ?? 0;
  }
  return { timestamps, values, statuses, nulls };
}

/** One after the other; the second must begin after the first ends. */
export function appendColumns(first: Columns, second: Columns): Columns {
  const [a, b] = [first.timestamps.length, second.timestamps.length];
  const join = <T extends Float64Array | Uint32Array | Uint8Array>(
    whole: T,
    head: T | undefined,
    tail: T | undefined,
  ): T => {
    if (head !== undefined) whole.set(head);
    if (tail !== undefined) whole.set(tail, a);
    return whole;
  };
  const { values: head } = first;
  const { values: tail } = second;
  return {
    timestamps: join(new Float64Array(a + b), first.timestamps, second.timestamps),
    values:
      head instanceof Float64Array
        ? join(new Float64Array(a + b), head, tail as Float64Array)
        : [...head, ...(tail as readonly string[])],
    statuses:
      first.statuses || second.statuses
        ? join(new Uint32Array(a + b), first.statuses, second.statuses)
        : undefined,
    nulls:
      first.nulls || second.nulls
        ? join(new Uint8Array(a + b), first.nulls, second.nulls)
        : undefined,
  };
}

/** The index of the first timestamp from index `from` up to `to` that is not before `time`. */
export function lowerBound(
  timestamps: Float64Array,
  time: number,
  from = 0,
  to: number = timestamps.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timestamps[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * For each place, the point that comes next: an index into the newer ones, or -index - 1 into the
 * older ones.
 */
function pickOrder(older: Float64Array, newer: Float64Array): Int32Array {
  const picks = new Int32Array(older.length + newer.length);
  let [size, a, b] = [0, 0, 0];
  while (a < older.length || b < newer.length) {
    const left = a < older.length ? (older[a] as number) : Number.POSITIVE_INFINITY;
    const right = b < newer.length ? (newer[b] as number) : Number.POSITIVE_INFINITY;
    if (left === right) a += 1;
    if (left < right) {
      picks[size] = -a - 1;
      a += 1;
    } else {
      picks[size] = b;
      b += 1;
    }
    size += 1;
  }
  return picks.subarray(0, size);
}

/** Distances from the first timestamp, when all fit 32 bits: a span of up to 49 days. */
function shortDistances(timestamps: Float64Array): Uint32Array | undefined {
  const size = timestamps.length;
  const first = timestamps[0] as number;
  if (size < 3 || (timestamps[size - 1] as number) - first > 0xffff_ffff) return undefined;
  const distances = new Uint32Array(size);
  for (let index = 0; index < size; index += 1)
    distances[index] = (timestamps[index] as number) - first;
  return distances;
}

function regularStep(timestamps: Float64Array): number | undefined {
  if (timestamps.length < 3) return undefined;
  const step = (timestamps[1] as number) - (timestamps[0] as number);
  for (let index = 2; index < timestamps.length; index += 1) {
    if ((timestamps[index] as number) - (timestamps[index - 1] as number) !== step)
      return undefined;
  }
  return step;
}

function fromDistances(first: Float64Array, distances: Uint32Array): Float64Array {
  const timestamps = new Float64Array(distances.length);
  const start = first[0] as number;
  for (let index = 0; index < distances.length; index += 1)
    timestamps[index] = start + (distances[index] as number);
  return timestamps;
}

function regular(first: Float64Array, step: number, size: number): Float64Array {
  const timestamps = new Float64Array(size);
  const start = first[0] as number;
  for (let index = 0; index < size; index += 1) timestamps[index] = start + step * index;
  return timestamps;
}
