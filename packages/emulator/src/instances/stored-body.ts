import { exactJsonText, parseExactJson } from '../http/exact-json.js';
import { instanceKey } from '../schema/keys.js';
import type { Entry, EntryState, InstanceType } from './entry.js';

/** An instance in the database: an array, as the names would be most of it. */
type StoredBody = [
  instanceType: InstanceType,
  space: string,
  externalId: string,
  version: number,
  createdTime: number,
  lastUpdatedTime: number,
  deletedTime: number | null,
  type: string | null,
  start: string | null,
  end: string | null,
  data: EntryState['data'],
];

/** The text that is stored of an instance. */
export function bodyOf(entry: Entry): string {
  const {
    instanceType,
    space,
    externalId,
    version,
    createdTime,
    lastUpdatedTime,
    deletedTime = null,
  } = entry;
  const { type = null, start = null, end = null, data } = entry;
  const body: StoredBody = [
    instanceType,
    space,
    externalId,
    version,
    createdTime,
    lastUpdatedTime,
    deletedTime,
    type,
    start,
    end,
    data,
  ];
  return exactJsonText(body);
}

/** The instance of a stored string; throws when the string is not an instance. */
export function entryOf(seq: number, change: number, body: string): Entry {
  const [
    instanceType,
    space,
    externalId,
    version,
    createdTime,
    lastUpdatedTime,
    deletedTime,
    type,
    start,
    end,
    data,
  ] = parseExactJson(body) as StoredBody;
  return {
    instanceType,
    space,
    externalId,
    key: instanceKey({ space, externalId }),
    seq,
    change,
    version,
    createdTime,
    lastUpdatedTime,
    deletedTime: deletedTime ?? undefined,
    type: type ?? undefined,
    start: start ?? undefined,
    end: end ?? undefined,
    data,
    cached: undefined,
  };
}
