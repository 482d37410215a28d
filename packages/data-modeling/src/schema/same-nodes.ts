import type { AnyView } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { containerName } from './container-name.js';

/**
 * Tells whether a node of one view may be one of the other: they have a container in common, their
 * own or a parent's, or are versions of one view. Of views without properties nothing is known.
 */
export function mayHaveSameNodes(left: AnyView, right: AnyView): boolean {
  if ([left, right].some((view) => propertiesOf(view).size === 0)) return true;
  const places = placesOf(left);
  return [...placesOf(right)].some((place) => places.has(place));
}

function placesOf(view: AnyView): Set<string> {
  const places = new Set<string>();
  const seen = new Set<AnyView>();
  const visit = (each: AnyView): void => {
    if (seen.has(each)) return;
    seen.add(each);
    places.add(containerName(each));
    for (const name of each.ownProperties) {
      const { container } = propertiesOf(each).get(name) ?? {};
      if (container !== undefined) places.add(containerName(container));
    }
    for (const parent of each.options.implements ?? []) visit(parent);
  };
  visit(view);
  return places;
}
