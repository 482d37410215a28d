import { DecodeError, describeIdentifier } from '@cdf/core';
import type { Columns, Layout } from '../columns.js';
import type { SeriesInfo } from '../types.js';
import { type JsonItem, readJsonPoints } from './json.js';
import { readPoints } from './points.js';
import { malformed, Reader } from './reader.js';

/** One series of an answer, its points not read yet: what they are read into is known once it is matched to a request. */
export interface AnswerItem {
  readonly info: SeriesInfo;
  readonly nextCursor?: string | undefined;
  /** @throws {DecodeError} also when there are more points than `most`. */
  read(layout: Layout, most: number): Columns;
}

/**
 * The series of an answer of `/timeseries/data/list` or `/latest`: protobuf bytes, JSON bytes, or JSON that has been parsed.
 *
 * @throws {DecodeError} when it is none of them.
 */
export function readAnswer(answer: unknown): AnswerItem[] {
  if (!(answer instanceof Uint8Array)) return readJson(answer);
  // No protobuf message of this kind begins with a brace; a server or proxy that only speaks JSON answers with one.
  if (answer[0] === 0x7b) return readJson(parse(answer));
  return readProtobuf(answer);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new DecodeError('data points: the answer is neither protobuf nor JSON', { cause });
  }
}

function readJson(answer: unknown): AnswerItem[] {
  const items = (answer as { items?: unknown } | null)?.items;
  if (!Array.isArray(items)) throw new DecodeError('data points: the answer has no items');
  return (items as JsonItem[]).map((item) => {
    const { datapoints, nextCursor, ...info } = item;
    return {
      info: { ...info, isString: info.isString ?? false, isStep: info.isStep ?? false },
      nextCursor,
      read(layout, most) {
        checkType(info);
        return readJsonPoints(datapoints, layout, info.isString ?? false, most);
      },
    };
  });
}

/** What protobuf numbers. */
const TYPES = ['', 'numeric', 'string', 'state'];

/** Series of another type have points that are not looked for here: read as numbers they would seem to have none. */
function checkType(info: Pick<SeriesInfo, 'id' | 'externalId' | 'type'>): void {
  const { type } = info;
  if (type === undefined || type === 'numeric' || type === 'string') return;
  throw new DecodeError(
    `data points: ${describeIdentifier(info)} is a time series of type "${type}", which this version cannot read; ` +
      `leave series of that type out of the query, or ask the API for them with a request of your own`,
  );
}

function readProtobuf(bytes: Uint8Array): AnswerItem[] {
  const reader = new Reader(bytes);
  const end = bytes.length;
  const items: AnswerItem[] = [];
  while (reader.position < end) {
    const tag = reader.varint(end);
    if (tag === 0x0a) items.push(readItem(reader, reader.lengthEnd(end)));
    else reader.skip(tag, end);
  }
  return items;
}

function readItem(reader: Reader, end: number): AnswerItem {
  const info: { -readonly [K in keyof SeriesInfo]: SeriesInfo[K] } = { id: 0, isString: false, isStep: false };
  const ranges: [from: number, to: number][] = [];
  let kind = 0;
  let nextCursor: string | undefined;
  while (reader.position < end) {
    const tag = reader.varint(end);
    if (tag === 0x08) info.id = reader.varint(end);
    else if (tag === 0x12) info.externalId = reader.text(end);
    else if (tag === 0x30) info.isString = reader.varint(end) !== 0;
    else if (tag === 0x38) info.isStep = reader.varint(end) !== 0;
    // proto3 has no "absent" for text: an empty unit or cursor is none.
    else if (tag === 0x42) info.unit = reader.text(end) || undefined;
    else if (tag === 0x4a) nextCursor = reader.text(end) || undefined;
    else if (tag === 0x52) info.unitExternalId = reader.text(end) || undefined;
    else if (tag === 0x5a) info.instanceId = readInstanceId(reader, reader.lengthEnd(end));
    else if (tag === 0x60) {
      const type = reader.varint(end);
      info.type = TYPES[type] ?? String(type);
    } else if (tag === 0x1a || tag === 0x22 || tag === 0x2a || tag === 0x6a || tag === 0x7a) {
      // A oneof: of several kinds the last one counts, several of one kind are one list.
      if (kind !== tag) ranges.length = 0;
      kind = tag;
      const to = reader.lengthEnd(end);
      ranges.push([reader.position, to]);
      reader.position = to;
    } else reader.skip(tag, end);
  }
  if (reader.position !== end) throw malformed('a series runs over its end');
  for (const key of ['externalId', 'unit', 'unitExternalId', 'type'] as const)
    if (info[key] === undefined || info[key] === '') delete info[key];
  if (kind === 0x22) info.isString = true;
  if (kind === 0x6a || kind === 0x7a) info.type = 'state';
  const { bytes, view } = reader;
  return {
    info,
    nextCursor,
    read(layout, most) {
      checkType(info);
      if (kind !== 0 && (kind === 0x2a) !== (layout !== undefined))
        throw malformed(
          layout === undefined ? 'aggregates where raw points belong' : 'raw points where aggregates belong',
        );
      return readPoints({ bytes, view, ranges, isString: info.isString }, layout, most);
    },
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
