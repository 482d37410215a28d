import type { CallOptions, Transport } from '@cdf/core';
import { DataModelingApi } from '../api/data-modeling-api.js';
import type {
  Container,
  ContainerProperty,
  ContainerPropertyType,
  ContainerWrite,
  ViewDefinition,
  ViewProperty,
  ViewWrite,
} from '../api/schema-types.js';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { type Connection, transportOf } from '../wire/send.js';
import { canonical, ownOf, withNumbers } from './canonical.js';
import { containerName } from './container-name.js';
import { refuseEmpty } from './empty-values.js';
import { differenceOf } from './fixed-parts.js';
import { inspectContainers } from './inspect-containers.js';
import { keptProperties } from './kept-properties.js';
import { withKnownThrough } from './known-through.js';
import type { SchemaChange } from './schema-change.js';
import { SIZES, sizeOf } from './sizes.js';
import { type Definitions, definitionsOf, withParents } from './to-definitions.js';

/** The part of some views that is in the project. */
export interface Existing {
  readonly spaces: ReadonlySet<string>;
  readonly containers: ReadonlyMap<string, Container>;
  readonly views: ReadonlyMap<string, ViewDefinition>;
}

/**
 * How views, and their parents of the same space, differ from those of the project. Three requests,
 * one more for each 100 containers or views; one for each property that becomes required, and for
 * each ten containers that would lose their data.
 *
 * @param connection a client or a transport
 * @returns no change but `kept` when `push` has nothing to do
 * @throws {ConfigError} with every fault of the views, before anything is sent
 */
export async function diff(
  connection: Connection,
  views: readonly AnyView[],
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const definitions = definitionsOf(views, 'diff');
  const all = withParents(views);
  const existing = await readExisting(connection, definitions, options);
  const known = withKnownThrough(definitions, existing.views, all);
  return changesOf(connection, known, existing, options);
}

/** The changes of the schema, those that only data tells of included. */
export async function changesOf(
  connection: Connection,
  definitions: Definitions,
  existing: Existing,
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const transport = transportOf(connection);
  const changes = await refuseEmpty(
    transport,
    compare(definitions, existing),
    definitions.containers,
    existing.containers,
    options,
  );
  return [...changes, ...(await viewsLosing(transport, definitions, changes, options))];
}

/** Other views that are stored in containers which lose their data. */
async function viewsLosing(
  transport: Transport,
  { containers, views }: Definitions,
  changes: readonly SchemaChange[],
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const lost = containers.filter((container) =>
    changes.some(
      ({ kind, name, change }) =>
        kind === 'container' && change === 'losesData' && name === containerName(container),
    ),
  );
  const pushed = new Set(views.map(viewKey));
  const found = await inspectContainers(transport, lost, options);
  return found.flatMap(({ container, views: involved, unavailable }) => {
    const name = containerName(container);
    const changes = involved
      .filter((view) => !pushed.has(viewKey(view)))
      .map((view): SchemaChange => {
        const reason = `it is stored in the container ${name}`;
        return { kind: 'view', name: viewKey(view), change: 'losesData', reason };
      });
    if (unavailable === 0) return changes;
    const which =
      unavailable === 1
        ? '1 view that the credentials cannot read is'
        : `${unavailable} views that the credentials cannot read are`;
    const reason = `${which} stored in it, and would lose properties that could not be written again`;
    return [...changes, { kind: 'container', name, change: 'refused', reason }];
  });
}

/** The part of some definitions that the project has. */
export async function readExisting(
  connection: Connection,
  { spaces, containers, views }: Definitions,
  options?: CallOptions,
): Promise<Existing> {
  const api = new DataModelingApi(transportOf(connection));
  const ignore = { ignoreUnknownIds: true };
  const [foundSpaces, foundContainers, foundViews] = await Promise.all([
    api.spaces.retrieveMultiple(spaces, ignore, options),
    api.containers.retrieveMultiple(containers, ignore, options),
    api.views.retrieveMultiple(views, { ...ignore, includeInheritedProperties: false }, options),
  ]);
  return {
    spaces: new Set(foundSpaces.map(({ space }) => space)),
    containers: new Map(foundContainers.map((container) => [containerName(container), container])),
    views: new Map(foundViews.map((view) => [viewKey(view), view])),
  };
}

function compare({ spaces, containers, views }: Definitions, existing: Existing): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const { space } of spaces)
    if (!existing.spaces.has(space)) changes.push({ kind: 'space', name: space, change: 'added' });
  for (const container of containers)
    changes.push(...containerChanges(container, existing.containers.get(containerName(container))));
  for (const view of views) changes.push(...viewChanges(view, existing.views.get(viewKey(view))));
  return changes;
}

function containerChanges(wanted: ContainerWrite, found: Container | undefined): SchemaChange[] {
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
        'a new property of a container that exists must be optional, or have a default';
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

function propertyChanges(wanted: ContainerProperty, found: ContainerProperty): Difference[] {
  const type = typeDifference(wanted.type, found.type);
  if (type !== undefined) return [type];
  if ((wanted.nullable ?? true) && found.nullable === false)
    return [loses('it is required in the project, and cannot become optional')];
  if (wanted.autoIncrement === true && found.autoIncrement !== true)
    return [loses('the project does not count it, and cannot begin to (autoIncrement)')];
  const reasons = describeChanges(wanted, found);
  const kept = keptOf(wanted.type, found.type);
  return reasons.length > 0 ? [{ change: 'changed', reason: reasons.join('; ') }, ...kept] : kept;
}

/** How the property of the project changes, in words. */
function describeChanges(wanted: ContainerProperty, found: ContainerProperty): string[] {
  const { type, defaultValue } = wanted;
  const values = newValues(type, found.type);
  return [
    ...((wanted.nullable ?? true) === (found.nullable ?? true) ? [] : ['it becomes required']),
    ...((wanted.immutable ?? false) === (found.immutable ?? false)
      ? []
      : [`it becomes ${wanted.immutable ? 'immutable' : 'mutable'}`]),
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
 * Parts of the type that only the project has: a later application may have pushed them, and the
 * API does not take them back.
 */
function keptOf(wanted: ContainerPropertyType, found: ContainerPropertyType): Difference[] {
  const others = wanted.values === undefined ? [] : newValues(found, wanted);
  const sizes = SIZES.filter((size) => (wanted[size] ?? Infinity) < sizeOf(found, size));
  return [
    ...(others.length > 0 ? [`the project has other values: ${others.join(', ')}`] : []),
    ...sizes.map((size) => `${size} is ${found[size] ?? 'not set'} in the project`),
  ].map((reason) => ({ change: 'kept', reason }));
}

/** A time and a number have several texts. */
function isSameDefault({ type }: ContainerPropertyType, wanted: unknown, found: unknown): boolean {
  if (found === undefined) return false;
  if (type === 'timestamp') return Date.parse(wanted as string) === Date.parse(found as string);
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

function viewChanges(wanted: ViewWrite, found: ViewDefinition | undefined): SchemaChange[] {
  const at = { kind: 'view', name: viewKey(wanted) } as const;
  if (found === undefined) return [{ ...at, change: 'added' }];
  const changes: SchemaChange[] = [];
  if (canonical(wanted.implements ?? []) !== canonical(found.implements ?? []))
    changes.push({
      ...at,
      change: 'refused',
      reason: 'it implements other views; give it a new version',
    });
  for (const name of ['name', 'description', 'filter'] as const)
    if (wanted[name] !== undefined && canonical(wanted[name]) !== canonical(found[name]))
      changes.push({ ...at, change: 'changed', reason: name });
  for (const [property, definition] of Object.entries(wanted.properties ?? {})) {
    const known = ownOf(found.properties, property);
    const difference = known && differenceOf(definition, known);
    if (known === undefined) changes.push({ ...at, property, change: 'added' });
    else if (difference !== undefined)
      changes.push({
        ...at,
        property,
        change: 'refused',
        reason: `${difference}; give the view a new version`,
      });
    else if (definition.description !== undefined && definition.description !== known.description)
      changes.push({ ...at, property, change: 'changed', reason: 'description' });
  }
  const { properties = {} } = wanted;
  const written = new Set(Object.values(properties).map(containerOf));
  const isWritten = (property: ViewProperty) => written.has(containerOf(property));
  changes.push(...keptProperties(at, properties, found.properties, isWritten));
  return changes;
}

/** The container of a property, if it has one. */
function containerOf(property: ViewProperty): string | undefined {
  return 'container' in property ? containerName(property.container) : undefined;
}
