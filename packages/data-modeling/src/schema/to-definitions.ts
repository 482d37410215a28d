import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type {
  ConnectionProperty,
  ContainerProperty,
  ContainerPropertyType,
  ContainerReference,
  ContainerWrite,
  SpaceWrite,
  ViewProperty,
  ViewSource,
  ViewWrite,
} from '../api/schema-types.js';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { isView, propertiesOf, toSource, viewKey } from '../view/properties.js';
import { toJsonData } from '../wire/data.js';
import { describe } from '../wire/describe.js';
import { referenceKey } from '../wire/references.js';
import { toWireValue } from '../wire/values.js';
import { canonical, ownOf } from './canonical.js';
import { checkDefinitions } from './check-definitions.js';
import { refuseCircles } from './circles.js';
import { containerName } from './container-name.js';
import { isWholeView } from './is-whole-view.js';

/** The schema of some views, in the API's form. */
export interface Definitions {
  readonly spaces: readonly SpaceWrite[];
  readonly containers: readonly ContainerWrite[];
  /** Parents first. */
  readonly views: readonly ViewWrite[];
}

const CORE = 'cdf_cdm';
/** Properties of one container. */
export const MOST_IN_CONTAINER = 100;
/** The API's types of the kinds that have one of their own. */
const TYPES: Readonly<Partial<Record<PropertyDefinition['kind'], string>>> = {
  text: 'text',
  int: 'int32',
  bigint: 'int64',
  bool: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
  json: 'json',
  enum: 'enum',
  node: 'direct',
  ref: 'direct',
  timeSeries: 'direct',
  file: 'direct',
};

/**
 * The definitions that the API needs for some views: their spaces, the containers in these spaces,
 * the views, and the parents of these that are of the same space. Sends nothing.
 *
 * @throws {ConfigError} with every fault of the views, by view and property; when two properties
 * are stored at the same place in different forms
 */
export function toDefinitions(views: readonly AnyView[]): Definitions {
  return definitionsOf(views, 'toDefinitions');
}

/** The same for another call, which messages name. */
export function definitionsOf(views: readonly AnyView[], what: string): Definitions {
  if (!Array.isArray(views))
    throw new ConfigError(`${what}: expected an array of views, got ${describe(views)}`);
  refuseCircles(views, what);
  const other = views.findIndex((each) => !isWholeView(each));
  if (other >= 0)
    throw new ConfigError(
      `${what}: expected an array of views, item ${other} is ${describe(views[other])}`,
    );
  const all = withParents(views);
  checkDefinitions(all, what);
  const sorted = parentsFirst(all);
  const spaces = [...new Set(sorted.map(({ space }) => space))];
  const containers = new Map<string, Mutable>();
  for (const view of sorted)
    for (const name of view.ownProperties) {
      const definition = propertiesOf(view).get(name) as PropertyDefinition;
      if (!isMapped(definition)) continue;
      const { container, property } = storageOf(view, name, definition);
      if (!spaces.includes(container.space)) continue;
      const key = referenceKey(container);
      const use = view.options.usedFor ?? 'node';
      const { space, externalId } = container;
      const before = containers.get(key) ?? { space, externalId, usedFor: use, properties: {} };
      // Views of nodes and views of edges may have one container, in any order.
      const known = { ...before, usedFor: before.usedFor === use ? use : ('all' as const) };
      containers.set(key, known);
      const wire = toContainerProperty(definition);
      const other = ownOf(known.properties, property);
      // Each view has a description of its own; the container has the first.
      if (
        other !== undefined &&
        canonical({ ...other, description: undefined }) !==
          canonical({ ...wire, description: undefined })
      )
        throw new ConfigError(
          `${what}: ${quoted(name)} of ${viewKey(view)} is stored in ${quoted(`${container.externalId}.${property}`)}, which another property has in another form`,
        );
      known.properties[property] = other?.description === undefined ? wire : other;
    }
  for (const { space, externalId, properties } of containers.values()) {
    const count = Object.keys(properties).length;
    if (count > MOST_IN_CONTAINER)
      throw new ConfigError(
        `${what}: the container ${containerName({ space, externalId })} would have ${count} properties, the API takes ${MOST_IN_CONTAINER}; store some of them elsewhere: .storedIn({ container: { space, externalId } })`,
      );
  }
  return {
    spaces: spaces.map((space) => ({ space })),
    containers: [...containers.values()],
    views: distinct(sorted.map(toViewWrite), what),
  };
}

/** A view may be there under several names, but in one form. */
function distinct(views: readonly ViewWrite[], what: string): ViewWrite[] {
  const known = new Map<string, ViewWrite>();
  for (const view of views) {
    const key = viewKey(view);
    const other = known.get(key);
    if (other !== undefined && canonical(other) !== canonical(view))
      throw new ConfigError(`${what}: view ${key} is there twice, in different forms`);
    known.set(key, view);
  }
  return [...known.values()];
}

type Mutable = Omit<ContainerWrite, 'properties'> & {
  readonly properties: Record<string, ContainerProperty>;
};

/** Some views, with their parents of the same space that are not among them. */
export function withParents(views: readonly AnyView[]): AnyView[] {
  const names = new Set(views.map(viewKey));
  const all = new Set(views);
  for (const { space, options } of all) {
    const parents: unknown = options.implements;
    for (const parent of Array.isArray(parents) ? parents.filter(isView) : []) {
      if (parent.space === space && !names.has(viewKey(parent))) all.add(parent);
    }
  }
  return [...all];
}

/** Views whose parents are among them come after these. */
function parentsFirst(views: readonly AnyView[]): AnyView[] {
  const all = new Set(views);
  const sorted = new Set<AnyView>();
  const open = new Set<AnyView>();
  const add = (view: AnyView): void => {
    if (sorted.has(view) || open.has(view)) return;
    open.add(view);
    for (const parent of view.options.implements ?? []) if (all.has(parent)) add(parent);
    sorted.add(view);
  };
  for (const view of views) add(view);
  return [...sorted];
}

function toViewWrite(view: AnyView): ViewWrite {
  const { space, externalId, version, options } = view;
  const { name, description, filter, implements: parents = [] } = options;
  const own = view.ownProperties.map((property) => [
    property,
    toViewProperty(view, property, propertiesOf(view).get(property) as PropertyDefinition),
  ]);
  return {
    space,
    externalId,
    version,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    // A copy: a member that gives something else later cannot be sent then.
    ...(filter !== undefined && { filter: toJsonData(filter, 'filter', true) }),
    ...(parents.length > 0 && { implements: parents.map(toSource) }),
    properties: Object.fromEntries(own),
  };
}

function toViewProperty(view: AnyView, name: string, definition: PropertyDefinition): ViewProperty {
  const described =
    definition.description === undefined ? {} : { description: definition.description };
  if (definition.kind === 'reverse' || definition.kind === 'edges')
    return { ...toConnection(definition), ...described };
  const { container, property } = storageOf(view, name, definition);
  const source = sourceOf(definition);
  return {
    container,
    containerPropertyIdentifier: property,
    ...described,
    ...(source !== undefined && { source }),
  };
}

function toConnection({
  kind,
  list,
  target,
  through,
  edgeType,
  edgeView,
  direction,
}: PropertyDefinition): ConnectionProperty {
  const source = toSource((target as () => AnyView)());
  const multi = list ? 'multi' : 'single';
  if (kind === 'reverse')
    return {
      connectionType: `${multi}_reverse_direct_relation`,
      source,
      through: { source, identifier: through as string },
    };
  return {
    connectionType: `${multi}_edge_connection`,
    type: edgeType as NodeReference,
    source,
    direction: direction ?? 'outwards',
    ...(edgeView !== undefined && { edgeSource: toSource(edgeView()) }),
  };
}

/** The view that a relation's target is read as. */
function sourceOf({ kind, target }: PropertyDefinition): ViewSource | undefined {
  if (target !== undefined) return toSource(target());
  const core =
    kind === 'timeSeries' ? 'CogniteTimeSeries' : kind === 'file' ? 'CogniteFile' : undefined;
  return core === undefined
    ? undefined
    : { type: 'view', space: CORE, externalId: core, version: 'v1' };
}

/** Tells whether the values of a property are in a container. */
export function isMapped({ kind }: PropertyDefinition): boolean {
  return kind !== 'reverse' && kind !== 'edges';
}

/** Where the values of a property are. @param view whose own property it is */
export function storageOf(
  view: AnyView,
  name: string,
  { container, containerProperty }: PropertyDefinition,
): { readonly container: ContainerReference; readonly property: string } {
  const { space, externalId } = container ?? view;
  return {
    container: { type: 'container', space, externalId },
    property: containerProperty ?? name,
  };
}

/** A property as containers have it. */
export function toContainerProperty(definition: PropertyDefinition): ContainerProperty {
  const { nullable, immutable, autoIncrement, description, default: preset } = definition;
  return {
    type: toType(definition),
    nullable,
    ...(immutable === true && { immutable }),
    ...(autoIncrement === true && { autoIncrement }),
    ...(preset !== undefined && {
      defaultValue: toWireValue(definition, preset, 'default') as string,
    }),
    ...(description !== undefined && { description }),
  };
}

function toType({
  kind,
  list,
  values,
  unit,
  bits,
  resource,
  maxSize,
  maxListSize,
}: PropertyDefinition): ContainerPropertyType {
  const type =
    kind === 'float' ? `float${bits ?? 64}` : kind === 'classic' ? resource : TYPES[kind];
  return {
    type: type as string,
    ...(kind !== 'enum' && { list }),
    ...(maxListSize !== undefined && { maxListSize }),
    ...(maxSize !== undefined && { maxTextSize: maxSize }),
    ...(unit !== undefined && { unit: { externalId: unit } }),
    ...(values !== undefined && { values: Object.fromEntries(values.map((value) => [value, {}])) }),
  };
}
