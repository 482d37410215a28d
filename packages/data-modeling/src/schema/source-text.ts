import type { ViewDefinition } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { withOwnThrough, withoutUnknown } from './left-out.js';
import { comment, compare, lineComment, literal, quote } from './literals.js';
import { propertyOf } from './property-text.js';
import {
  byName,
  effective,
  inheritsInCircles,
  type Known,
  namesOf,
  parentsFirst,
} from './source-names.js';

// Views as TypeScript.

/** How views are written. */
export interface SourceTextOptions {
  /**
   * Declares the type of each view, as libraries need it that publish declarations. Bundlers then
   * drop views that are not used.
   * @default false: TypeScript infers them, unless it cannot: where a view inherits from one that
   * leads back to it
   */
  readonly declarations?: boolean | undefined;
  /** The module that `p` and `view` are imported from. @default '@cdf/data-modeling' */
  readonly module?: string | undefined;
}

/**
 * The source of a module that exports some views, in a stable order. A property that no view of ours
 * can have, such as one of a type to come, is a comment.
 *
 * @param views with their own properties only
 * @param outside other views that reverse relations name, with all their properties
 */
export function toSourceText(
  views: readonly ViewDefinition[],
  options: SourceTextOptions = {},
  outside: readonly ViewDefinition[] = [],
): string {
  const { module = '@cdf/data-modeling' } = options;
  const written = withOwnThrough(views.map(withoutUnknown), views, outside);
  const leftOut = new Map(written.map((each) => [each.view, each.leftOut]));
  const sorted = parentsFirst(written.map(({ view }) => view).sort(byName));
  const names = namesOf(sorted);
  const known = new Map(sorted.map((view) => [viewKey(view), view]));
  const declarations = options.declarations === true || inheritsInCircles(known);
  const texts = sorted.map((view) =>
    viewText(view, leftOut.get(view) ?? new Map(), names, known, declarations),
  );
  const types = declarations ? 'type NodeReference, type Property, p, type View, view' : 'p, view';
  return `import { ${types} } from ${quote(module)};\n\n${texts.join('\n')}`;
}

function viewText(
  view: ViewDefinition,
  leftOut: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
  known: Known,
  declarations: boolean,
): string {
  const name = names.get(viewKey(view)) as string;
  const properties = Object.entries(view.properties)
    .sort(([left], [right]) => compare(left, right))
    .map(([property, definition]) => propertyOf(view, property, definition, names));
  const parents = (view.implements ?? []).flatMap((parent) => names.get(viewKey(parent)) ?? []);
  const lines = properties.map(({ key, call, isRelation, description }) => {
    const text =
      isRelation && !declarations
        ? `get ${key}() {\n    return ${call};\n  },`
        : `${key}: ${call},`;
    return `${comment(description, '  ')}  ${text}`;
  });
  for (const [property, reason] of [...leftOut].sort(([left], [right]) => compare(left, right)))
    lines.push(`  ${lineComment(`${quote(property)} is left out: ${reason}.`)}`);
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
function parentTypes(
  view: ViewDefinition,
  names: ReadonlyMap<string, string>,
  known: Known,
): string {
  const parents = (view.implements ?? []).filter((parent) => names.has(viewKey(parent)));
  const types = parents.map((parent, index) => {
    const hidden = new Set([
      ...Object.keys(view.properties),
      ...parents.slice(index + 1).flatMap((later) => [...effective(later, known).keys()]),
    ]);
    const omitted = [...effective(parent, known).keys()]
      .filter((name) => hidden.has(name))
      .sort(compare);
    const type = `${names.get(viewKey(parent))}Properties`;
    return omitted.length === 0 ? type : `Omit<${type}, ${omitted.map(quote).join(' | ')}>`;
  });
  return types.length === 0 ? '' : ` extends ${types.join(', ')}`;
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
