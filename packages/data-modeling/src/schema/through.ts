import type { ViewDefinition, ViewPropertyDefinition, ViewSource } from '../api/schema-types.js';
import type { ViewReference } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { canonical } from './canonical.js';
import { compare } from './literals.js';
import { effective, type Known } from './source-names.js';

// The API takes the property that a reverse relation goes through as that of the view on the other
// side, or of any other view or container that has it. Views of the library name the first.

type Reverse = Exclude<ViewPropertyDefinition, { readonly container: unknown }> & {
  readonly through: NonNullable<
    Exclude<ViewPropertyDefinition, { readonly container: unknown }>['through']
  >;
};

export function isReverse(definition: ViewPropertyDefinition): definition is Reverse {
  return 'through' in definition && (definition.through ?? undefined) !== undefined;
}

/** The views that tell where the properties are stored which reverse relations go through. */
export function namedByThrough(views: Iterable<ViewDefinition>): ViewReference[] {
  const named = [...views]
    .flatMap(({ properties }) => Object.values(properties))
    .filter(isReverse)
    .filter((definition) => !isOfOtherSide(definition))
    .flatMap(({ source, through }) =>
      through.source.type === 'view' ? [through.source, source] : [source],
    );
  const references = named.map(({ space, externalId, version }) => ({
    ...{ space, externalId, version },
  }));
  return [...new Map(references.map((each) => [viewKey(each), each])).values()];
}

/**
 * The property of the view on the other side that a reverse relation goes through, or `undefined`
 * where that view has none.
 *
 * @param written views as they are written, without what is left out
 * @param all those, with what is left out, and views outside the model
 */
export function throughOf(definition: Reverse, written: Known, all: Known): string | undefined {
  const { source, through } = definition;
  const { identifier } = through;
  const isWritten = written.has(viewKey(source));
  // A view outside the model is written without its properties.
  if (!isWritten && (isOfOtherSide(definition) || !all.has(viewKey(source)))) return identifier;
  const properties = effective(source, isWritten ? written : all);
  if (isOfOtherSide(definition) && properties.has(identifier)) return identifier;
  const wanted = placeOfThrough(through, all);
  if (wanted === undefined) return undefined;
  const isSame = (name: string): boolean => placeOf(properties.get(name)) === wanted;
  return isSame(identifier) ? identifier : [...properties.keys()].sort(compare).find(isSame);
}

/** Where the property is stored that a reverse relation goes through, as text. */
export function placeOfThrough(
  { source, identifier }: Reverse['through'],
  views: Known,
): string | undefined {
  return source.type === 'view'
    ? placeIn(source, identifier, views)
    : placeText(source, identifier);
}

/** Where a property of a view is stored, as text. */
export function placeIn(
  view: Pick<ViewSource, 'space' | 'externalId' | 'version'>,
  name: string,
  views: Known,
): string | undefined {
  return placeOf(effective(view, views).get(name));
}

export function placeText(
  { space, externalId }: { readonly space: string; readonly externalId: string },
  property: string,
): string {
  return canonical([{ space, externalId }, property]);
}

function placeOf(definition: ViewPropertyDefinition | undefined): string | undefined {
  return definition !== undefined && 'container' in definition
    ? placeText(definition.container, definition.containerPropertyIdentifier)
    : undefined;
}

function isOfOtherSide({ source, through }: Reverse): boolean {
  return through.source.type === 'view' && viewKey(through.source) === viewKey(source);
}
