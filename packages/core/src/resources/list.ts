import { type Identified, type Identifier, identifierKey } from '../values/identifiers.js';
import { ItemList } from './item-list.js';

/** A list of resources. What gives some of them, such as `filter`, gives a list again. */
export class ResourceList<T extends Identified> extends ItemList<T> {
  /** The item of that identifier, or `undefined`. The first call over 16 items or more builds an index. */
  get(identifier: Identifier): T | undefined {
    return indexOf(this).get(identifierKey(identifier));
  }
}

/** Outside of the array, so that neither JSON nor a spread sees it. Rebuilt when the length has changed. */
const indexes = /* @__PURE__ */ new WeakMap<object, { length: number; index: Map<string, unknown> }>();

function indexOf<T extends Identified>(list: readonly T[]): Map<string, T> {
  const known = indexes.get(list);
  if (known !== undefined && known.length === list.length) return known.index as Map<string, T>;
  const index = new Map<string, T>();
  for (const item of list) {
    remember(index, `id:${item.id}`, item);
    if (item.externalId !== undefined) remember(index, identifierKey({ externalId: item.externalId }), item);
    if (item.instanceId !== undefined) remember(index, identifierKey({ instanceId: item.instanceId }), item);
  }
  indexes.set(list, { length: list.length, index });
  return index;
}

function remember<T>(index: Map<string, T>, key: string, item: T): void {
  if (!index.has(key)) index.set(key, item);
}
