import type { NodeReference } from '../view/definition.js';
import { referenceKey } from '../wire/references.js';

/**
 * The places of items, those that others refer to first. Items in a circle keep their order, behind
 * the others.
 *
 * @param referencesOf the nodes that the item at a place refers to
 */
export function inOrderOfReferences(
  items: readonly NodeReference[],
  referencesOf: (place: number) => readonly NodeReference[],
): number[] {
  const places = new Map(items.map((item, index) => [referenceKey(item), index]));
  const dependents: number[][] = items.map(() => []);
  const open = items.map((_, index) => {
    const targets = new Set(referencesOf(index).map((name) => places.get(referenceKey(name))));
    targets.delete(undefined);
    targets.delete(index);
    for (const target of targets) dependents[target as number]?.push(index);
    return targets.size;
  });
  const order: number[] = open.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let next = 0; next < order.length; next++)
    for (const dependent of dependents[order[next] as number] ?? []) {
      open[dependent] = (open[dependent] as number) - 1;
      if (open[dependent] === 0) order.push(dependent);
    }
  const circular = open.flatMap((count, index) => (count > 0 ? [index] : []));
  return [...order, ...circular];
}
