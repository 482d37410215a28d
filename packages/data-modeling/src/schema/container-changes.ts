import type {
  Container,
  ContainerProperty,
  ContainerPropertyType,
  ContainerWrite,
} from '../api/schema-types.js';
import { canonical, ownOf, withNumbers } from './canonical.js';
import { containerName } from './container-name.js';
import { keptProperties } from './kept-properties.js';
import type { SchemaChange } from './schema-change.js';
import { SIZES, sizeOf } from './sizes.js';
import { timeOf } from './time-of.js';

/** How a container differs from the one of the project. */
export function containerChanges(
  wanted: ContainerWrite,
  found: Container | undefined,
): SchemaChange[] {
  const at = { kind: 'container', name: containerName(wanted) } as const;
  if (found === undefined) return [{ ...at, change: 'added' }];
  const changes: SchemaChange[] = [];
  // One for nodes and edges takes what another view has here.
  if (found.usedFor !== 'all' && (wanted.usedFor ?? 'node') !== (found.usedFor ?? 'node'))
    changes.push({
      ...at,
      change: 'losesData',
      reason: `it is used for ${found.usedFor}, not ${wanted.usedFor}`,
    });
  for (const [property, definition] of Object.entries(wanted.properties)) {
    const known = ownOf(found.properties, property);
    if (known === undefined) {
      const isLate = definition.nullable === false && definition.defaultValue === undefined;
      const reason =
        'a new property of a container that exists must be optional, or have a default where no node has data there';
      changes.push({
        ...at,
        property,
        ...(isLate ? { change: 'refused', reason } : { change: 'added' }),
      });
      continue;
    }
    changes.push(
      ...propertyChanges(definition, known).map((change) => ({ ...at, property, ...change })),
    );
  }
  changes.push(...keptProperties(at, wanted.properties, found.properties));
  // A container that is made anew has no data that could stand against a change.
  const isAnew = changes.some(({ change }) => change === 'losesData');
  return isAnew
    ? changes.map((each) => (each.change === 'refused' ? addition(each) : each))
    : changes;
}

function addition({ kind, name, property }: SchemaChange): SchemaChange {
  return { kind, name, property, change: 'added' };
}

type Difference = Pick<SchemaChange, 'change' | 'reason'>;

/** How a property differs from the one of the project. */
export function propertyChanges(wanted: ContainerProperty, found: ContainerProperty): Difference[] {
  const type = typeDifference(wanted.type, found.type);
  if (type !== undefined) return [type];
  if ((wanted.nullable ?? true) && found.nullable === false)
    return [loses('it is required in the project, and cannot become optional')];
  if (wanted.autoIncrement === true && found.autoIncrement !== true)
    return [loses('the project does not count it, and cannot begin to (autoIncrement)')];
  const reasons = describeChanges(wanted, found);
  const kept = keptOf(wanted, found);
  return reasons.length > 0 ? [{ change: 'changed', reason: reasons.join('; ') }, ...kept] : kept;
}

/** How the property of the project changes, in words. */
function describeChanges(wanted: ContainerProperty, found: ContainerProperty): string[] {
  const { type, defaultValue } = wanted;
  const values = newValues(type, found.type);
  return [
    ...((wanted.nullable ?? true) === (found.nullable ?? true) ? [] : ['it becomes required']),
    ...(wanted.immutable === true && found.immutable !== true ? ['it becomes immutable'] : []),
    ...(defaultValue === undefined || isSameDefault(type, defaultValue, found.defaultValue)
      ? []
      : [`its default becomes ${shown(defaultValue)}, from ${shown(found.defaultValue)}`]),
    ...SIZES.filter((size) => (type[size] ?? 0) > sizeOf(found.type, size)).map(
      (size) => `${size} becomes ${type[size]}, from ${found.type[size] ?? 'its default'}`,
    ),
    ...(values.length > 0 ? [`new values: ${values.join(', ')}`] : []),
  ];
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : canonical(value);
}

/**
 * Parts of a property that only the project has: a later application may have pushed them. The API
 * takes values and sizes not back; that a property can be changed no view says.
 */
function keptOf(wanted: ContainerProperty, found: ContainerProperty): Difference[] {
  const [here, there] = [wanted.type, found.type];
  const others = here.values === undefined ? [] : newValues(there, here);
  const sizes = SIZES.filter((size) => (here[size] ?? Infinity) < sizeOf(there, size));
  return [
    ...(others.length > 0 ? [`the project has other values: ${others.join(', ')}`] : []),
    ...sizes.map((size) => `${size} is ${there[size] ?? 'not set'} in the project`),
    ...(found.immutable === true && wanted.immutable !== true
      ? ['it is immutable in the project']
      : []),
  ].map((reason) => ({ change: 'kept', reason }));
}

/** A time and a number have several texts. */
function isSameDefault({ type }: ContainerPropertyType, wanted: unknown, found: unknown): boolean {
  if (found === undefined) return false;
  if (type === 'timestamp') return timeOf(wanted) === timeOf(found);
  if (type === 'float32') return Math.fround(Number(wanted)) === Math.fround(Number(found));
  if (type === 'int64') return canonical(wanted) === canonical(found);
  return canonical(withNumbers(wanted)) === canonical(withNumbers(found));
}

function typeDifference(
  wanted: ContainerPropertyType,
  found: ContainerPropertyType,
): Difference | undefined {
  if (wanted.type !== found.type)
    return loses(`it is ${found.type} in the project, not ${wanted.type}`);
  if ((wanted.list ?? false) !== (found.list ?? false))
    return loses(
      `it is ${found.list ? 'a list in the project, not a single value' : 'a single value in the project, not a list'}`,
    );
  if (wanted.unit !== undefined && wanted.unit.externalId !== found.unit?.externalId)
    return loses(
      `its unit is ${found.unit?.externalId ?? 'not set'} in the project, not ${wanted.unit.externalId}`,
    );
  return undefined;
}

function loses(reason: string): Difference {
  return { change: 'losesData', reason };
}

function newValues(wanted: ContainerPropertyType, found: ContainerPropertyType): string[] {
  return Object.keys(wanted.values ?? {}).filter(
    (value) => ownOf(found.values, value) === undefined,
  );
}
