import type { Json } from '../../helpers.js';
import { checkPropertyIds, checkSchemaId, checkSpaceId, checkTexts, itemsOf } from './body.js';
import { checkChange } from './container-changes.js';
import {
  type Answer,
  isObject,
  keyOf,
  named,
  needSpaces,
  needWritable,
  referenceOf,
  refuse,
  type State,
  stamped,
  violation,
} from './state.js';
import { storedValue } from './values.js';

const TYPES = new Set(
  'text boolean int32 int64 float32 float64 timestamp date json timeseries file sequence direct enum'.split(
    ' ',
  ),
);

export function applyContainers(state: State, body: Json): Answer {
  const items = itemsOf(body, 100);
  for (const item of items) {
    checkSpaceId(item.space);
    checkSchemaId(item.externalId);
    checkTexts(item);
    if (!isObject(item.properties)) violation('properties must not be null');
    checkPropertyIds(Object.keys(item.properties));
    for (const [id, property] of Object.entries<Json>(item.properties))
      filledProperty(id, property);
  }
  const spaces = items.map(({ space }) => space);
  needSpaces(state, spaces);
  needWritable(state, spaces);
  const written = items.map((item) => {
    const before = state.containers.get(keyOf(item));
    const after = stamped(state, before, merged(before, item));
    state.containers.set(keyOf(item), after);
    return after;
  });
  for (const { constraints } of written)
    for (const { constraintType, require } of Object.values<Json>(constraints))
      if (constraintType === 'requires' && !state.containers.has(keyOf(require)))
        refuse(`Target container '${keyOf(require)}' does not exist`);
  return { status: 200, body: { items: written } };
}

/** Properties that exist stay; those that are sent are added or changed, if that is allowed. */
function merged(before: Json | undefined, item: Json): Json {
  const properties: Json = { ...before?.properties };
  for (const [id, property] of Object.entries<Json>(item.properties)) {
    const after = filledProperty(id, property);
    if (properties[id] !== undefined) checkChange(id, properties[id], after);
    properties[id] = after;
  }
  if (Object.keys(properties).length === 0) violation('properties size must be at least 1');
  const usedFor = item.usedFor ?? before?.usedFor ?? 'node';
  if (before !== undefined && usedFor !== before.usedFor) refuse('usedFor cannot be changed');
  return {
    ...referenceOf(item as never),
    ...named(item),
    usedFor,
    isGlobal: false,
    properties,
    constraints: withParts(before?.constraints, item.constraints, properties, 'constraint'),
    indexes: withParts(before?.indexes, item.indexes, properties, 'index'),
  };
}

/** Constraints or indexes: those that are there cannot be changed under their name. */
function withParts(before: Json, sent: Json, properties: Json, noun: string): Json {
  const result: Json = { ...before };
  for (const [id, part] of Object.entries<Json>(sent ?? {})) {
    if (id.length < 1 || id.length > 43)
      violation(`${noun} identifier size must be between 1 and 43`);
    for (const property of part.properties ?? [])
      if (properties[property] === undefined)
        refuse(`The ${noun} '${id}' is about an absent property '${property}'`);
    const after = { ...filledPart(part), state: 'current' };
    if (
      result[id] !== undefined &&
      JSON.stringify(sorted(result[id])) !== JSON.stringify(sorted(after))
    )
      refuse(`The ${noun} '${id}' cannot be changed`);
    result[id] = after;
  }
  if (Object.keys(result).length > 10) refuse(`A container has at most 10 parts of kind ${noun}`);
  return result;
}

const sorted = (part: Json): Json => Object.entries(part).sort();

function filledPart(part: Json): Json {
  if (part.constraintType === 'uniqueness') return { bySpace: false, ...part };
  if (part.indexType === 'btree') return { cursorable: false, bySpace: false, ...part };
  return part;
}

/** A property with every default that an answer shows. */
function filledProperty(id: string, property: Json): Json {
  if (!isObject(property) || !isObject(property.type)) violation('type must not be null');
  checkTexts(property);
  const { type } = property;
  if (!TYPES.has(type.type)) violation(`type of property ${id} is unknown`);
  const filled: Json = type.type === 'enum' ? { ...type } : { ...type, list: type.list ?? false };
  if (type.type === 'text') filled.collation = type.collation ?? 'ucs_basic';
  if (type.type === 'enum') checkEnum(id, filled);
  if (property.autoIncrement === true && type.type !== 'int32' && type.type !== 'int64')
    refuse(`autoIncrement needs an integer property, but '${id}' is ${type.type}`);
  const nullable = property.nullable ?? true;
  const result: Json = {
    type: filled,
    nullable,
    immutable: property.immutable ?? false,
    autoIncrement: property.autoIncrement ?? false,
    ...named(property),
    constraintState: {
      ...(nullable ? {} : { nullability: 'current' }),
      ...(filled.list && filled.maxListSize !== undefined ? { maxListSize: 'current' } : {}),
      ...(filled.maxTextSize === undefined ? {} : { maxTextSize: 'current' }),
    },
  };
  if (property.defaultValue !== undefined && property.defaultValue !== null) {
    if (filled.list) refuse(`A list property such as '${id}' has no default value`);
    storedValue(filled, id, property.defaultValue);
    result.defaultValue = property.defaultValue;
  }
  return result;
}

function checkEnum(id: string, type: Json): void {
  if (type.list) violation(`the enum property ${id} cannot be a list`);
  const values = Object.keys(type.values ?? {});
  if (values.length < 1 || values.length > 32) violation('values size must be between 1 and 32');
  for (const value of values)
    if (!/^[_A-Za-z][_0-9A-Za-z]{0,127}$/.test(value) || ['true', 'false', 'null'].includes(value))
      violation(`enum value ${value} is invalid`);
  if (type.unknownValue !== undefined && !values.includes(type.unknownValue))
    refuse(`unknownValue of '${id}' must be one of its values`);
}

export function containersById(state: State, body: Json): Answer {
  const items = itemsOf(body, 100).map((item) => state.containers.get(keyOf(item)));
  return { status: 200, body: { items: items.filter((item) => item !== undefined) } };
}

/** Rows go, views lose the properties and keep their times; nodes stay. */
export function deleteContainers(state: State, body: Json): Answer {
  const found = itemsOf(body, 100).filter((item) => state.containers.has(keyOf(item)));
  needWritable(
    state,
    found.map(({ space }) => space),
  );
  for (const item of found) {
    state.containers.delete(keyOf(item));
    for (const [key, view] of state.views) {
      const properties = Object.entries<Json>(view.properties).filter(
        ([, { container }]) => container === undefined || keyOf(container) !== keyOf(item),
      );
      state.views.set(key, { ...view, properties: Object.fromEntries(properties) });
    }
    for (const instance of [...state.instances.values(), ...state.deleted])
      instance.rows.delete(keyOf(item));
  }
  return { status: 200, body: { items: found.map(referenceOf as never) } };
}

/** Deletes constraints or indexes. */
export function deleteParts(state: State, body: Json, part: 'constraints' | 'indexes'): Answer {
  const found = itemsOf(body, 10).filter(({ space, containerExternalId, identifier }) => {
    const key = `${space}/${containerExternalId}`;
    const container = state.containers.get(key);
    if (container?.[part][identifier] === undefined) return false;
    const { [identifier]: _, ...rest } = container[part];
    state.containers.set(key, { ...container, [part]: rest, lastUpdatedTime: state.time });
    return true;
  });
  return { status: 200, body: { items: found } };
}
