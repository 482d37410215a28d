import { ConfigError } from '../errors.js';
import { type Identified, type Identifier, identifierKey } from '../values/identifiers.js';
import { type Table, toTable } from '../values/table.js';
import { shown } from '../values/text.js';
import { ItemList } from './item-list.js';

/**
 * A list of resources. Methods that give some of its items, such as `filter`, give a list again.
 */
export class ResourceList<T extends Identified> extends ItemList<T> {
  /**
   * The item of that identifier, or `undefined`. The first call builds an index.
   *
   * @throws {ConfigError} when it is no identifier
   */
  get(identifier: Identifier): T | undefined {
    const { id, externalId, instanceId } = Object(identifier) as Partial<Identified>;
    if ((id ?? externalId ?? instanceId) === undefined)
      throw new ConfigError(`get: expected { id } or { externalId }, got ${shown(identifier)}`);
    const key = identifierKey(identifier);
    const known = indexes.get(this);
    const found = known && find(this, known, key);
    // Other items may have been put in place of those.
    if (
      found ||
      (known?.items.length === this.length && known.items.every((item, at) => item === this[at]))
    )
      return found;
    const index = new Map<string, number>();
    // The first of equal ones stays.
    for (let at = this.length - 1; at >= 0; at--)
      for (const name of keysOf(this[at] as T)) index.set(name, at);
    const fresh = { items: [...this], index };
    indexes.set(this, fresh);
    return find(this, fresh, key);
  }

  /**
   * One row per item, one column per property that any of them has; metadata as `metadata.key`
   * columns.
   */
  toTable(): Table {
    return toTable(this);
  }
}

interface Index {
  /** Those that it was made of. */
  readonly items: readonly unknown[];
  /** The place of each key. */
  readonly index: ReadonlyMap<string, number>;
}

/** Outside of the array, so that neither JSON nor a spread sees it. */
const indexes = /* @__PURE__ */ new WeakMap<object, Index>();

function find<T extends Identified>(
  list: readonly T[],
  { index }: Index,
  key: string,
): T | undefined {
  const item = list[index.get(key) ?? -1];
  return item && keysOf(item).includes(key) ? item : undefined;
}

function keysOf(item: Identified): string[] {
  const { id, externalId, instanceId } = item;
  return [{ id }, { externalId }, { instanceId }]
    .filter((name) => Object.values(name)[0] !== undefined)
    .map((name) => identifierKey(name as Identifier));
}
