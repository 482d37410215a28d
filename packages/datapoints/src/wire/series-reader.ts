import type { SeriesInfo } from '../datapoints-types.js';
import type { Columns, Layout } from '../points/columns.js';
import { emptyColumns } from '../points/columns.js';
import { type AnswerItem, checkType } from './answer-item.js';
import type { MakePointReader, PointReader } from './point-fields.js';
import { NumberPoints, type PageRoom } from './points.js';
import { malformed, type Reader } from './reader.js';
import { TextPoints } from './text-points.js';

/** Fields of a series that hold its points. */
const NUMBERS = 0x1a;
const TEXTS = 0x22;
const AGGREGATES = 0x2a;
const STATES = 0x6a;
const STATE_AGGREGATES = 0x7a;

/** The protobuf field numbers. */
const TYPES = ['', 'numeric', 'string', 'state'];

/** One series of a protobuf answer, made field by field. */
export class SeriesReader implements AnswerItem {
  readonly info: { -readonly [K in keyof SeriesInfo]: SeriesInfo[K] } = {
    id: 0,
    isString: false,
    isStep: false,
  };
  nextCursor: string | undefined;
  readonly #makeAggregates: MakePointReader | undefined;
  readonly #room: PageRoom | undefined;
  #kind = 0;
  #points: PointReader | undefined;

  /**
   * @param makeAggregates makes a reader of aggregates, where they were requested
   * @param room for raw numbers
   */
  constructor(makeAggregates: MakePointReader | undefined, room?: PageRoom) {
    this.#makeAggregates = makeAggregates;
    this.#room = room;
  }

  get hasStrings(): boolean {
    return this.#kind === TEXTS;
  }

  /**
   * Reader of the points that follow the tag; undefined for a tag that is not of points.
   *
   * @param bytes of those points
   */
  pointsOf(tag: number, bytes: number): PointReader | undefined {
    if (
      tag !== NUMBERS &&
      tag !== TEXTS &&
      tag !== AGGREGATES &&
      tag !== STATES &&
      tag !== STATE_AGGREGATES
    )
      return undefined;
    // A oneof: of several kinds the last one counts, several of one kind are one list.
    if (this.#kind !== tag) this.#points = this.#readerOf(tag, bytes);
    this.#kind = tag;
    return this.#points;
  }

  /** Reads any other field, whose tag has been read. */
  readField(reader: Reader, tag: number, end: number): void {
    const { info } = this;
    if (tag === 0x08) info.id = reader.varint(end);
    else if (tag === 0x12) info.externalId = reader.text(end);
    else if (tag === 0x30) info.isString = reader.varint(end) !== 0;
    else if (tag === 0x38) info.isStep = reader.varint(end) !== 0;
    // proto3 has no "absent" for strings: an empty unit or cursor is a missing one.
    else if (tag === 0x42) info.unit = reader.text(end) || undefined;
    else if (tag === 0x4a) this.nextCursor = reader.text(end) || undefined;
    else if (tag === 0x52) info.unitExternalId = reader.text(end) || undefined;
    else if (tag === 0x5a) info.instanceId = readInstanceId(reader, reader.lengthEnd(end));
    else if (tag === 0x60) {
      const type = reader.varint(end);
      info.type = TYPES[type] ?? String(type);
    } else reader.skip(tag, end);
  }

  /** All of its fields have been read. */
  finish(): void {
    const { info } = this;
    for (const key of ['externalId', 'unit', 'unitExternalId', 'type'] as const)
      if (info[key] === undefined || info[key] === '') delete info[key];
    if (this.#kind === TEXTS) info.isString = true;
    if (this.#kind === STATES || this.#kind === STATE_AGGREGATES) info.type = 'state';
  }

  read(layout: Layout, most: number): Columns {
    const { info } = this;
    checkType(info);
    const points = this.#points;
    if (points !== undefined && (this.#kind === AGGREGATES) !== (layout !== undefined))
      throw malformed(
        layout === undefined
          ? 'got aggregates, expected raw points'
          : 'got raw points, expected aggregates',
      );
    if (points === undefined || points.count === 0) return emptyColumns(layout, info.isString);
    if (points.count > most)
      throw malformed(`a series has ${points.count} points, expected at most ${most}`);
    if (this.#kind === NUMBERS && info.isString) throw malformed('numbers in a series of strings');
    if (this.#kind === TEXTS && info.type === 'numeric')
      throw malformed('strings in a series of numbers');
    return points.columns(layout);
  }

  leaveRoom(): void {
    if (this.#points instanceof NumberPoints) this.#points.leaveRoom();
  }

  #readerOf(kind: number, bytes: number): PointReader {
    if (kind === NUMBERS) return new NumberPoints(bytes, this.#room);
    if (kind === TEXTS) return new TextPoints(bytes);
    return (kind === AGGREGATES ? this.#makeAggregates?.(bytes) : undefined) ?? skipPoints();
  }
}

/** Points of a kind that is rejected once their series is known. */
function skipPoints(): PointReader {
  return {
    count: 0,
    read(reader, available) {
      reader.position = available;
    },
    columns: (layout) => emptyColumns(layout, false),
  };
}

function readInstanceId(reader: Reader, end: number): { space: string; externalId: string } {
  const instanceId = { space: '', externalId: '' };
  while (reader.position < end) {
    const tag = reader.varint(end);
    if (tag === 0x0a) instanceId.space = reader.text(end);
    else if (tag === 0x12) instanceId.externalId = reader.text(end);
    else reader.skip(tag, end);
  }
  return instanceId;
}
