import { badRequest } from '../errors.js';
import { propertyAnswer } from '../schema/answers.js';
import type { CompiledProperty, CompiledView } from '../schema/compiled-view.js';
import { versionedKey } from '../schema/keys.js';
import type { ViewReference } from '../schema/model.js';
import type { Schema } from '../schema/schema.js';
import { relationText, type Value, valueWriter } from '../schema/values.js';
import { type Conversion, conversionTo } from '../units/catalog.js';
import type { Entry } from './entry.js';

const MAX_KEPT = 200;

export interface TargetUnit {
  readonly property: string;
  readonly unit: {
    readonly externalId?: string | undefined;
    readonly unitSystemName?: string | undefined;
  };
}

/** A view as which instances are read. */
export interface SelectedSource {
  readonly source: ViewReference;
  /** The names of properties, or `*`; all when absent. */
  readonly properties?: readonly string[] | undefined;
  readonly targetUnits?: readonly TargetUnit[] | undefined;
}

interface Column {
  readonly start: string;
  readonly code: string;
  readonly identifier: string;
  readonly write: (value: Value) => string;
}

interface Group {
  readonly view: CompiledView;
  readonly name: string;
  readonly columns: readonly Column[];
}

/** The parts of instances that an answer shows. */
export interface Selection {
  readonly views: readonly CompiledView[];
  readonly textOf: (entry: Entry) => string;
  readonly typing: () => object;
}

/** Finds a view; refuses one that does not exist. */
export function viewOf(schema: Schema, reference: ViewReference): CompiledView {
  const view = schema.view(reference);
  if (view === undefined)
    throw badRequest(`One or more views do not exist: '${versionedKey(reference)}'`);
  return view;
}

/**
 * Requested selections, as long as the schema stays: the JSON of instances is kept for each of
 * them.
 */
export class Selections {
  readonly #schema: Schema;
  readonly #kept = new Map<string, Selection>();
  #revision = -1;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  /** `bare` says how instances have `properties` without sources. */
  get(
    sources: readonly SelectedSource[] | undefined,
    bare: 'absent' | 'empty' = 'absent',
  ): Selection {
    if (this.#revision !== this.#schema.revision || this.#kept.size > MAX_KEPT) {
      this.#kept.clear();
      this.#revision = this.#schema.revision;
    }
    const key = `${bare} ${JSON.stringify(sources ?? [])}`;
    let selection = this.#kept.get(key);
    if (selection === undefined) {
      selection = makeSelection(this.#schema, sources ?? [], bare);
      this.#kept.set(key, selection);
    }
    return selection;
  }
}

function makeSelection(
  schema: Schema,
  given: readonly SelectedSource[],
  bare: 'absent' | 'empty',
): Selection {
  const sources = eachOnce(given);
  const groups = sources.map((source) => groupOf(schema, source));
  const write = propertiesWriter(groups, bare);
  const selection: Selection = {
    views: groups.map(({ view }) => view),
    textOf: (entry) => {
      if (entry.cached?.selection === selection) return entry.cached.text;
      const text = `${headOf(entry)}${write(entry)}}`;
      entry.cached = { selection, text };
      return text;
    },
    typing: () => typingOf(groups, sources),
  };
  return selection;
}

/** A view that is selected twice has the properties of both. */
function eachOnce(sources: readonly SelectedSource[]): SelectedSource[] {
  const found = new Map<string, SelectedSource>();
  for (const each of sources) {
    const key = versionedKey(each.source);
    const before = found.get(key);
    const both = before === undefined ? each : { ...each, ...united(before, each) };
    found.set(key, both);
  }
  return [...found.values()];
}

function united(
  one: SelectedSource,
  other: SelectedSource,
): Pick<SelectedSource, 'properties' | 'targetUnits'> {
  const isAll = one.properties === undefined || other.properties === undefined;
  return {
    properties: isAll ? undefined : [...(one.properties ?? []), ...(other.properties ?? [])],
    targetUnits: [...(one.targetUnits ?? []), ...(other.targetUnits ?? [])],
  };
}

function headOf(entry: Entry): string {
  const {
    instanceType,
    version,
    space,
    externalId,
    type,
    createdTime,
    lastUpdatedTime,
    deletedTime,
  } = entry;
  const known = type === undefined ? '' : `,"type":${relationText(type)}`;
  const ends =
    instanceType === 'edge'
      ? `,"startNode":${relationText(entry.start ?? '')},"endNode":${relationText(entry.end ?? '')}`
      : '';
  const deleted = deletedTime === undefined ? '' : `,"deletedTime":${deletedTime}`;
  return `{"instanceType":"${instanceType}","version":${version},"space":"${space}","externalId":${JSON.stringify(externalId)}${known}${ends},"createdTime":${createdTime},"lastUpdatedTime":${lastUpdatedTime}${deleted}`;
}

/** Views in which an instance has no data are left out. */
function propertiesWriter(
  groups: readonly Group[],
  bare: 'absent' | 'empty',
): (entry: Entry) => string {
  if (groups.length === 0) return () => (bare === 'absent' ? '' : ',"properties":{}');
  const spaces = new Map<string, Group[]>();
  for (const group of groups) {
    const { space } = group.view.reference;
    spaces.set(space, [...(spaces.get(space) ?? []), group]);
  }
  return (entry) => {
    const texts: string[] = [];
    for (const [space, own] of spaces) {
      const shown = own.filter(({ view }) =>
        view.codes.every((code) => entry.data[code] !== undefined),
      );
      if (shown.length > 0)
        texts.push(
          `"${space}":{${shown.map((group) => `"${group.name}":{${valuesText(group, entry)}}`).join(',')}}`,
        );
    }
    return `,"properties":{${texts.join(',')}}`;
  };
}

function valuesText({ columns }: Group, { data }: Entry): string {
  let text = '';
  for (const { start, code, identifier, write } of columns) {
    const value = data[code]?.[identifier];
    if (value === undefined) continue;
    text += text === '' ? `${start}${write(value)}` : `,${start}${write(value)}`;
  }
  return text;
}

function groupOf(schema: Schema, { source, properties, targetUnits = [] }: SelectedSource): Group {
  const view = viewOf(schema, source);
  const isAll = properties === undefined || properties.includes('*');
  const chosen = isAll
    ? [...view.properties.values()]
    : [...new Set(properties)].flatMap((name) => {
        const property = view.properties.get(name);
        if (property === undefined && !view.all.has(name))
          throw badRequest(`Unknown property '${name}' in view '${versionedKey(source)}'.`);
        return property ?? [];
      });
  const conversions = conversionsOf(view, targetUnits);
  return {
    view,
    name: `${source.externalId}/${source.version}`,
    columns: chosen.map((property) => columnOf(property, conversions.get(property.name))),
  };
}

function columnOf(property: CompiledProperty, conversion: Conversion | undefined): Column {
  const { name, code, identifier } = property;
  const { type } = property.property;
  const write = valueWriter(type);
  const convertOne = (value: Value): Value => {
    const converted = conversion?.value(Number(value)) ?? value;
    // JSON has no infinite numbers.
    if (typeof converted === 'number' && !Number.isFinite(converted))
      throw badRequest(`A value of property '${name}' is out of range in its target unit.`);
    return converted;
  };
  const convert = (value: Value): Value =>
    Array.isArray(value) ? value.map(convertOne) : convertOne(value);
  return {
    start: `${JSON.stringify(name)}:`,
    code,
    identifier,
    write: conversion === undefined ? write : (value) => write(convert(value)),
  };
}

/** The conversions that target units ask for, by property. */
export function conversionsOf(
  view: CompiledView,
  targetUnits: readonly TargetUnit[],
): Map<string, Conversion> {
  const found = new Map<string, Conversion>();
  for (const { property: name, unit } of targetUnits) {
    const property = view.properties.get(name);
    if (property === undefined) throw badRequest(`Unknown property '${name}' in targetUnits.`);
    const own = property.property.type.unit?.externalId;
    if (own === undefined) throw badRequest(`Property '${name}' has no unit.`);
    const conversion = conversionTo(own, unit.externalId, unit.unitSystemName);
    if (conversion !== undefined) found.set(name, conversion);
  }
  return found;
}

/** The types of all properties of the views, whatever is selected. */
function typingOf(groups: readonly Group[], sources: readonly SelectedSource[]): object {
  const typing = new Map<string, [string, object][]>();
  for (const [index, { view, name }] of groups.entries()) {
    const conversions = conversionsOf(view, sources[index]?.targetUnits ?? []);
    const { space } = view.reference;
    const types = Object.fromEntries(
      [...view.properties].map(([property, compiled]) => [
        property,
        typeOf(compiled, conversions.get(property)),
      ]),
    );
    typing.set(space, [...(typing.get(space) ?? []), [name, types]]);
  }
  return Object.fromEntries(
    [...typing].map(([space, views]) => [space, Object.fromEntries(views)]),
  );
}

function typeOf({ property }: CompiledProperty, conversion: Conversion | undefined): object {
  const { name, description } = property;
  const unit =
    conversion === undefined
      ? undefined
      : { ...property.type.unit, externalId: conversion.unitExternalId };
  const answer = propertyAnswer(
    unit === undefined ? property : { ...property, type: { ...property.type, unit } },
  );
  return {
    ...answer,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}
