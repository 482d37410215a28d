import type { Json } from '../../helpers.js';

/** The values of one container row, by property; a property without value has no entry. */
export type Row = Map<string, Json>;

export interface Reference {
  readonly space: string;
  readonly externalId: string;
}

export interface Instance extends Reference {
  readonly instanceType: 'node' | 'edge';
  /** Order of creation. */
  readonly id: number;
  /** Order of the last change. */
  change: number;
  version: number;
  readonly createdTime: number;
  lastUpdatedTime: number;
  deletedTime?: number;
  type?: Reference;
  startNode?: Reference;
  endNode?: Reference;
  /** By `space/container`. */
  readonly rows: Map<string, Row>;
}

/** All that the model knows: schema as it was sent, with defaults filled in, and instances. */
export interface State {
  time: number;
  next: number;
  readonly spaces: Map<string, Json>;
  /** By `space/externalId`. */
  readonly containers: Map<string, Json>;
  /** By `space:externalId/version`. */
  readonly views: Map<string, Json>;
  readonly models: Map<string, Json>;
  /** By `space/externalId`: nodes and edges share one table of identities. */
  readonly instances: Map<string, Instance>;
  readonly deleted: Instance[];
}

export function emptyState(): State {
  return {
    time: 1_700_000_000_000,
    next: 1,
    spaces: new Map(),
    containers: new Map(),
    views: new Map(),
    models: new Map(),
    instances: new Map(),
    deleted: [],
  };
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** A refusal of a request: nothing of it is done. */
export class Refusal extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

export function refuse(message: string, status = 400): never {
  throw new Refusal(message, status);
}

export function violation(...texts: readonly string[]): never {
  const count = texts.length;
  refuse(
    `Request had ${count} constraint violations. Please fix the request and try again. [${texts.join(', ')}]`,
  );
}

export const keyOf = ({ space, externalId }: Reference): string => `${space}/${externalId}`;
export const viewKey = ({ space, externalId, version }: Json): string =>
  `${space}:${externalId}/${version}`;
export const referenceOf = ({ space, externalId }: Reference): Reference => ({ space, externalId });
export const viewReference = ({ space, externalId, version }: Json): Json => ({
  type: 'view',
  space,
  externalId,
  version,
});
export const containerReference = ({ space, externalId }: Json): Json => ({
  type: 'container',
  space,
  externalId,
});
export const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Equal JSON, whatever the order of keys. */
export function same(left: Json, right: Json): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
    );
  }
  if ((typeof left === 'bigint' || typeof right === 'bigint') && isNumber(left) && isNumber(right))
    return BigInt(left) === BigInt(right);
  return left === right;
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || Number.isInteger(value);

/** Spaces that do not exist are named in one text. */
export function needSpaces(state: State, spaces: readonly string[]): void {
  const missing = [...new Set(spaces)].filter((space) => !state.spaces.has(space));
  if (missing.length > 0) refuse(`One or more spaces do not exist: ${missing.join(', ')}`);
}

export function needWritable(state: State, spaces: readonly string[]): void {
  for (const space of spaces)
    if (state.spaces.get(space)?.isGlobal)
      refuse(`The space ${space} is a system space and cannot be changed`);
}

/** The view that a reference names. */
export function needView(state: State, reference: Json): Json {
  const view = state.views.get(viewKey(reference));
  if (view === undefined) refuse(`One or more views do not exist: '${viewKey(reference)}'`);
  return view;
}

export function needContainer(state: State, reference: Reference): Json {
  const container = state.containers.get(keyOf(reference));
  if (container === undefined) refuse(`One or more containers do not exist: '${keyOf(reference)}'`);
  return container;
}

/** Sets name and description if they were sent; an absent one stays away. */
export function named(from: Json): Json {
  const result: Json = {};
  if (typeof from.name === 'string') result.name = from.name;
  if (typeof from.description === 'string') result.description = from.description;
  return result;
}

/** Keeps the times of existing items: an item that does not change keeps lastUpdatedTime. */
export function stamped(state: State, before: Json | undefined, after: Json): Json {
  const times = {
    createdTime: before?.createdTime ?? state.time,
    lastUpdatedTime: before?.lastUpdatedTime,
  };
  if (before !== undefined && same({ ...after, ...times }, before)) return before;
  return { ...after, createdTime: times.createdTime, lastUpdatedTime: state.time };
}
