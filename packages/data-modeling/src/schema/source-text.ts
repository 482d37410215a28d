import type { ViewDefinition, ViewPropertyDefinition, ViewSource } from '../api/schema-types.js';

// Views as TypeScript. Text from the server never leaves a string or a comment.

/** How views are written. */
export interface SourceTextOptions {
  /**
   * Declares the type of each view, as libraries need it that publish declarations. Bundlers then drop views that are not used.
   * @default false: TypeScript infers them, unless it cannot: where a view inherits from one that leads back to it
   */
  readonly declarations?: boolean | undefined;
}

/** Names that a file of views has already, or that no variable may have. */
const TAKEN = new Set(
  (
    'p view View Property NodeReference arguments await break case catch class const continue debugger default delete do else enum eval ' +
    'export extends false finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);
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
const CORE_RELATIONS: Readonly<Record<string, string>> = { CogniteTimeSeries: 'timeSeries', CogniteFile: 'file' };

type Named = Pick<ViewSource, 'space' | 'externalId' | 'version'>;

/**
 * The source of a module that exports some views, in a stable order.
 *
 * @param views with their own properties only
 * @param module where `p` and `view` come from
 */
export function toSourceText(
  views: readonly ViewDefinition[],
  options: SourceTextOptions = {},
  module = '@cdf/data-modeling',
): string {
  const sorted = parentsFirst([...views].sort(byName));
  const names = namesOf(sorted);
  const known = new Map(views.map((view) => [keyOf(view), view]));
  const declarations = options.declarations === true || inheritsInCircles(known);
  const texts = sorted.map((view) => viewText(view, names, known, declarations));
  const types = declarations ? 'type NodeReference, type Property, p, type View, view' : 'p, view';
  return `import { ${types} } from ${quote(module)};\n\n${texts.join('\n')}`;
}

function viewText(
  view: ViewDefinition,
  names: ReadonlyMap<string, string>,
  known: Known,
  declarations: boolean,
): string {
  const name = names.get(keyOf(view)) as string;
  const properties = Object.entries(view.properties)
    .sort(([left], [right]) => compare(left, right))
    .map(([property, definition]) => propertyOf(view, property, definition, names));
  const parents = (view.implements ?? []).flatMap((parent) => names.get(keyOf(parent)) ?? []);
  const lines = properties.map(({ key, call, isRelation, description }) => {
    const text = isRelation && !declarations ? `get ${key}() {\n    return ${call};\n  },` : `${key}: ${call},`;
    return `${comment(description, '  ')}  ${text}`;
  });
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
  const args = [view.space, view.externalId, view.version].map(quote).join(', ');
  const options = optionsText(view, parents);
  if (!declarations)
    return `${comment(view.description)}export const ${name} = view(${args}, ${body}${options === '' ? '' : `, ${options}`});\n`;
  const members = properties.map(({ key, type }) => `  readonly ${key}: ${type};`);
  const base = parentTypes(view, names, known);
  const lazy = options === '' ? '' : `, () => (${options})`;
  const title = `${view.externalId}/${view.version}`;
  return [
    `${comment(`Properties of ${title}.`)}export interface ${name}Properties${base} {\n${members.join('\n')}\n}`,
    `${comment(`The type of the view ${title}.`)}export interface ${name}View extends View<${name}Properties> {}`,
    `${comment(view.description ?? `The view ${title} of ${view.space}.`)}export const ${name}: ${name}View = /* @__PURE__ */ view(${args}, () => (${body})${lazy});\n`,
  ].join('\n');
}

/** Properties of parents, without those that are declared anew, or that a later parent has too. */
function parentTypes(view: ViewDefinition, names: ReadonlyMap<string, string>, known: Known): string {
  const parents = (view.implements ?? []).filter((parent) => names.has(keyOf(parent)));
  const types = parents.map((parent, index) => {
    const hidden = new Set([
      ...Object.keys(view.properties),
      ...parents.slice(index + 1).flatMap((later) => [...effective(later, known)]),
    ]);
    const omitted = [...effective(parent, known)].filter((name) => hidden.has(name)).sort(compare);
    const type = `${names.get(keyOf(parent))}Properties`;
    return omitted.length === 0 ? type : `Omit<${type}, ${omitted.map(quote).join(' | ')}>`;
  });
  return types.length === 0 ? '' : ` extends ${types.join(', ')}`;
}

type Known = ReadonlyMap<string, ViewDefinition>;

/** Whether a view inherits from one whose relations lead back to it: the type of each would be needed for that of the other. */
function inheritsInCircles(known: Known): boolean {
  return [...known].some(([key, { implements: parents = [] }]) => {
    const open = parents.map(keyOf);
    const seen = new Set(open);
    for (const next of open) {
      const view = known.get(next);
      for (const target of view === undefined ? [] : namedBy(view)) {
        if (target === key) return true;
        if (!seen.has(target)) open.push(target);
        seen.add(target);
      }
    }
    return false;
  });
}

/** The views that a view names. */
function namedBy(view: ViewDefinition): string[] {
  const targets = Object.values(view.properties).flatMap((definition): (Named | undefined | null)[] => {
    if (!('container' in definition)) return [definition.source, definition.edgeSource];
    return [definition.source ?? (definition.type as { readonly source?: ViewSource } | undefined)?.source];
  });
  return [...(view.implements ?? []), ...targets].flatMap((target) => (target ? keyOf(target) : []));
}

/** Names of the properties that a view has, inherited ones too. */
function effective(name: Named, known: Known): Set<string> {
  const view = known.get(keyOf(name));
  const inherited = (view?.implements ?? []).flatMap((parent) => [...effective(parent, known)]);
  return new Set([...inherited, ...Object.keys(view?.properties ?? {})]);
}

function optionsText(
  { name, description, filter, usedFor, externalId }: ViewDefinition,
  parents: readonly string[],
): string {
  const parts = [
    ...(parents.length > 0 ? [`implements: [${parents.join(', ')}]`] : []),
    ...(name !== undefined && name !== externalId ? [`name: ${quote(name)}`] : []),
    ...(description !== undefined ? [`description: ${quote(description)}`] : []),
    ...(filter !== undefined ? [`filter: ${literal(filter)}`] : []),
    ...(usedFor === 'edge' || usedFor === 'all' ? [`usedFor: ${quote(usedFor)}`] : []),
  ];
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}

interface PropertyText {
  readonly key: string;
  readonly call: string;
  readonly type: string;
  readonly isRelation: boolean;
  readonly description: string | undefined;
}

function propertyOf(
  view: ViewDefinition,
  property: string,
  definition: ViewPropertyDefinition,
  names: ReadonlyMap<string, string>,
): PropertyText {
  const { description } = definition;
  const key = /^[A-Za-z_$][\w$]*$/.test(property) && property !== '__proto__' ? property : quote(property);
  const [call, type, isRelation] =
    'container' in definition ? storedText(view, property, definition, names) : connectionText(definition, names);
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
  const known = target && names.get(keyOf(target));
  const core = target?.space === 'cdf_cdm' ? CORE_RELATIONS[target.externalId] : undefined;
  const flags = [
    ...(type.list === true ? ['list'] : []),
    ...(definition.nullable === false ? [] : ['nullable']),
    ...(definition.defaultValue === undefined ? [] : ['default']),
  ];
  const many =
    type.list !== true ? '' : `.many(${type.maxListSize === undefined ? '' : `{ maxListSize: ${type.maxListSize} }`})`;
  const end = many + suffix(view, property, definition);
  const flagType = flags.map(quote).join(' | ') || 'never';
  if (type.type === 'direct') {
    const kind = known !== undefined ? 'ref' : (core ?? 'node');
    const call = known !== undefined ? `p.ref(() => ${known})` : `p.${kind}()`;
    const targetType = known !== undefined ? `, ${known}View` : '';
    return [call + end, `Property<'${kind}', NodeReference, ${flagType}${targetType}>`, known !== undefined];
  }
  const optional = definition.nullable === false ? '' : '.optional()';
  const preset = definition.defaultValue === undefined ? '' : `.default(${literal(definition.defaultValue)})`;
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
  const [name, kind, value] = KINDS[type.type ?? ''] ?? ['json', 'json', 'Readonly<Record<string, unknown>>'];
  const settings = [
    ...(type.type === 'float32' ? ['bits: 32'] : []),
    ...(type.unit === undefined ? [] : [`unit: ${quote(type.unit.externalId)}`]),
    ...(kind === 'text' && type.maxTextSize !== undefined ? [`maxSize: ${type.maxTextSize}`] : []),
  ];
  const argument =
    name === 'classic' ? quote(type.type as string) : settings.length === 0 ? '' : `{ ${settings.join(', ')} }`;
  return [
    `p.${name}(${argument})${many}${optional}${preset}${suffix(view, property, definition)}`,
    `Property<'${kind}', ${value}, ${flagType}>`,
    false,
  ];
}

function suffix(
  view: ViewDefinition,
  property: string,
  {
    immutable,
    container,
    containerPropertyIdentifier,
  }: Extract<ViewPropertyDefinition, { readonly container: { readonly space: string; readonly externalId: string } }>,
): string {
  const isOwn = container.space === view.space && container.externalId === view.externalId;
  const storage = [
    ...(isOwn ? [] : [`container: ${literal({ space: container.space, externalId: container.externalId })}`]),
    ...(containerPropertyIdentifier === property ? [] : [`property: ${quote(containerPropertyIdentifier)}`]),
  ];
  return `${immutable === true ? '.immutable()' : ''}${storage.length === 0 ? '' : `.storedIn({ ${storage.join(', ')} })`}`;
}

function connectionText(
  definition: Exclude<ViewPropertyDefinition, { readonly container: unknown }>,
  names: ReadonlyMap<string, string>,
): Text {
  const { connectionType = 'multi_edge_connection', source, through, edgeSource, direction, type } = definition;
  const target = names.get(keyOf(source));
  const single = connectionType.startsWith('single_');
  const flags = single ? "'nullable'" : "'list' | 'nullable'";
  // What is not part of the model is a relation all the same, to a view without properties.
  const targetCall = target ?? `view(${[source.space, source.externalId, source.version].map(quote).join(', ')}, {})`;
  const targetType = target === undefined ? 'View<object>' : `${target}View`;
  if (connectionType.endsWith('reverse_direct_relation')) {
    const options = single ? ', { single: true }' : '';
    return [
      `p.reverse(() => ${targetCall}, ${quote(through?.identifier ?? '')}${options})`,
      `Property<'reverse', NodeReference, ${flags}, ${targetType}>`,
      true,
    ];
  }
  const edge = edgeSource && names.get(keyOf(edgeSource));
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

/** A name of its own for each view: its external id, if no other has it. */
function namesOf(views: readonly ViewDefinition[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set(TAKEN);
  for (const view of views) {
    const parts = [view.externalId, view.space, view.version].map((part) => part.replace(/\W/g, '_'));
    // No name begins with a digit; that of the space or version is never the first part.
    let name = (parts[0] as string).replace(/^(?=\d|$)/, '_');
    parts[0] = name;
    for (let count = 1; taken.has(name); count++)
      name = count < parts.length ? parts.slice(0, count + 1).join('_') : `${name}_`;
    taken.add(name);
    names.set(keyOf(view), name);
  }
  return names;
}

function parentsFirst(views: readonly ViewDefinition[]): ViewDefinition[] {
  const byKey = new Map(views.map((view) => [keyOf(view), view]));
  const sorted = new Set<ViewDefinition>();
  const open = new Set<ViewDefinition>();
  const add = (view: ViewDefinition): void => {
    if (open.has(view)) return;
    open.add(view);
    for (const parent of view.implements ?? []) {
      const known = byKey.get(keyOf(parent));
      if (known !== undefined) add(known);
    }
    sorted.add(view);
  };
  for (const view of views) add(view);
  return [...sorted];
}

function byName(left: Named, right: Named): number {
  return compare(left.externalId, right.externalId) || compare(keyOf(left), keyOf(right));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyOf({ space, externalId, version }: Named): string {
  return `${space}:${externalId}/${version}`;
}

/** A string as TypeScript has it, on one line. */
function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${escaped.replace(/[\u2028\u2029\p{Cf}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`)}'`;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([name, member]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name)}: ${literal(member)}`).join(', ')} }`;
}

/** Text of the server as a comment, which it cannot end. */
function comment(text: string | undefined, indent = ''): string {
  if (text === undefined || text.trim() === '') return '';
  const line = text
    .replace(/\*\//g, '* /')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return `${indent}/** ${line} */\n`;
}
