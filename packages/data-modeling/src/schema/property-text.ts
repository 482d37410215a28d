import type { ViewDefinition, ViewPropertyDefinition, ViewSource } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { withNumbers } from './canonical.js';
import { compare, literal, quote } from './literals.js';
import type { Named } from './source-names.js';

/** The kinds of the API's types, and the TypeScript types of their values. */
const KINDS: Readonly<Record<string, readonly [call: string, kind: string, value: string]>> = {
  text: ['text', 'text', 'string'],
  int32: ['int', 'int', 'number'],
  int64: ['bigint', 'bigint', 'bigint'],
  float32: ['float', 'float', 'number'],
  float64: ['float', 'float', 'number'],
  boolean: ['bool', 'bool', 'boolean'],
  timestamp: ['timestamp', 'timestamp', 'Date'],
  date: ['date', 'date', 'string'],
  json: ['json', 'json', 'Readonly<Record<string, unknown>>'],
  timeseries: ['classic', 'classic', 'string'],
  file: ['classic', 'classic', 'string'],
  sequence: ['classic', 'classic', 'string'],
};

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
  const target = definition.source ?? type.source ?? undefined;
  const known = target && names.get(viewKey(target));
  const core = target?.space === 'cdf_cdm' ? CORE_RELATIONS[target.externalId] : undefined;
  const flags = [
    ...(type.list === true ? ['list'] : []),
    ...(definition.nullable === false ? [] : ['nullable']),
    ...(definition.defaultValue === undefined ? [] : ['default']),
  ];
  const many =
    type.list !== true
      ? ''
      : `.many(${type.maxListSize === undefined ? '' : `{ maxListSize: ${type.maxListSize} }`})`;
  const preset =
    definition.defaultValue === undefined
      ? ''
      : `.default(${presetText(type.type, definition.defaultValue)})`;
  const end = many + suffix(view, property, definition);
  const flagType = flags.map(quote).join(' | ') || 'never';
  if (type.type === 'direct') {
    const kind = known !== undefined ? 'ref' : (core ?? 'node');
    const call = known !== undefined ? `p.ref(() => ${known})` : `p.${kind}()`;
    const targetType = known !== undefined ? `, ${known}View` : '';
    return [
      call + preset + end,
      `Property<'${kind}', NodeReference, ${flagType}${targetType}>`,
      known !== undefined,
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
  const [name, kind, value] = KINDS[type.type ?? ''] ?? [
    'json',
    'json',
    'Readonly<Record<string, unknown>>',
  ];
  const settings = [
    ...(type.type === 'float32' ? ['bits: 32'] : []),
    ...(type.unit === undefined ? [] : [`unit: ${quote(type.unit.externalId)}`]),
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

/** A default as `p` takes it. */
function presetText(type: string | undefined, value: unknown): string {
  if (type === 'timestamp') return `new Date(${quote(new Date(value as string).toISOString())})`;
  return literal(type === 'int64' ? BigInt(value as number) : withNumbers(value));
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
  const target = names.get(viewKey(source));
  const single = connectionType.startsWith('single_');
  const flags = single ? "'nullable'" : "'list' | 'nullable'";
  // A view outside the model is a relation all the same, to a view without properties.
  const targetCall =
    target ??
    `view(${[source.space, source.externalId, source.version].map(quote).join(', ')}, {})`;
  const targetType = target === undefined ? 'View<object>' : `${target}View`;
  if (connectionType.endsWith('reverse_direct_relation')) {
    const options = single ? ', { single: true }' : '';
    return [
      `p.reverse(() => ${targetCall}, ${quote(through?.identifier ?? '')}${options})`,
      `Property<'reverse', NodeReference, ${flags}, ${targetType}>`,
      true,
    ];
  }
  const edge = edgeSource && names.get(viewKey(edgeSource));
  const options = [
    `type: ${literal({ space: (type as Named | undefined)?.space, externalId: (type as Named | undefined)?.externalId })}`,
    ...(direction === 'inwards' ? ["direction: 'inwards'"] : []),
    ...(edge ? [`properties: () => ${edge}`] : []),
    ...(single ? ['single: true'] : []),
  ];
  return [
    `p.edges(() => ${targetCall}, { ${options.join(', ')} })`,
    `Property<'edges', NodeReference, ${flags}, ${targetType}${edge ? `, ${edge}View` : ', never'}>`,
    true,
  ];
}
