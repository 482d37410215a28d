import { type Check, needed, object, oneOf, text, where } from '../validation/schema.js';
import type { ContainerReference, InstanceKey, SourceReference, ViewReference } from './model.js';

const SPACE = /^[a-zA-Z](?:[a-zA-Z0-9_-]{0,41}[a-zA-Z0-9])?$|^[a-zA-Z][a-zA-Z0-9_-]{0,41}$/;
const EXTERNAL_ID = /^[a-zA-Z](?:[a-zA-Z0-9_]{0,253}[a-zA-Z0-9])?$/;
const VERSION = /^[a-zA-Z0-9](?:[.a-zA-Z0-9_-]{0,41}[a-zA-Z0-9])?$/;
const PROPERTY = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,253}[a-zA-Z0-9]?$/;
const ENUM_VALUE = /^[_A-Za-z][_0-9A-Za-z]{0,127}$/;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const RESERVED_SPACES = words(
  'space cdf dms pg3 shared system node edge mapping constraint edge_source history identifier_by_space index node_source project property property_group property_group_constraint property_group_index version_info',
);
const RESERVED_IDS = words(
  'Query Mutation Subscription String Int32 Int64 Int Float32 Float64 Float Timestamp JSONObject Date Numeric Boolean PageInfo File Sequence TimeSeries',
);
/** Names that a property cannot have, in the order in which refusals list them. */
export const RESERVED_PROPERTIES: readonly string[] = [
  'space',
  'externalId',
  'createdTime',
  'lastUpdatedTime',
  'deletedTime',
  'edge_id',
  'node_id',
  'project_id',
  'property_group',
  'seq',
  'tg_table_name',
  'extensions',
];
/** Names that users' containers cannot have either; the core model has one of them. */
export const RESERVED_IN_CONTAINERS: ReadonlySet<string> = words('version startNode endNode');
const RESERVED_PROPERTY_SET = new Set(RESERVED_PROPERTIES);
const NOT_ENUM_VALUES = words('true false null');

/** The prefix of spaces that belong to the service. */
export const SYSTEM_PREFIX = 'cdf_';

const matching =
  (pattern: RegExp): ((value: string) => string | undefined) =>
  (value) =>
    pattern.test(value) ? undefined : `must match "${pattern.source}"`;

const notReserved =
  (reserved: ReadonlySet<string>, what: string) =>
  (value: string): string | undefined =>
    reserved.has(value) ? `${what} '${value}' is reserved` : undefined;

export const spaceName: Check<string> = where(text({ min: 1, max: 43 }), matching(SPACE));
/** The name of a space that a request creates. */
export const newSpaceName: Check<string> = where(
  spaceName,
  notReserved(RESERVED_SPACES, 'space id'),
);
export const schemaExternalId: Check<string> = where(
  text({ min: 1, max: 255 }),
  matching(EXTERNAL_ID),
);
export const newSchemaExternalId: Check<string> = where(
  schemaExternalId,
  notReserved(RESERVED_IDS, 'external id'),
);
export const versionName: Check<string> = where(text({ min: 1, max: 43 }), matching(VERSION));
export const displayName: Check<string> = text({ max: 255 });
export const description: Check<string> = text({ max: 1024 });

/** Any characters but U+0000: the published pattern is escaped once too often. */
export const instanceExternalId: Check<string> = where(text({ min: 1, max: 256 }), (value) =>
  value.includes('\0') ? 'must not contain U+0000' : undefined,
);

/** The fault in the name of a property, if any. */
export function propertyNameProblem(name: string): string | undefined {
  if (!PROPERTY.test(name)) return `property identifier '${name}' must match "${PROPERTY.source}"`;
  return RESERVED_PROPERTY_SET.has(name) ? `property identifier '${name}' is reserved` : undefined;
}

export const propertyName: Check<string> = where(text({ min: 1, max: 255 }), matching(PROPERTY));

export function enumValueProblem(name: string): string | undefined {
  if (!ENUM_VALUE.test(name)) return `enum value '${name}' must match "${ENUM_VALUE.source}"`;
  return NOT_ENUM_VALUES.has(name) ? `enum value '${name}' is reserved` : undefined;
}

export const containerReferenceCheck: Check<ContainerReference> = object({
  type: needed(oneOf('container')),
  space: needed(spaceName),
  externalId: needed(schemaExternalId),
});

export const viewReferenceCheck: Check<ViewReference> = object({
  type: needed(oneOf('view')),
  space: needed(spaceName),
  externalId: needed(schemaExternalId),
  version: needed(versionName),
});

/** A view or a container, as `type` says. */
export const sourceReferenceCheck: Check<SourceReference> = (value, path, problems) =>
  (value as { type?: unknown } | null)?.type === 'container'
    ? containerReferenceCheck(value, path, problems)
    : viewReferenceCheck(value, path, problems);

export const instanceKeyCheck: Check<InstanceKey> = object({
  space: needed(spaceName),
  externalId: needed(instanceExternalId),
});
