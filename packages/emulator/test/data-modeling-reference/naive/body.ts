import type { Json } from '../../helpers.js';
import { isObject, refuse, violation } from './state.js';

const SPACE = /^[a-zA-Z][a-zA-Z0-9_-]{0,41}[a-zA-Z0-9]?$/;
const EXTERNAL_ID = /^[a-zA-Z]([a-zA-Z0-9_]{0,253}[a-zA-Z0-9])?$/;
const VERSION = /^[a-zA-Z0-9]([.a-zA-Z0-9_-]{0,41}[a-zA-Z0-9])?$/;
const PROPERTY = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,253}[a-zA-Z0-9]?$/;
const RESERVED_SPACES = new Set(['space', 'cdf', 'dms', 'pg3', 'shared', 'system', 'node', 'edge']);
const RESERVED_IDS = new Set(
  (
    'Query Mutation Subscription String Int32 Int64 Int Float32 Float64 Float Timestamp JSONObject Date Numeric ' +
    'Boolean PageInfo File Sequence TimeSeries'
  ).split(' '),
);
export const RESERVED_PROPERTIES: ReadonlySet<string> = new Set(
  (
    'space externalId createdTime lastUpdatedTime deletedTime edge_id node_id project_id property_group seq ' +
    'tg_table_name extensions'
  ).split(' '),
);

export function itemsOf(body: Json, most: number, least = 1, name = 'items'): Json[] {
  if (!isObject(body)) violation('body must be an object');
  const items = body[name];
  if (items === undefined || items === null) violation(`${name} must not be null`);
  if (!Array.isArray(items)) violation(`${name} must be an array`);
  if (items.length < least || items.length > most)
    violation(`${name} size must be between ${least} and ${most}`);
  for (const item of items) if (!isObject(item)) violation(`${name} must hold objects`);
  return items;
}

export function limitOf(value: Json, standard: number, most: number): number {
  if (value === undefined || value === null) return standard;
  if (!Number.isInteger(value) || value < 1 || value > most)
    violation(`limit must be between 1 and ${most}`);
  return value;
}

/** A list of at most so many entries, or no list. */
export function listOf(value: Json, most: number, name: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) violation(`${name} must be an array`);
  if (value.length > most) violation(`${name} size must be between 0 and ${most}`);
  return value;
}

export function checkKeys(value: Json, allowed: readonly string[], path: string): void {
  if (!isObject(value)) violation(`${path} must be an object`);
  for (const key of Object.keys(value))
    if (!allowed.includes(key)) refuse(`Unexpected field - ${path}.${key}`);
}

export function checkTexts({ name, description }: Json): void {
  if (typeof name === 'string' && name.length > 255)
    violation('name size must be between 0 and 255');
  if (typeof description === 'string' && description.length > 1024)
    violation('description size must be between 0 and 1024');
}

export function checkSpaceId(space: unknown): void {
  if (typeof space !== 'string') violation('space must not be null');
  if (!SPACE.test(space)) violation(`space must match ${SPACE.source}`);
}

export function checkNewSpaceId(space: unknown): void {
  checkSpaceId(space);
  if (RESERVED_SPACES.has(space as string)) refuse(`The space id ${space} is reserved`);
  if ((space as string).startsWith('cdf_')) refuse(`The space id ${space} begins with cdf_`);
}

export function checkSchemaId(externalId: unknown): void {
  if (typeof externalId !== 'string') violation('externalId must not be null');
  if (!EXTERNAL_ID.test(externalId)) violation(`externalId must match ${EXTERNAL_ID.source}`);
  if (RESERVED_IDS.has(externalId)) refuse(`The external id ${externalId} is reserved`);
}

export function checkVersion(version: unknown): void {
  if (typeof version !== 'string') violation('version must not be null');
  if (!VERSION.test(version)) violation(`version must match ${VERSION.source}`);
}

export function checkPropertyIds(ids: readonly string[]): void {
  for (const id of ids) {
    if (!PROPERTY.test(id)) violation(`property identifier must match ${PROPERTY.source}`);
    if (RESERVED_PROPERTIES.has(id)) violation(`property identifier ${id} is reserved`);
  }
}

export function reservedProperty(): never {
  refuse(
    `Property identifier cannot be one of the reserved values: [${[...RESERVED_PROPERTIES].join(', ')}]`,
  );
}

export function checkIdentity({ instanceType, space, externalId }: Json): void {
  if (instanceType !== 'node' && instanceType !== 'edge')
    violation('instanceType must be node or edge');
  checkSpaceId(space);
  checkExternalId(externalId);
}

function checkExternalId(externalId: unknown): void {
  if (typeof externalId !== 'string') violation('externalId must not be null');
  if (externalId.length < 1 || externalId.length > 256 || externalId.includes('\0'))
    violation('externalId size must be between 1 and 256');
}

/** A node's type, or an end of an edge. */
export function checkReference(value: Json, name: string): void {
  if (!isObject(value)) violation(`${name} must not be null`);
  checkSpaceId(value.space);
  checkExternalId(value.externalId);
}
