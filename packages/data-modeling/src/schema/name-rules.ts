import { quoted } from '@cdf/core/resource';
import { describe } from '../wire/describe.js';

// The rules of the API for names, as its OpenAPI document and its documentation state them.

const SPACE = /^[a-zA-Z][a-zA-Z0-9_-]{0,41}[a-zA-Z0-9]?$/;
const ID = /^[a-zA-Z]([a-zA-Z0-9_]{0,253}[a-zA-Z0-9])?$/;
const VERSION = /^[a-zA-Z0-9]([.a-zA-Z0-9_-]{0,41}[a-zA-Z0-9])?$/;
const PROPERTY = /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,253}[a-zA-Z0-9]?$/;
const ENUM_VALUE = /^[_A-Za-z][_0-9A-Za-z]{0,127}$/;
const RULES = {
  space: '1 to 43 letters, digits, _ and -, a letter first',
  id: '1 to 255 letters, digits and _, a letter first, no _ at the end',
  version: '1 to 43 letters, digits, ., _ and -',
  property: 'a name must be 1 to 255 letters, digits, _ and -, a letter or digit first',
  value: '1 to 128 letters, digits and _, no digit first, and not true, false or null',
};
const RESERVED_SPACES = /* @__PURE__ */ words(
  'space cdf dms pg3 shared system node edge mapping constraint edge_source history identifier_by_space index node_source project property property_group property_group_constraint property_group_index version_info',
);
const RESERVED_IDS = /* @__PURE__ */ words(
  'Query Mutation Subscription String Int32 Int64 Int Float32 Float64 Float Timestamp JSONObject Date Numeric Boolean PageInfo File Sequence TimeSeries',
);
const RESERVED_PROPERTIES = /* @__PURE__ */ words(
  'space externalId createdTime lastUpdatedTime deletedTime edge_id node_id project_id property_group seq tg_table_name extensions',
);
/** Names that containers cannot have either. */
const RESERVED_IN_CONTAINERS = /* @__PURE__ */ words('version startNode endNode');
const NO_VALUES = /* @__PURE__ */ words('true false null');
/** Spaces of the service, whose models follow rules of their own. */
const SYSTEM = 'cdf_';

/** What is wrong, if anything. */
export type Fault = string | undefined;

export function mustBe(name: string, rule: string, got: unknown): string {
  return `${name} must be ${rule}, got ${describe(got)}`;
}

export function spaceFault(space: unknown, what: string): Fault {
  if (typeof space !== 'string' || !SPACE.test(space)) return mustBe(what, RULES.space, space);
  return RESERVED_SPACES.has(space) ? `${what} ${quoted(space)} is reserved` : undefined;
}

export function idFault(id: unknown, what: string, space: unknown): Fault {
  if (typeof id !== 'string' || !ID.test(id)) return mustBe(what, RULES.id, id);
  return RESERVED_IDS.has(id) && !isOfSystem(space)
    ? `${what} ${quoted(id)} is reserved`
    : undefined;
}

export function isOfSystem(space: unknown): boolean {
  return String(space).startsWith(SYSTEM);
}

export function versionFault(version: string): Fault {
  return VERSION.test(version) ? undefined : mustBe('version', RULES.version, version);
}

/** Of a property. */
export function nameFault(name: string): Fault {
  if (!PROPERTY.test(name)) return RULES.property;
  return RESERVED_PROPERTIES.has(name) ? 'the name is reserved; name it otherwise' : undefined;
}

export function isReservedInContainers(name: string): boolean {
  return RESERVED_IN_CONTAINERS.has(name);
}

export function enumValueFault(value: string): Fault {
  return ENUM_VALUE.test(value) && !NO_VALUES.has(value)
    ? undefined
    : `${quoted(value)} cannot be a value of an enum: ${RULES.value}`;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
