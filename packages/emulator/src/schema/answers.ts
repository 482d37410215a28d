import type { CompiledProperty, CompiledView } from './compiled-view.js';
import { isMapped, mappedContainers } from './compiled-view.js';
import { containerReference } from './keys.js';
import type {
  Constraint,
  Container,
  ContainerProperty,
  DataModel,
  Index,
  PropertyType,
  Space,
  Stored,
  ViewProperty,
} from './model.js';
import type { Schema } from './schema.js';

type Json = Record<string, unknown>;

const stamps = ({ isGlobal, createdTime, lastUpdatedTime }: Stored<unknown>): Json => ({
  isGlobal,
  createdTime,
  lastUpdatedTime,
});

export function spaceAnswer(stored: Stored<Space>): Json {
  return { ...stored.body, ...stamps(stored) };
}

export function containerAnswer(stored: Stored<Container>): Json {
  const { body } = stored;
  const states = (parts: Readonly<Record<string, Constraint | Index>>): Json =>
    Object.fromEntries(
      Object.entries(parts).map(([name, each]) => [name, { state: 'current', ...each }]),
    );
  const properties = Object.entries(body.properties).map(([name, property]) => [
    name,
    { ...propertyAnswer(property), ...texts(property) },
  ]);
  return {
    ...body,
    properties: Object.fromEntries(properties),
    constraints: states(body.constraints),
    indexes: states(body.indexes),
    ...stamps(stored),
  };
}

/** The description of a property in containers, views and typing. */
export function propertyAnswer(property: ContainerProperty, source?: PropertyType['source']): Json {
  const { type, nullable, immutable, autoIncrement, defaultValue, isBroken } = property;
  const current = 'current';
  return {
    type: source === undefined ? type : { ...type, source },
    nullable,
    immutable,
    autoIncrement,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    constraintState: {
      ...(nullable ? {} : { nullability: isBroken === true ? 'failed' : current }),
      ...(type.maxListSize === undefined ? {} : { maxListSize: current }),
      ...(type.maxTextSize === undefined ? {} : { maxTextSize: current }),
    },
  };
}

export function viewAnswer(schema: Schema, view: CompiledView, includeInherited: boolean): Json {
  const { stored, all } = view;
  const {
    space,
    externalId,
    version,
    name,
    description,
    filter,
    implements: parents,
  } = stored.body;
  const own = (property: string): boolean =>
    includeInherited || Object.hasOwn(stored.body.properties, property);
  const properties = [...all].filter(([property]) => own(property));
  return {
    space,
    externalId,
    version,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(filter === undefined ? {} : { filter }),
    implements: parents,
    writable: view.writable,
    queryable: view.queryable,
    usedFor: view.usedFor,
    mappedContainers: mappedContainers(view),
    properties: Object.fromEntries(
      properties.map(([property, each]) => [
        property,
        viewPropertyAnswer(schema, each, view.properties.get(property)),
      ]),
    ),
    ...stamps(stored),
  };
}

function viewPropertyAnswer(
  schema: Schema,
  property: ViewProperty,
  compiled: CompiledProperty | undefined,
): Json {
  if (isMapped(property)) {
    const { container, containerPropertyIdentifier, source } = property;
    const base = propertyAnswer((compiled as CompiledProperty).property, source);
    return {
      container: containerReference(container),
      containerPropertyIdentifier,
      ...base,
      ...texts(property),
    };
  }
  if (!('through' in property)) return { ...property };
  const through = schema
    .source(property.through.source)
    ?.properties.get(property.through.identifier);
  return { ...property, targetsList: through?.property.type.list === true };
}

export function dataModelAnswer(
  schema: Schema,
  stored: Stored<DataModel>,
  inlineViews: boolean,
): Json {
  const { views, ...rest } = stored.body;
  const shown = inlineViews
    ? views.flatMap((reference) => {
        const view = schema.view(reference);
        return view === undefined ? [] : [viewAnswer(schema, view, true)];
      })
    : views;
  return { ...rest, ...stamps(stored), views: shown };
}

function texts({
  name,
  description,
}: {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}): Json {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}
