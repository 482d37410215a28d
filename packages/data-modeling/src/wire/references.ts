import type { NodeReference } from '../view/definition.js';

/** A string that is equal for equal names and different for different ones. */
export function referenceKey({ space, externalId }: NodeReference): string {
  // A space has no such character.
  return `${space}\u0000${externalId}`;
}
