import { type BodyDecoder, DecodeError } from '@cdf/core';
import type { AnswerItem } from './answer-item.js';
import type { MakePointReader, PointReader } from './point-fields.js';
import type { PageRoom } from './points.js';
import { malformed, Reader } from './reader.js';
import { SeriesReader } from './series-reader.js';

/** The tag of a series. */
const SERIES = 0x0a;
/**
 * No protobuf message of this kind begins with a brace; a server or proxy that only speaks JSON
 * answers with one.
 */
const BRACE = 0x7b;
/** The part of a piece that completes a field of the piece before. @unit bytes */
const BRIDGE = 64;

/** The series that a decoder has made. */
export class DecodedAnswer {
  readonly items: readonly AnswerItem[];

  constructor(items: readonly AnswerItem[]) {
    this.items = items;
  }
}

/**
 * Makes an answer of `/timeseries/data/list` into series while it arrives, wherever it is cut:
 * points are in their columns before the next piece is there, and no more of the answer is held
 * than a field that is not whole.
 */
export class AnswerReader implements BodyDecoder {
  readonly #makeAggregates: MakePointReader | undefined;
  readonly #mostBytes: number;
  readonly #rooms: readonly (PageRoom | undefined)[];
  readonly #items: SeriesReader[] = [];
  /** Bytes that are not read yet: less than a field of protobuf, or all of JSON. */
  #held: Uint8Array[] = [];
  #heldLength = 0;
  /** How long the held field will be, as far as that is known. */
  #wanted = 0;
  #isJson = false;
  #isClosed = false;
  /** Bytes read until now: what the ends below are counted in. */
  #done = 0;
  #series: SeriesReader | undefined;
  #seriesEnd = Infinity;
  #points: PointReader | undefined;
  #pointsEnd = Infinity;

  /**
   * @param makeAggregates makes a reader of aggregates, where they were requested
   * @param mostBytes of protobuf without strings: it shows only now which series have strings
   * @param rooms that raw numbers are read into, one for each series, in the order of the request
   */
  constructor(
    makeAggregates: MakePointReader | undefined,
    mostBytes: number = Infinity,
    rooms: readonly (PageRoom | undefined)[] = [],
  ) {
    this.#makeAggregates = makeAggregates;
    this.#mostBytes = mostBytes;
    this.#rooms = rooms;
  }

  /** The rooms are not its own any more: whatever still comes is refused. */
  close(): void {
    this.#isClosed = true;
  }

  /** @throws {DecodeError} as soon as it is seen that it cannot be an answer. */
  push(bytes: Uint8Array): void {
    if (this.#isClosed) throw new DecodeError('data points: bytes came after their request ended');
    if (this.#done + this.#heldLength === 0) this.#isJson = bytes[0] === BRACE;
    const rest = this.#heldLength > 0 && !this.#isJson ? this.#bridge(bytes) : bytes;
    this.#hold(this.#isJson ? rest : rest.subarray(this.#read(rest)));
    if (!this.#isJson && this.#done + this.#heldLength > this.#mostBytes && !this.#hasStrings())
      throw new DecodeError(
        `data points: the answer exceeds ${this.#mostBytes} bytes, the maxResponseBytes of numbers: the query needs less`,
      );
  }

  /** The series, or JSON that has been parsed. @throws {DecodeError} when it is cut short. */
  end(): unknown {
    if (this.#isJson) return parse(this.#join());
    if (this.#heldLength > 0 || this.#series !== undefined) throw malformed('it is cut short');
    return new DecodedAnswer(this.#items);
  }

  #hasStrings(): boolean {
    return this.#series?.hasStrings === true || this.#items.some(({ hasStrings }) => hasStrings);
  }

  /**
   * Reads the field that began in the piece before, and gives what comes behind it. Where it goes
   * on behind this piece, that is held as well.
   */
  #bridge(bytes: Uint8Array): Uint8Array {
    const held = this.#heldLength;
    let taken = 0;
    for (let more = BRIDGE; taken < bytes.length; more *= 2) {
      taken = Math.min(Math.max(more, this.#wanted - held), bytes.length);
      if (held + taken < this.#wanted) break;
      const read = this.#read(this.#join(bytes.subarray(0, taken)));
      if (read === 0) continue;
      this.#held = [];
      this.#heldLength = 0;
      return bytes.subarray(read - held);
    }
    this.#hold(bytes);
    return bytes.subarray(bytes.length);
  }

  /** Copies them: what is held must not keep the piece that it is from. */
  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held.push(new Uint8Array(bytes));
    this.#heldLength += bytes.length;
  }

  #join(more: Uint8Array = new Uint8Array(0)): Uint8Array {
    const joined = new Uint8Array(this.#heldLength + more.length);
    let at = 0;
    for (const part of [...this.#held, more]) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  /** Reads as many fields as are whole, and gives how many bytes those are. */
  #read(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const reader = new Reader(bytes);
    while (
      this.#points === undefined ? this.#readField(reader) : this.#readPoints(reader, this.#points)
    );
    this.#done += reader.position;
    return reader.position;
  }

  /** False when there are not enough bytes. */
  #readPoints(reader: Reader, points: PointReader): boolean {
    const end = this.#pointsEnd - this.#done;
    const available = Math.min(end, reader.bytes.length);
    points.read(reader, available);
    if (reader.position < end) return this.#await(reader, reader.fieldEnd(available), end);
    this.#points = undefined;
    return true;
  }

  /**
   * False when there are not enough bytes. Series, and the points in them, are entered as soon as
   * their beginning is there.
   */
  #readField(reader: Reader): boolean {
    if (reader.position === this.#seriesEnd - this.#done) this.#finishSeries();
    const series = this.#series;
    const end = this.#seriesEnd - this.#done;
    const start = reader.position;
    const available = Math.min(end, reader.bytes.length);
    if (start === available) return false;
    const fieldEnd = reader.fieldEnd(available);
    if (Number.isNaN(fieldEnd) || fieldEnd > end) return this.#await(reader, fieldEnd, end);
    const tag = reader.varint(available);
    if (series === undefined && tag === SERIES) {
      this.#series = new SeriesReader(this.#makeAggregates, this.#rooms[this.#items.length]);
      this.#seriesEnd = this.#done + reader.lengthEnd(end);
      return true;
    }
    this.#points = series?.pointsOf(tag, fieldEnd - start);
    if (this.#points !== undefined) {
      this.#pointsEnd = this.#done + reader.lengthEnd(end);
      return true;
    }
    if (fieldEnd > available) {
      reader.position = start;
      return this.#await(reader, fieldEnd, end);
    }
    if (series === undefined) reader.position = fieldEnd;
    else series.readField(reader, tag, fieldEnd);
    if (reader.position !== fieldEnd) throw malformed('a field does not fill its length');
    return true;
  }

  /**
   * Remembers how long the field will be.
   *
   * @throws {DecodeError} when it cannot end where what holds it does.
   */
  #await(reader: Reader, fieldEnd: number, end: number): false {
    if (fieldEnd > end || (Number.isNaN(fieldEnd) && end <= reader.bytes.length))
      throw malformed('a part is longer than what holds it');
    this.#wanted = Number.isNaN(fieldEnd) ? 0 : fieldEnd - reader.position;
    return false;
  }

  #finishSeries(): void {
    if (this.#series !== undefined) {
      this.#series.finish();
      this.#items.push(this.#series);
    }
    this.#series = undefined;
    this.#seriesEnd = Infinity;
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new DecodeError('data points: the answer is neither protobuf nor JSON', { cause });
  }
}
