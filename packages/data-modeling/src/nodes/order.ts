import type { NodeReference } from '../view/definition.js';
import { referenceKey } from '../wire/references.js';
import type { WireWrite } from '../wire/writer-codec.js';

/**
 * The places of items, those that others refer to first. Items in a circle keep their order, behind
 * the others.
 */
export function inOrderOfReferences(items: readonly WireWrite[]): number[] {
  const places = new Map(items.map((item, index) => [referenceKey(item), index]));
  const dependents: number[][] = items.map(() => []);
  const open = items.map((item, index) => {
    const targets = new Set(referencesOf(item).map((name) => places.get(referenceKey(name))));
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

function referencesOf({ sources, type, startNode, endNode }: WireWrite): NodeReference[] {
  const values = Object.values(sources[0].properties).flat();
  return [type, startNode, endNode, ...values].filter(isName);
}

function isName(value: unknown): value is NodeReference {
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  return typeof space === 'string' && typeof externalId === 'string';
}
