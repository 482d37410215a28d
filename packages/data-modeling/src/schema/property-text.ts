import { quoted, unexpected } from '@cdf/core/resource';
import type { ViewDefinition, ViewPropertyDefinition, ViewSource } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { describe } from '../wire/describe.js';
import { ownOf, withNumbers } from './canonical.js';
import { VIEWS } from './check-answers.js';
import { KINDS } from './kinds-of-types.js';
import { compare, literal, quote } from './literals.js';
import type { Named } from './source-names.js';
import { timeOf } from './time-of.js';

const CORE_RELATIONS: Readonly<Record<string, string>> = {
  CogniteTimeSeries: 'timeSeries',
  CogniteFile: 'file',
};

export interface PropertyText {
  readonly key: string;
  readonly call: string;
  readonly type: string;
  readonly isRelation: boolean;
  readonly description: string | undefined;
}

export function propertyOf(
  view: ViewDefinition,
  property: string,
  definition: ViewPropertyDefinition,
  names: ReadonlyMap<string, string>,
): PropertyText {
  const { description } = definition;
  const key =
    /^[A-Za-z_$][\w$]*$/.test(property) && property !== '__proto__' ? property : quote(property);
  const [call, type, isRelation] =
    'container' in definition
      ? storedText(view, property, definition, names)
      : connectionText(definition, names);
  const described = description === undefined ? call : `${call}.describe(${quote(description)})`;
  return { key, call: described, type, isRelation, description };
}

type Text = readonly [call: string, type: string, isRelation: boolean];

function storedText(
  view: ViewDefinition,
  property: string,
  definition: Extract<ViewPropertyDefinition, { readonly container: unknown }>,
  names: ReadonlyMap<string, string>,
): Text {
  const type = (definition.type ?? {}) as {
    readonly type?: string;
    readonly list?: boolean;
    readonly source?: ViewSource;
    readonly maxListSize?: number;
    readonly maxTextSize?: number;
    readonly unit?: { readonly externalId: string };
    readonly values?: Readonly<Record<string, unknown>>;
  };
  const source = definition.source ?? type.source ?? undefined;
  const isCounted = definition.autoIncrement === true;
  const flags = [
    ...(type.list === true ? ['list'] : []),
    ...(definition.nullable === false ? [] : ['nullable']),
    ...(definition.defaultValue === undefined && !isCounted ? [] : ['default']),
  ];
  const many =
    type.list !== true
      ? ''
      : `.many(${type.maxListSize === undefined ? '' : `{ maxListSize: ${type.maxListSize} }`})`;
  const preset =
    definition.defaultValue === undefined
      ? ''
      : `.default(${presetText(type.type, definition.defaultValue, `the default of ${quoted(property)} of ${viewKey(view)}`)})`;
  const end = many + suffix(view, property, definition);
  const flagType = flags.map(quote).join(' | ') || 'never';
  if (type.type === 'direct') {
    const kind = relationKind(source, names);
    const target = kind === 'ref' ? targetOf(source as ViewSource, names) : undefined;
    const required = definition.nullable === false ? ['{ required: true }'] : [];
    const args = [...(target ? [`() => ${target.call}`] : []), ...required];
    return [
      `p.${kind}(${args.join(', ')})${preset}${end}`,
      `Property<'${kind}', NodeReference, ${flagType}${target ? `, ${target.type}` : ''}>`,
      target !== undefined,
    ];
  }
  const optional = definition.nullable === false ? '' : '.optional()';
  if (type.type === 'enum') {
    const values = Object.keys(type.values ?? {})
      .sort(compare)
      .map(quote);
    return [
      `p.oneOf(${values.join(', ')})${optional}${preset}${end}`,
      `Property<'enum', ${values.join(' | ')}, ${flagType}>`,
      false,
    ];
  }
  const [name, kind, value] = ownOf(KINDS, type.type as string) as (typeof KINDS)[string];
  const settings = [
    ...(type.type === 'float32' ? ['bits: 32'] : []),
    ...(type.unit === undefined ? [] : [`unit: ${quote(type.unit.externalId)}`]),
    ...(isCounted ? ['autoIncrement: true'] : []),
    ...(kind === 'text' && type.maxTextSize !== undefined ? [`maxSize: ${type.maxTextSize}`] : []),
  ];
  const argument =
    name === 'classic'
      ? quote(type.type as string)
      : settings.length === 0
        ? ''
        : `{ ${settings.join(', ')} }`;
  return [
    `p.${name}(${argument})${many}${optional}${preset}${suffix(view, property, definition)}`,
    `Property<'${kind}', ${value}, ${flagType}>`,
    false,
  ];
}

function relationKind(source: ViewSource | undefined, names: ReadonlyMap<string, string>): string {
  if (source === undefined) return 'node';
  const isCore = source.space === 'cdf_cdm' && source.version === 'v1';
  const core = isCore && !names.has(viewKey(source)) && ownOf(CORE_RELATIONS, source.externalId);
  return core || 'ref';
}

/** A view as relations name it. One outside the model is there all the same, without properties. */
function targetOf(
  source: ViewSource,
  names: ReadonlyMap<string, string>,
): { readonly call: string; readonly type: string } {
  const name = names.get(viewKey(source));
  if (name !== undefined) return { call: name, type: `${name}View` };
  const args = [source.space, source.externalId, source.version].map(quote).join(', ');
  return { call: `view(${args}, {})`, type: 'View<object>' };
}

/**
 * A default as `p` takes it.
 *
 * @throws {DecodeError} when it is not a value of the type
 */
function presetText(type: string | undefined, value: unknown, what: string): string {
  if (type === 'timestamp') {
    const time = timeOf(value);
    if (Number.isNaN(time))
      throw unexpected(VIEWS, `${what} is ${describe(value)}, expected a time`);
    return `new Date(${quote(new Date(time).toISOString())})`;
  }
  if (type !== 'int64') return literal(withNumbers(value));
  if (typeof value !== 'bigint' && !Number.isInteger(value))
    throw unexpected(VIEWS, `${what} is ${describe(value)}, expected an integer`);
  return literal(BigInt(value as bigint));
}

function suffix(
  view: ViewDefinition,
  property: string,
  {
    immutable,
    container,
    containerPropertyIdentifier,
  }: Extract<
    ViewPropertyDefinition,
    { readonly container: { readonly space: string; readonly externalId: string } }
  >,
): string {
  const isOwn = container.space === view.space && container.externalId === view.externalId;
  const storage = [
    ...(isOwn
      ? []
      : [`container: ${literal({ space: container.space, externalId: container.externalId })}`]),
    ...(containerPropertyIdentifier === property
      ? []
      : [`property: ${quote(containerPropertyIdentifier)}`]),
  ];
  return `${immutable === true ? '.immutable()' : ''}${storage.length === 0 ? '' : `.storedIn({ ${storage.join(', ')} })`}`;
}

function connectionText(
  definition: Exclude<ViewPropertyDefinition, { readonly container: unknown }>,
  names: ReadonlyMap<string, string>,
): Text {
  const {
    connectionType = 'multi_edge_connection',
    source,
    through,
    edgeSource,
    direction,
    type,
  } = definition;
  const target = targetOf(source, names);
  const single = connectionType.startsWith('single_');
  const flags = single ? "'nullable'" : "'list' | 'nullable'";
  if (connectionType.endsWith('reverse_direct_relation')) {
    const options = single ? ', { single: true }' : '';
    return [
      `p.reverse(() => ${target.call}, ${quote(through?.identifier ?? '')}${options})`,
      `Property<'reverse', NodeReference, ${flags}, ${target.type}>`,
      true,
    ];
  }
  const edge = edgeSource && targetOf(edgeSource, names);
  const options = [
    `type: ${literal({ space: (type as Named | undefined)?.space, externalId: (type as Named | undefined)?.externalId })}`,
    ...(direction === 'inwards' ? ["direction: 'inwards'"] : []),
    ...(edge ? [`properties: () => ${edge.call}`] : []),
    ...(single ? ['single: true'] : []),
  ];
  return [
    `p.edges(() => ${target.call}, { ${options.join(', ')} })`,
    `Property<'edges', NodeReference, ${flags}, ${target.type}, ${edge ? edge.type : 'never'}>`,
    true,
  ];
}
