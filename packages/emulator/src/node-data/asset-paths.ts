import type { Entry, Row } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import { CORE_CODES } from '../schema/core.js';
import { isSame } from '../schema/values.js';

const ASSET = CORE_CODES.asset;
const PARENT = 'assetHierarchy_parent';
const ROOT = 'assetHierarchy_root';
const PATH = 'assetHierarchy_path';
const TIME = 'assetHierarchy_path_last_updated_time';
const MAX_DEPTH = 100;

/** Keeps the paths of assets from their roots to themselves, as their parents change. */
export class AssetPaths {
  readonly #instances: InstanceStore;

  constructor(instances: InstanceStore) {
    this.#instances = instances;
  }

  /** Follows changed nodes. Runs inside the transaction that changed them. */
  changed(entries: readonly Entry[], now: number): void {
    const fresh = new Set(entries);
    const open = entries.filter(({ data }) => data[ASSET] !== undefined);
    const seen = new Set<Entry>();
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      if (seen.has(entry)) continue;
      seen.add(entry);
      const isMoved = entry.deletedTime !== undefined || this.#place(entry, fresh, now);
      if (!isMoved) continue;
      for (const child of this.#instances.indexes.byValue(ASSET, PARENT).get(entry.key))
        open.push(child);
    }
  }

  /** Gives whether the path of an asset is another than before. */
  #place(entry: Entry, fresh: ReadonlySet<Entry>, now: number): boolean {
    const row = entry.data[ASSET] as Row;
    const path = this.#pathOf(entry);
    if (isSame(row[PATH], path)) return false;
    const { [PATH]: _path, [ROOT]: _root, [TIME]: _time, ...rest } = row;
    const after: Row =
      path === undefined ? rest : { ...rest, [PATH]: path, [ROOT]: path[0] as string, [TIME]: now };
    const next = { data: { ...entry.data, [ASSET]: after }, lastUpdatedTime: now };
    if (fresh.has(entry)) this.#instances.complete(entry, next);
    else this.#instances.update(entry, next);
    return true;
  }

  /** From the root down; `undefined` where parents go round in a circle, or too deep. */
  #pathOf(entry: Entry): readonly string[] | undefined {
    const path: string[] = [];
    for (let at: Entry | undefined = entry; at !== undefined; ) {
      if (path.includes(at.key) || path.length === MAX_DEPTH) return undefined;
      path.push(at.key);
      const parent: unknown = at.data[ASSET]?.[PARENT];
      const found = typeof parent === 'string' ? this.#instances.get(parent) : undefined;
      at = found?.data[ASSET] === undefined ? undefined : found;
    }
    return path.reverse();
  }
}
