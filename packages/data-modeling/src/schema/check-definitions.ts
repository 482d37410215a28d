import { CdfError, ConfigError } from '@cdf/core';
import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { isView, propertiesOf, viewKey } from '../view/properties.js';
import { toJsonData } from '../wire/data.js';
import { describe } from '../wire/describe.js';
import { isText } from '../wire/right-values.js';
import { defaultFault, LARGEST_TEXT } from './default-faults.js';

// The rules of the API for schemas, as its OpenAPI document and its documentation state them. Views
// are checked here and not where they are made: a bundle that only reads has no use for the rules.

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

const LONGEST_NAME = 255;
const LONGEST_DESCRIPTION = 1_024;
const MOST_VALUES = 32;
const MOST_PROPERTIES = 300;
const MOST_PARENTS = 10;
const LONGEST_LIST = 2_000;

const VIEW_OPTIONS = /* @__PURE__ */ names('implements name description filter usedFor');
/** Options that the functions of `p`, and of properties, take. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  'p.text': names('maxSize'),
  'p.int': names('unit autoIncrement'),
  'p.bigint': names('unit autoIncrement'),
  'p.float': names('unit bits'),
  'p.node': names('required'),
  'p.ref': names('required'),
  'p.timeSeries': names('required'),
  'p.file': names('required'),
  'p.reverse': names('single'),
  'p.edges': names('type direction properties single'),
  many: names('maxListSize'),
  storedIn: names('container property'),
};
const RELATIONS: readonly string[] = ['ref', 'node', 'timeSeries', 'file'];

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function names(text: string): Readonly<Record<string, true>> {
  return Object.fromEntries(text.split(' ').map((name) => [name, true]));
}

/**
 * Checks views against the rules of the API.
 *
 * @throws {ConfigError} with every fault: the view, the property and the rule
 */
export function checkDefinitions(views: readonly AnyView[], what: string): void {
  const faults = views.flatMap((view) =>
    faultsOf(view).map((fault) => `view ${viewKey(view)}: ${fault}`),
  );
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '' : `${faults.length} faults: `;
  throw new ConfigError(`${what}: ${count}${faults.join('; ')}`);
}

type Fault = string | undefined;

function faultsOf(view: AnyView): string[] {
  const { space, externalId, version, options } = view;
  return [
    spaceFault(space, 'space'),
    idFault(externalId, 'externalId', space),
    VERSION.test(version) ? undefined : mustBe('version', RULES.version, version),
    ...optionFaults(options),
    ...countFaults(view),
    ...view.ownProperties.flatMap((name) =>
      propertyFaults(view, name).map((fault) => fault && `${quoted(name)}: ${fault}`),
    ),
  ].filter((fault) => fault !== undefined);
}

function countFaults({ properties, options }: AnyView): Fault[] {
  const count = Object.keys(properties).length;
  const parents = options.implements?.length ?? 0;
  return [
    count > MOST_PROPERTIES
      ? `it has ${count} properties with those that it inherits, the API takes ${MOST_PROPERTIES}`
      : undefined,
    parents > MOST_PARENTS
      ? `it implements ${parents} views, the API takes ${MOST_PARENTS}`
      : undefined,
  ];
}

function mustBe(name: string, rule: string, got: unknown): string {
  return `${name} must be ${rule}, got ${describe(got)}`;
}

function spaceFault(space: unknown, what: string): Fault {
  if (typeof space !== 'string' || !SPACE.test(space)) return mustBe(what, RULES.space, space);
  return RESERVED_SPACES.has(space) ? `${what} ${quoted(space)} is reserved` : undefined;
}

function idFault(id: unknown, what: string, space: unknown): Fault {
  if (typeof id !== 'string' || !ID.test(id)) return mustBe(what, RULES.id, id);
  return RESERVED_IDS.has(id) && !isOfSystem(space)
    ? `${what} ${quoted(id)} is reserved`
    : undefined;
}

function isOfSystem(space: unknown): boolean {
  return String(space).startsWith(SYSTEM);
}

function optionFaults(options: AnyView['options']): Fault[] {
  const { name, description, filter, usedFor } = options;
  const isUse = usedFor === undefined || ['node', 'edge', 'all'].includes(usedFor);
  return [
    attempt(() => refuseUnknown(Object.keys(options), VIEW_OPTIONS, 'options')),
    textFault('name', name, LONGEST_NAME),
    textFault('description', description, LONGEST_DESCRIPTION),
    filterFault(filter),
    isUse ? undefined : mustBe('usedFor', "'node', 'edge' or 'all'", usedFor),
  ];
}

/** A filter is sent as it is: the API takes 64-bit integers there. */
function filterFault(filter: unknown): Fault {
  if (filter === undefined) return undefined;
  return isObject(filter)
    ? attempt(() => toJsonData(filter, 'filter', true))
    : mustBe('filter', 'an object', filter);
}

function textFault(what: string, value: unknown, longest: number): Fault {
  if (typeof value === 'string' && !isText(value))
    return `${what} has half of a surrogate pair, which JSON cannot carry`;
  return value === undefined || (typeof value === 'string' && value.length <= longest)
    ? undefined
    : mustBe(what, `a string of at most ${longest} characters`, value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message of a ConfigError. */
function attempt(check: () => unknown): Fault {
  try {
    check();
    return undefined;
  } catch (error) {
    if (CdfError.isInstance(error)) return error.message;
    throw error;
  }
}

function propertyFaults(view: AnyView, name: string): Fault[] {
  const definition = propertiesOf(view).get(name) as PropertyDefinition;
  const { kind, given = [], description } = definition;
  const isHeldByOthers = kind === 'reverse' || kind === 'edges';
  return [
    nameFault(name),
    view.options.usedFor === 'edge' && ['type', 'startNode', 'endNode'].includes(name)
      ? `edges have a ${name} of their own; name the property otherwise`
      : undefined,
    ...given.map(([call, options]) => givenFault(call, options)),
    textFault('description', description, LONGEST_DESCRIPTION),
    ...(isHeldByOthers ? [] : storageFaults(view, name, definition)),
    ...valueFaults(definition),
    defaultFault(definition, isHeldByOthers),
    relationFault(definition),
  ];
}

function nameFault(name: string): Fault {
  if (!PROPERTY.test(name)) return RULES.property;
  return RESERVED_PROPERTIES.has(name) ? 'the name is reserved; name it otherwise' : undefined;
}

/** Options that would be ignored. */
function givenFault(call: string, options: unknown): Fault {
  const known = OPTIONS[call];
  if (options === undefined || known === undefined) return undefined;
  if (!isObject(options)) return `${call}: expected an object of options, got ${describe(options)}`;
  return attempt(() => refuseUnknown(Object.keys(options), known, call));
}

function storageFaults(
  view: AnyView,
  name: string,
  { container, containerProperty = name }: PropertyDefinition,
): Fault[] {
  if (container !== undefined && !isObject(container))
    return [`storedIn: ${mustBe('container', '{ space, externalId }', container)}`];
  if (typeof containerProperty !== 'string')
    return [`storedIn: ${mustBe('property', 'a string', containerProperty)}`];
  const { space, externalId } = container ?? view;
  const isReserved = RESERVED_IN_CONTAINERS.has(containerProperty) && !isOfSystem(space);
  const remedy = `store it elsewhere: .storedIn({ property: ${quoted(`${name}_`)} })`;
  const own = containerProperty === name ? undefined : nameFault(containerProperty);
  const faults = [
    container && spaceFault(space, 'container: space'),
    container && idFault(externalId, 'container: externalId', space),
    own && `property ${quoted(containerProperty)}: ${own}`,
  ];
  return [
    ...faults.map((fault) => fault && `storedIn: ${fault}`),
    !isReserved
      ? undefined
      : containerProperty === name
        ? `the name is reserved; name it otherwise, or ${remedy}`
        : `storedIn: property ${quoted(containerProperty)} is reserved in containers`,
  ];
}

function valueFaults({
  kind,
  list,
  values,
  unit,
  bits,
  resource,
  maxSize,
  maxListSize,
  autoIncrement,
}: PropertyDefinition): Fault[] {
  return [
    autoIncrement === undefined || autoIncrement === true
      ? undefined
      : mustBe('autoIncrement', 'true, or be left out', autoIncrement),
    ...(kind === 'enum' ? enumFaults(values ?? [], list) : []),
    kind === 'classic' && !['timeseries', 'file', 'sequence'].includes(resource as string)
      ? `p.classic takes 'timeseries', 'file' or 'sequence', got ${describe(resource)}`
      : undefined,
    bits === undefined || bits === 32 || bits === 64 ? undefined : mustBe('bits', '32 or 64', bits),
    unit === undefined || (typeof unit === 'string' && unit !== '')
      ? undefined
      : mustBe('unit', 'a non-empty string', unit),
    sizeFault('maxSize', maxSize, LARGEST_TEXT),
    sizeFault('maxListSize', maxListSize, LONGEST_LIST),
  ];
}

function sizeFault(what: string, size: unknown, most: number): Fault {
  const isRight = Number.isInteger(size) && (size as number) >= 1 && (size as number) <= most;
  return size === undefined || isRight
    ? undefined
    : mustBe(what, `a whole number from 1 to ${most}`, size);
}

function enumFaults(values: readonly unknown[], list: boolean): Fault[] {
  if (values.length < 1 || values.length > MOST_VALUES)
    return [`p.oneOf needs 1 to ${MOST_VALUES} values, got ${values.length}`];
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  return [
    list ? 'an enum cannot be a list; use p.text().many()' : undefined,
    twice === undefined ? undefined : `the value ${quoted(String(twice))} appears twice`,
    ...values.map((value) => {
      if (typeof value !== 'string')
        return `p.oneOf takes strings: p.oneOf('a', 'b'), got ${describe(value)}`;
      return ENUM_VALUE.test(value) && !NO_VALUES.has(value)
        ? undefined
        : `${quoted(value)} cannot be a value of an enum: ${RULES.value}`;
    }),
  ];
}

function relationFault({
  kind,
  target,
  through = '',
  edgeType,
  edgeView,
  direction = 'outwards',
}: PropertyDefinition): Fault {
  if (kind !== 'ref' && kind !== 'reverse' && kind !== 'edges') return undefined;
  const fault = viewFault(`p.${kind}`, target);
  if (fault !== undefined) return fault;
  const found = target?.() as AnyView;
  if (kind === 'edges') {
    if (!isName(edgeType))
      return `p.edges needs the type of its edges: { type: { space, externalId } }, got ${describe(edgeType)}`;
    if (direction !== 'outwards' && direction !== 'inwards')
      return mustBe('direction', "'outwards' or 'inwards'", direction);
    return edgeView === undefined ? undefined : viewFault('p.edges: properties', edgeView);
  }
  const properties = propertiesOf(found);
  // A view of another model is written without its properties: nothing is known of them.
  if (kind !== 'reverse' || properties.size === 0) return undefined;
  const other = properties.get(through);
  if (other === undefined)
    return `p.reverse: ${viewKey(found)} has no property ${quoted(String(through))}`;
  // It may lead to any view: a node of that one may be one of this view too, since a node can have
  // data in any containers.
  return RELATIONS.includes(other.kind)
    ? undefined
    : `p.reverse: ${quoted(through)} of ${viewKey(found)} is a property of kind ${other.kind}, expected a relation`;
}

function viewFault(what: string, target: unknown): Fault {
  if (typeof target !== 'function')
    return `${what} takes a function: ${what.split(':')[0]}(() => Area)`;
  const view: unknown = target();
  return isView(view)
    ? undefined
    : `${what}: the function gives ${describe(view)}, expected a view`;
}

function isName(value: unknown): value is NodeReference {
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  return [space, externalId].every((part) => typeof part === 'string' && part !== '');
}
