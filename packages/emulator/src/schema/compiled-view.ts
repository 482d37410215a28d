import {
  containerKey,
  containerReference,
  member,
  rowName,
  versionedKey,
  viewReference,
} from './keys.js';
import type {
  Container,
  ContainerProperty,
  ContainerReference,
  MappedProperty,
  SourceReference,
  Stored,
  UsedFor,
  View,
  ViewProperty,
  ViewReference,
} from './model.js';
import { InvalidValue, type Value, valueReader, valueWriter } from './values.js';

/** A property that has values: of a container, or mapped by a view. */
export interface CompiledProperty {
  readonly name: string;
  readonly container: Stored<Container>;
  /** The code of the container in stored rows. */
  readonly code: string;
  /** The name of the property in stored rows: with few exceptions, that in the container. */
  readonly identifier: string;
  readonly property: ContainerProperty;
  /** How the view maps it; absent for a container itself. */
  readonly mapped?: MappedProperty | undefined;
  /** The default as it is stored. */
  readonly fallback: Value | undefined;
  readonly read: (value: unknown) => Value | InvalidValue;
  readonly write: (value: Value) => string;
}

/** A view or a container, ready for reading and writing. */
export interface CompiledSource {
  readonly reference: SourceReference;
  readonly properties: ReadonlyMap<string, CompiledProperty>;
  readonly containers: readonly Stored<Container>[];
  /** The codes of its containers. */
  readonly codes: readonly string[];
  readonly usedFor: UsedFor;
}

export interface CompiledView extends CompiledSource {
  readonly reference: ViewReference;
  readonly stored: Stored<View>;
  /** All properties with those that are inherited, connections included. */
  readonly all: ReadonlyMap<string, ViewProperty>;
  readonly writable: boolean;
  readonly queryable: boolean;
}

/** The parts that compiling looks up. */
interface Lookup {
  readonly containers: { get(key: string): Stored<Container> | undefined };
  readonly views: { get(key: string): Stored<View> | undefined };
}

export function compileContainer(container: Stored<Container>): CompiledSource {
  const { properties } = container.body;
  const code = container.code as string;
  const compiled = Object.entries(properties).map(
    ([name, property]) =>
      [
        name,
        compiledProperty({ name, container, code, identifier: rowName(name), property }),
      ] as const,
  );
  return {
    reference: containerReference(container.body),
    properties: new Map(compiled),
    containers: [container],
    codes: [code],
    usedFor: container.body.usedFor,
  };
}

export function compileView(lookup: Lookup, stored: Stored<View>): CompiledView {
  const all = new Map<string, ViewProperty>();
  const properties = new Map<string, CompiledProperty>();
  const containers = new Map<string, Stored<Container>>();
  for (const { body } of lineage(lookup, stored)) {
    for (const [name, property] of Object.entries(body.properties)) all.set(name, property);
  }
  for (const [name, mapped] of all) {
    if (!isMapped(mapped)) continue;
    const container = lookup.containers.get(containerKey(mapped.container));
    const property =
      container && member(container.body.properties, mapped.containerPropertyIdentifier);
    // The container may have been deleted by a version of the emulator that kept its mappings.
    if (container === undefined || property === undefined) {
      all.delete(name);
      continue;
    }
    const { code = '' } = container;
    const identifier = rowName(mapped.containerPropertyIdentifier);
    properties.set(name, compiledProperty({ name, container, code, identifier, property, mapped }));
    containers.set(container.externalId, container);
  }
  const mappedContainers = [...containers.values()];
  return {
    reference: viewReference(stored.body),
    stored,
    all,
    properties,
    containers: mappedContainers,
    codes: mappedContainers.map(({ code }) => code as string),
    usedFor: usedForOf(mappedContainers),
    writable:
      mappedContainers.length > 0 && mappedContainers.every((each) => isComplete(each, properties)),
    queryable: stored.body.filter !== undefined || properties.size > 0,
  };
}

/** A view behind its ancestors, each once: a later one overrides those before. */
export function lineage(
  lookup: Pick<Lookup, 'views'>,
  view: Stored<View>,
): readonly Stored<View>[] {
  const order = new Set<Stored<View>>();
  const open = new Set<Stored<View>>();
  const visit = (each: Stored<View>): void => {
    if (order.has(each) || open.has(each)) return;
    open.add(each);
    for (const parent of each.body.implements) {
      const found = lookup.views.get(versionedKey(parent));
      if (found !== undefined) visit(found);
    }
    order.add(each);
  };
  visit(view);
  return [...order];
}

export function isMapped(property: ViewProperty): property is MappedProperty {
  return 'container' in property;
}

/** The reference of every container that a view maps. */
export function mappedContainers(view: CompiledSource): ContainerReference[] {
  return view.containers.map(({ body }) => containerReference(body));
}

function compiledProperty(
  of: Omit<CompiledProperty, 'read' | 'write' | 'fallback'>,
): CompiledProperty {
  const { type, defaultValue } = of.property;
  const read = valueReader(type);
  const fallback =
    defaultValue === undefined || defaultValue === null ? undefined : read(defaultValue);
  const isUsable = fallback !== undefined && !(fallback instanceof InvalidValue);
  return { ...of, fallback: isUsable ? fallback : undefined, read, write: valueWriter(type) };
}

function isComplete(
  container: Stored<Container>,
  properties: ReadonlyMap<string, CompiledProperty>,
): boolean {
  const mapped = new Set(
    [...properties.values()]
      .filter((each) => each.container === container)
      .map(({ identifier }) => identifier),
  );
  return Object.entries(container.body.properties).every(
    ([name, { nullable }]) => nullable || mapped.has(rowName(name)),
  );
}

function usedForOf(containers: readonly Stored<Container>[]): UsedFor {
  const narrow = containers.map(({ body }) => body.usedFor).filter((each) => each !== 'all');
  return narrow[0] ?? 'all';
}
