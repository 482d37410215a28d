import type { CallOptions } from '@cdf/core';
import type {
  ConnectionProperty,
  ViewDefinition,
  ViewProperty,
  ViewWrite,
} from '../api/schema-types.js';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import type { Connection } from '../wire/send.js';
import { ownOf } from './canonical.js';
import { readThrough } from './read-through.js';
import type { Known } from './source-names.js';
import { placeIn, placeOfThrough, placeText } from './through.js';
import { type Definitions, storageOf } from './to-definitions.js';

type Through = NonNullable<ConnectionProperty['through']>;

/**
 * The definitions, with reverse relations as the project names them where it means the same: the
 * API takes the property that one goes through as that of the view on the other side, or of any
 * other view or container that has it. One request for views that only the project names.
 */
export async function withKnownThrough(
  connection: Connection,
  definitions: Definitions,
  existing: ReadonlyMap<string, ViewDefinition>,
  given: readonly AnyView[],
  call?: CallOptions,
): Promise<Definitions> {
  const byKey = new Map(given.map((view) => [viewKey(view), view]));
  const found = new Map<ViewProperty, Through>();
  const open: (Compared & { readonly property: ViewProperty })[] = [];
  for (const wanted of definitions.views) {
    const known = existing.get(viewKey(wanted))?.properties;
    const properties = propertiesOf(byKey.get(viewKey(wanted)) as AnyView);
    for (const [name, property] of Object.entries(wanted.properties ?? {})) {
      const through = throughOf(ownOf(known, name));
      const { kind, target, through: own = '' } = properties.get(name) as PropertyDefinition;
      if (through === undefined || kind !== 'reverse') continue;
      const compared = { through, other: (target as () => AnyView)(), own };
      const isSame = isSameHere(compared);
      if (isSame) found.set(property, through);
      if (isSame === undefined) open.push({ ...compared, property });
    }
  }
  const named = open.flatMap(({ through: { source }, other }) =>
    source.type === 'view' ? [source, other] : [other],
  );
  const names = named.map(({ space, externalId, version }) => ({
    ...{ space, externalId, version },
  }));
  const read = await readThrough(connection, names, call);
  const project = new Map(read.map((view) => [viewKey(view), view]));
  for (const { property, ...compared } of open)
    if (isSameThere(compared, project)) found.set(property, compared.through);
  const views = definitions.views.map((wanted): ViewWrite => {
    const properties = Object.entries(wanted.properties ?? {}).map(([name, property]) => {
      const through = found.get(property);
      return [name, through === undefined ? property : { ...property, through }];
    });
    return { ...wanted, properties: Object.fromEntries(properties) };
  });
  return { ...definitions, views };
}

/** What a reverse relation goes through in the project, and here. */
interface Compared {
  readonly through: Through;
  readonly other: AnyView;
  /** The property of the other view. */
  readonly own: string;
}

function throughOf(property: ViewProperty | undefined): Through | undefined {
  return property !== undefined && 'through' in property ? property.through : undefined;
}

/** Tells whether both are one property, or `undefined` where only the project knows. */
function isSameHere({
  through: { source, identifier },
  other,
  own,
}: Compared): boolean | undefined {
  if (source.type === 'view' && viewKey(source) === viewKey(other) && identifier === own)
    return true;
  // Nothing is known of a view of another model.
  if (propertiesOf(other).size === 0) return undefined;
  const place = placeOf(other, own);
  if (source.type !== 'view') return placeText(source, identifier) === place;
  const held = lineOf(other).find((one) => viewKey(one) === viewKey(source));
  const theirs = held && placeOf(held, identifier);
  return theirs === undefined ? undefined : theirs === place;
}

function isSameThere({ through, other, own }: Compared, project: Known): boolean {
  const isKnown = propertiesOf(other).size > 0;
  if (!isKnown && !project.has(viewKey(other))) return through.identifier === own;
  const place = isKnown ? placeOf(other, own) : placeIn(other, own, project);
  return place !== undefined && placeOfThrough(through, project) === place;
}

/** The view and those that it inherits from, once each. */
function lineOf(view: AnyView): AnyView[] {
  const line = new Set([view]);
  for (const each of line) for (const parent of each.options.implements ?? []) line.add(parent);
  return [...line];
}

/** Where a property of the view, or one that it inherits, is stored, as text. */
function placeOf(view: AnyView, name: string): string | undefined {
  const definition = propertiesOf(view).get(name);
  if (definition?.reading === undefined || definition.reading === null) return undefined;
  const holder = holderOf(view, name);
  const { container, property } = storageOf(holder, name, definition);
  return placeText(container, property);
}

/** The view whose own property it is. Of several parents the later one counts. */
export function holderOf(view: AnyView, name: string): AnyView {
  if (view.ownProperties.includes(name)) return view;
  const parent = (view.options.implements ?? []).findLast((each) => propertiesOf(each).has(name));
  return parent === undefined ? view : holderOf(parent, name);
}
