import type { Entry } from '../instances/entry.js';
import type { InstanceId, Item } from '../model/common.js';
import type { Collection } from '../storage/collection.js';

type Twin = Item & {
  readonly instanceId?: InstanceId | undefined;
  readonly pendingInstanceId?: InstanceId | undefined;
};

/** The items that belong to nodes with data in a container: made, changed and removed with them. */
export class Twins<T extends Twin> {
  readonly #collection: Collection<T>;
  readonly #code: string;
  readonly #make: (
    entry: Entry,
    before: T | undefined,
  ) => Omit<T, 'id' | 'createdTime' | 'lastUpdatedTime'>;
  readonly #removed: (item: T) => void;
  /** The ids of items that wait for a node, by its key. */
  readonly #pending = new Map<string, number>();

  constructor(
    collection: Collection<T>,
    code: string,
    make: (
      entry: Entry,
      before: T | undefined,
    ) => Omit<T, 'id' | 'createdTime' | 'lastUpdatedTime'>,
    removed: (item: T) => void,
  ) {
    this.#collection = collection;
    this.#code = code;
    this.#make = make;
    this.#removed = removed;
    collection.onChange((before, after) => {
      if (before?.pendingInstanceId !== undefined)
        this.#pending.delete(keyOf(before.pendingInstanceId));
      if (after?.pendingInstanceId !== undefined)
        this.#pending.set(keyOf(after.pendingInstanceId), after.id);
    });
  }

  /** Follows changed nodes. Runs inside the transaction that changed them. */
  changed(entries: readonly Entry[], now: number): void {
    for (const entry of entries) {
      if (entry.data[this.#code] === undefined) continue;
      const present = this.#collection.getByInstance(entry);
      if (entry.deletedTime === undefined) this.#put(entry, present ?? this.#waiting(entry), now);
      else if (present !== undefined) {
        this.#collection.delete(present.id);
        this.#removed(present);
      }
    }
  }

  #put(entry: Entry, before: T | undefined, now: number): void {
    const item = this.#make(entry, before);
    if (before === undefined) {
      const id = this.#collection.newId();
      this.#collection.create({ ...item, id, createdTime: now, lastUpdatedTime: now } as T);
      return;
    }
    const { id, createdTime } = before;
    const after = { ...item, id, createdTime, lastUpdatedTime: before.lastUpdatedTime } as T;
    if (JSON.stringify(after) !== JSON.stringify(before))
      this.#collection.replace({ ...after, lastUpdatedTime: now });
  }

  #waiting(entry: Entry): T | undefined {
    const id = this.#pending.get(entry.key);
    return id === undefined ? undefined : this.#collection.get(id);
  }
}

function keyOf({ space, externalId }: InstanceId): string {
  return `${space}:${externalId}`;
}
