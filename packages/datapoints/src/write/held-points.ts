import { ConfigError, type Identifier } from '@cdf/core';
import { identifierKey, MAX_TIME, MIN_TIME, spelledIdentifier } from '@cdf/core/resource';
import { sliceColumns } from '../points/columns.js';
import type { InsertionPart } from '../wire/insertion.js';
import { kindOf, mergeSeries, mixedKinds } from './order.js';
import {
  type SeriesInput,
  type SeriesPoints,
  toSeriesPoints,
  type WriteColumns,
} from './points.js';
import { countPoints, fillRequests, MOST_INSERTED } from './request.js';
import { checkPoints, isPlain, MOST_VALUE } from './validate.js';

interface HeldSeries {
  readonly identifier: Identifier;
  /** The kind of all values that came, also of those already sent. */
  kind: 'number' | 'string' | undefined;
  /** In the order in which they came; the rows come last. */
  chunks: SeriesPoints[];
  rows: RowColumns | undefined;
  /** How many rows there were the last time. */
  rowsBefore: number;
  isHeld: boolean;
}

/**
 * Points of a source that have not been sent, as columns: what was given is copied, so that the
 * source may use it again.
 */
export class HeldPoints {
  readonly #byId = new Map<number, HeldSeries>();
  readonly #byExternalId = new Map<string, HeldSeries>();
  readonly #byInstanceId = new Map<string, HeldSeries>();
  /** Keys of rows that are known not to be misspelt. */
  readonly #harmless = new Set<string>();
  #held: HeldSeries[] = [];
  #plain = new Set<SeriesPoints>();
  #given = 0;
  points = 0;

  /** @throws {ConfigError} for what cannot be written; nothing of it is held then. */
  add(input: SeriesInput): void {
    const number = this.#given++;
    if (this.#addRow(input)) return;
    if (typeof input !== 'object' || input === null)
      throw new ConfigError(
        `item ${number} of the source: expected { id, timestamp, value }, got ${input === null ? 'null' : `a ${typeof input}`}`,
      );
    const series = toSeriesPoints(input, `item ${number} of the source`);
    const { identifier, columns } = series;
    if (columns.timestamps.length === 0) return;
    const isInOrder = isPlain(columns);
    if (!isInOrder) checkPoints([series]);
    const held = this.#seriesOf(identifier);
    checkKind(held, kindOf(columns));
    const chunk = { identifier: held.identifier, columns: copyOf(columns) };
    if (isInOrder) this.#plain.add(chunk);
    this.#closeRows(held);
    held.chunks.push(chunk);
    this.#hold(held, columns.timestamps.length);
    if ('timestamp' in input)
      for (const key of Object.keys(input)) if (!SPECIAL.has(key)) this.#harmless.add(key);
  }

  /**
   * Requests made of what is held.
   *
   * @param isFlush also one that is not full; otherwise its points stay held, unless it is the only
   * one
   */
  seal(isFlush: boolean): InsertionPart[][] {
    const chunks = this.#held.flatMap((held) => {
      this.#closeRows(held);
      const own = held.chunks;
      held.chunks = [];
      held.isHeld = false;
      return own;
    });
    const requests = fillRequests(mergeSeries(chunks, this.#plain));
    this.#held = [];
    this.#plain = new Set();
    this.points = 0;
    const last = requests.at(-1) ?? [];
    if (isFlush || requests.length < 2 || isFull(last)) return requests;
    requests.pop();
    for (const { identifier, columns, from, to } of last) {
      const held = this.#seriesOf(identifier);
      const part = {
        ...sliceColumns(columns, from, to),
        needsJson: columns.needsJson,
      } as WriteColumns;
      const chunk = { identifier: held.identifier, columns: part };
      // Put in order already.
      this.#plain.add(chunk);
      held.chunks.push(chunk);
      this.#hold(held, to - from);
    }
    return requests;
  }

  /**
   * A row of a number, as nearly all are. Gives up on anything else, which is then looked at as a
   * whole.
   */
  #addRow(input: SeriesInput): boolean {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
    for (const key in input) if (!isPlainKey(key) && !this.#harmless.has(key)) return false;
    const { timestamp, value, id, externalId, instanceId } = input as {
      readonly timestamp?: unknown;
      readonly value?: unknown;
      readonly id?: unknown;
      readonly externalId?: unknown;
      readonly instanceId?: unknown;
    };
    const time =
      typeof timestamp === 'number'
        ? timestamp
        : timestamp instanceof Date
          ? timestamp.getTime()
          : Number.NaN;
    // NaN fails every comparison.
    if (!(time >= MIN_TIME && time <= MAX_TIME) || Math.floor(time) !== time) return false;
    if (typeof value === 'number') {
      if (!(value > -MOST_VALUE && value < MOST_VALUE)) return false;
    } else if (typeof value !== 'string' || value.length > 341 || /\p{Cs}/u.test(value))
      return false;
    if (instanceId !== undefined) return false;
    let held: HeldSeries | undefined;
    if (externalId === undefined) held = this.#byId.get(id as number);
    else if (id === undefined) held = this.#byExternalId.get(externalId as string);
    held ??= this.#seriesOf(
      spelledIdentifier(input as Identifier, `item ${this.#given - 1} of the source`),
    );
    const kind = typeof value as 'number' | 'string';
    if (held.kind !== kind) checkKind(held, kind);
    held.rows ??= new RowColumns(kind, held.rowsBefore);
    held.rows.push(time, value);
    this.#hold(held, 1);
    return true;
  }

  #hold(held: HeldSeries, points: number): void {
    this.points += points;
    if (held.isHeld) return;
    held.isHeld = true;
    this.#held.push(held);
  }

  /** Rows become a chunk, so that what comes after them stays after them. */
  #closeRows(held: HeldSeries): void {
    const { rows } = held;
    if (rows === undefined) return;
    const columns = rows.take();
    held.rowsBefore = columns.timestamps.length;
    const chunk = { identifier: held.identifier, columns };
    if (rows.isAscending) this.#plain.add(chunk);
    held.chunks.push(chunk);
    held.rows = undefined;
  }

  #seriesOf(identifier: Identifier): HeldSeries {
    const { id, externalId } = identifier;
    if (id !== undefined) return seriesIn(this.#byId, id, identifier);
    if (externalId !== undefined) return seriesIn(this.#byExternalId, externalId, identifier);
    return seriesIn(this.#byInstanceId, identifierKey(identifier), identifier);
  }
}

/**
 * There are millions of rows, and nearly all have these alone: comparing is several times faster
 * than looking up.
 */
function isPlainKey(key: string): boolean {
  return (
    key === 'timestamp' ||
    key === 'value' ||
    key === 'externalId' ||
    key === 'id' ||
    key === 'instanceId'
  );
}

/** Keys that change what an input is. */
const SPECIAL: ReadonlySet<string> = new Set([
  'space',
  'status',
  'datapoints',
  'timestamps',
  'values',
  'statuses',
  'nulls',
  'isString',
]);

function seriesIn<K>(all: Map<K, HeldSeries>, key: K, identifier: Identifier): HeldSeries {
  let held = all.get(key);
  if (held === undefined) {
    held = {
      identifier,
      kind: undefined,
      chunks: [],
      rows: undefined,
      rowsBefore: 0,
      isHeld: false,
    };
    all.set(key, held);
  }
  return held;
}

function checkKind(held: HeldSeries, kind: HeldSeries['kind']): void {
  if (kind === undefined) return;
  if (held.kind !== undefined && held.kind !== kind) throw mixedKinds(held.identifier);
  held.kind = kind;
}

function isFull(parts: readonly InsertionPart[]): boolean {
  return countPoints(parts) === MOST_INSERTED.points || parts.length === MOST_INSERTED.series;
}

/**
 * Not `structuredClone`: of a view it copies the whole buffer, and a source may cut a large one
 * into many blocks.
 */
function copyOf({ timestamps, values, statuses, nulls, needsJson }: WriteColumns): WriteColumns {
  return {
    timestamps: timestamps.slice(),
    values: values.slice(),
    needsJson,
    ...(statuses !== undefined && {
      statuses: {
        indexes: statuses.indexes.slice(),
        codes: statuses.codes.slice(),
        symbols: [...statuses.symbols],
      },
    }),
    ...(nulls !== undefined && { nulls: nulls.slice() }),
  };
}

/** Rows that grow as columns. */
class RowColumns {
  isAscending = true;
  #timestamps: Float64Array;
  #numbers: Float64Array | undefined;
  readonly #strings: string[] = [];
  #size = 0;
  #last = -Infinity;

  /** @param expected how many there will be, if it goes on as before */
  constructor(kind: 'number' | 'string', expected: number) {
    this.#timestamps = new Float64Array(Math.max(16, expected));
    if (kind === 'number') this.#numbers = new Float64Array(this.#timestamps.length);
    // Strings are looked at once more, as a whole.
    else this.isAscending = false;
  }

  push(time: number, value: number | string): void {
    const index = this.#size++;
    if (index === this.#timestamps.length) this.#grow();
    this.#timestamps[index] = time;
    if (this.#numbers !== undefined) this.#numbers[index] = value as number;
    else this.#strings.push(value as string);
    if (!(time > this.#last)) this.isAscending = false;
    this.#last = time;
  }

  take(): WriteColumns {
    return {
      timestamps: this.#timestamps.subarray(0, this.#size),
      values: this.#numbers?.subarray(0, this.#size) ?? this.#strings,
      needsJson: false,
    };
  }

  #grow(): void {
    const larger = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(column.length * 2);
      next.set(column);
      return next;
    };
    this.#timestamps = larger(this.#timestamps);
    this.#numbers &&= larger(this.#numbers);
  }
}
