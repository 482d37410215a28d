import { quoted, refuseUnknown } from '@cdf/core/resource';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { isView, propertiesOf, viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { defaultFault, LARGEST_TEXT } from './default-faults.js';
import { attempt, isObject, LONGEST_DESCRIPTION, names, textFault } from './faults.js';
import {
  enumValueFault,
  type Fault,
  idFault,
  isOfSystem,
  isReservedInContainers,
  mustBe,
  nameFault,
  spaceFault,
} from './name-rules.js';

const MOST_VALUES = 32;
const LONGEST_LIST = 2_000;

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

/** What is wrong with a property of a view's own. */
export function propertyFaults(view: AnyView, name: string): Fault[] {
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
  const isReserved = isReservedInContainers(containerProperty) && !isOfSystem(space);
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
      return enumValueFault(value);
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
