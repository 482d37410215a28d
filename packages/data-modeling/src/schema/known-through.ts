import type {
  ConnectionProperty,
  ViewDefinition,
  ViewProperty,
  ViewWrite,
} from '../api/schema-types.js';
import type { AnyView, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { canonical, ownOf } from './canonical.js';
import { type Definitions, storageOf } from './to-definitions.js';

type Through = NonNullable<ConnectionProperty['through']>;

/**
 * The definitions, with reverse relations as the project names them where it means the same: the
 * API takes the property that one goes through as that of the view on the other side, of a parent
 * of it, or of its container.
 */
export function withKnownThrough(
  definitions: Definitions,
  existing: ReadonlyMap<string, ViewDefinition>,
  given: readonly AnyView[],
): Definitions {
  const byKey = new Map(given.map((view) => [viewKey(view), view]));
  const views = definitions.views.map((wanted): ViewWrite => {
    const view = byKey.get(viewKey(wanted)) as AnyView;
    const known = existing.get(viewKey(wanted))?.properties;
    const properties = Object.entries(wanted.properties ?? {}).map(([name, property]) => {
      const found = throughOf(ownOf(known, name));
      const isSame = found !== undefined && isSameThrough(view, name, found);
      return [name, isSame ? { ...property, through: found } : property];
    });
    return { ...wanted, properties: Object.fromEntries(properties) };
  });
  return { ...definitions, views };
}

function throughOf(property: ViewProperty | undefined): Through | undefined {
  return property !== undefined && 'through' in property ? property.through : undefined;
}

function isSameThrough(view: AnyView, name: string, { source, identifier }: Through): boolean {
  const { kind, target, through = '' } = propertiesOf(view).get(name) as PropertyDefinition;
  if (kind !== 'reverse') return false;
  const other = (target as () => AnyView)();
  // Nothing is known of a view of another model.
  if (propertiesOf(other).size === 0) return identifier === through;
  const { space, externalId } = source;
  const held =
    source.type === 'view'
      ? lineOf(other).find((one) => viewKey(one) === viewKey(source))
      : undefined;
  const place =
    source.type === 'view'
      ? held && placeOf(held, identifier)
      : canonical([{ space, externalId }, identifier]);
  return place !== undefined && place === placeOf(other, through);
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
  return canonical([{ space: container.space, externalId: container.externalId }, property]);
}

/** The view whose own property it is. Of several parents the later one counts. */
export function holderOf(view: AnyView, name: string): AnyView {
  if (view.ownProperties.includes(name)) return view;
  const parent = (view.options.implements ?? []).findLast((each) => propertiesOf(each).has(name));
  return parent === undefined ? view : holderOf(parent, name);
}
