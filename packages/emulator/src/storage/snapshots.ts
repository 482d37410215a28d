import { ApiError, badRequest } from '../errors.js';
import type { Store } from './database.js';

/** The tables of a snapshot, copied beside the originals. */
const TABLES: Readonly<Record<string, string>> = {
  item: 'seq, kind, id, external_id, body',
  block: 'seq, series, first, last, size, data',
  subscription_log: 'seq, subscription, part, time, request, kind, series, data',
  instance: 'seq, change, body',
};

/**
 * Named copies of everything stored, in the same database: saved and restored in one transaction.
 */
export class Snapshots {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Saves the stored data under a name, and replaces an earlier snapshot of that name. */
  save(name: string): void {
    checkName(name);
    this.#store.transaction(() => {
      this.#drop(name);
      for (const [table, columns] of Object.entries(TABLES)) {
        this.#run(
          `INSERT INTO snapshot_${table} (name, ${columns}) SELECT ?, ${columns} FROM ${table}`,
          name,
        );
      }
      this.#run('INSERT INTO snapshot (name) VALUES (?)', name);
    });
  }

  /** Puts back the saved data; the caller must read everything again. */
  restore(name: string): void {
    checkName(name);
    if (!this.names().includes(name)) throw new ApiError(404, `Unknown snapshot: ${name}`);
    this.#store.transaction(() => {
      for (const [table, columns] of Object.entries(TABLES)) {
        this.#store.connection.exec(`DELETE FROM ${table}`);
        this.#run(
          `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM snapshot_${table} WHERE name = ?`,
          name,
        );
      }
      this.#store.newEpoch();
    });
  }

  remove(name: string): void {
    checkName(name);
    this.#store.transaction(() => this.#drop(name));
  }

  names(): string[] {
    const rows = this.#store.connection
      .prepare('SELECT name FROM snapshot ORDER BY name')
      .raw()
      .all() as [string][];
    return rows.map(([name]) => name);
  }

  /** True if some snapshot has a file with this content. */
  uses(content: string): boolean {
    const find =
      "SELECT 1 FROM snapshot_item WHERE kind = 'file' AND json_extract(body, '$.content') = ? LIMIT 1";
    return this.#store.connection.prepare(find).get(content) !== undefined;
  }

  #drop(name: string): void {
    for (const table of Object.keys(TABLES))
      this.#run(`DELETE FROM snapshot_${table} WHERE name = ?`, name);
    this.#run('DELETE FROM snapshot WHERE name = ?', name);
  }

  #run(statement: string, name: string): void {
    this.#store.connection.prepare(statement).run(name);
  }
}

/** A name is a word, never a path. */
function checkName(name: string): void {
  if (!/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name)) {
    throw badRequest(
      'The name of a snapshot must be made of letters, digits, - and _, at most 64 of them',
    );
  }
}
