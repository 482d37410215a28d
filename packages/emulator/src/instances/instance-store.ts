import { instanceKey } from '../schema/keys.js';
import type { Statement, Store } from '../storage/database.js';
import { ChangeLog } from './change-log.js';
import type { Entry, EntryState, InstanceType } from './entry.js';
import { EntryIndexes } from './entry-index.js';
import { bodyOf, entryOf } from './stored-body.js';
import { UNIT_SPACE, unitNodes } from './unit-nodes.js';

/** How many instances one statement stores: each statement costs as much as several rows. */
const AT_ONCE = 50;
/** How long deleted instances stay for those that follow changes. @unit milliseconds */
export const KEPT_DELETED: number = 3 * 86_400_000;

/** A new instance. */
export type NewEntry = Omit<EntryState, 'version' | 'deletedTime'> & {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/**
 * All nodes and edges. The database is the truth; they are also held in memory in the order of
 * creation, with indexes. Every write must run inside {@link Store.transaction}.
 */
export class InstanceStore {
  readonly indexes: EntryIndexes;
  readonly changes: ChangeLog = new ChangeLog();
  readonly #store: Store;
  readonly #byKey = new Map<string, Entry>();
  readonly #insert: Statement;
  readonly #insertMany: Statement;
  readonly #update: Statement;
  #order: Entry[] = [];
  #holes = 0;
  #lastSeq = 0;

  constructor(store: Store) {
    this.#store = store;
    this.indexes = new EntryIndexes(() => this.all());
    const { connection } = store;
    const insert = 'INSERT INTO instance (seq, change, body) VALUES';
    this.#insert = connection.prepare(`${insert} (?, ?, ?)`);
    this.#insertMany = connection.prepare(`${insert} ${Array(AT_ONCE).fill('(?, ?, ?)').join()}`);
    this.#update = connection.prepare('UPDATE instance SET change = ?, body = ? WHERE seq = ?');
    this.#load();
  }

  /** How many live, those of the system not counted. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Finds one, also among those of the system, which no list has. */
  get(key: string): Entry | undefined {
    return (
      this.#byKey.get(key) ?? (key.startsWith(`${UNIT_SPACE}:`) ? unitNodes().get(key) : undefined)
    );
  }

  /** The living in the order of creation, behind a place. */
  *all(afterSeq = 0): Generator<Entry> {
    this.#compact();
    const order = this.#order;
    for (let at = firstAfter(order, afterSeq); at < order.length; at += 1) {
      const entry = order[at] as Entry;
      if (entry.deletedTime === undefined) yield entry;
    }
  }

  /** Stores new instances; the keys must be free. */
  create(made: readonly NewEntry[]): Entry[] {
    const [lastSeq, lastChange] = [this.#lastSeq, this.changes.last];
    const added: Entry[] = [];
    // Registered first, so that it also covers a write that fails half-way.
    this.#store.onRollback(() => {
      for (const entry of added.toReversed()) this.#takeBack(entry);
      this.#lastSeq = lastSeq;
      this.changes.rewind(lastChange);
    });
    const entries = made.map((each): Entry => {
      this.#lastSeq += 1;
      const {
        instanceType,
        space,
        externalId,
        type,
        start,
        end,
        data,
        createdTime,
        lastUpdatedTime,
      } = each;
      return {
        instanceType,
        space,
        externalId,
        key: instanceKey(each),
        seq: this.#lastSeq,
        change: this.changes.next(),
        version: 1,
        createdTime,
        lastUpdatedTime,
        deletedTime: undefined,
        type,
        start,
        end,
        data,
        cached: undefined,
      };
    });
    let done = 0;
    const insert = (statement: Statement, rows: number): void => {
      const values = entries
        .slice(done, done + rows)
        .flatMap((entry) => [entry.seq, entry.change, bodyOf(entry)]);
      statement.run(...values);
      done += rows;
    };
    while (entries.length - done >= AT_ONCE) insert(this.#insertMany, AT_ONCE);
    while (done < entries.length) insert(this.#insert, 1);
    for (const entry of entries) {
      this.#add(entry);
      added.push(entry);
    }
    return entries;
  }

  /** Changes an instance: its version rises. */
  update(entry: Entry, next: Partial<EntryState>): void {
    this.#change(entry, { ...next, version: entry.version + 1 });
  }

  /** Completes an instance that the same request has changed already, so that its version stays. */
  complete(entry: Entry, next: Partial<EntryState>): void {
    this.#change(entry, next);
  }

  /** Memory follows the database: a write that fails changes neither. */
  #change(entry: Entry, next: Partial<EntryState>): void {
    const { version, createdTime, lastUpdatedTime, deletedTime, type, start, end, data, change } =
      entry;
    const before = {
      version,
      createdTime,
      lastUpdatedTime,
      deletedTime,
      type,
      start,
      end,
      data,
      change,
    };
    const body = bodyOf({ ...entry, ...next });
    const last = this.changes.last;
    this.#store.onRollback(() => {
      this.#set(entry, before);
      this.changes.rewind(last);
    });
    const number = this.changes.next();
    this.#update.run(number, body, entry.seq);
    this.#set(entry, { ...next, change: number });
    this.changes.addAgain(entry);
  }

  /** Deletes an instance; it stays for a while for those that follow changes. */
  delete(entry: Entry, now: number): void {
    this.update(entry, { deletedTime: now, lastUpdatedTime: now });
  }

  /** Reads everything again, after the database was replaced as a whole. */
  reload(): void {
    this.#byKey.clear();
    this.indexes.clear();
    this.changes.clear();
    this.#order = [];
    this.#holes = 0;
    this.#lastSeq = 0;
    this.#load();
  }

  /**
   * Forgets the deleted ones that no one can ask for any more. The last change stays: its number
   * must not be given twice.
   */
  purge(now: number): void {
    const old = this.changes.deletedBefore(now - KEPT_DELETED);
    if (old.length === 0) return;
    const remove = this.#store.connection.prepare('DELETE FROM instance WHERE seq = ?');
    this.#store.transaction(() => {
      for (const { seq } of old) remove.run(seq);
    });
    this.changes.forget(old);
  }

  #set(entry: Entry, next: Partial<Mutable<Entry>>): void {
    const wasAlive = entry.deletedTime === undefined;
    if (wasAlive) this.indexes.remove(entry);
    Object.assign(entry, next, { cached: undefined });
    const isAlive = entry.deletedTime === undefined;
    if (isAlive) this.indexes.add(entry);
    if (wasAlive === isAlive) return;
    if (isAlive) {
      this.#byKey.set(entry.key, entry);
      this.#holes -= 1;
      return;
    }
    this.#byKey.delete(entry.key);
    this.#holes += 1;
  }

  #add(entry: Entry): void {
    this.#order.push(entry);
    this.#byKey.set(entry.key, entry);
    this.indexes.add(entry);
    this.changes.add(entry);
  }

  /** The rollback of a creation; the newest comes first, so it is the last of all. */
  #takeBack(entry: Entry): void {
    this.indexes.remove(entry);
    this.#byKey.delete(entry.key);
    this.#order.pop();
  }

  /**
   * Drops the deleted from the order. Not while a write may be taken back, which needs the places
   * as they were.
   */
  #compact(): void {
    if (this.#holes < 1000 || this.#holes * 2 < this.#order.length || this.#store.inTransaction)
      return;
    this.#order = this.#order.filter(({ deletedTime }) => deletedTime === undefined);
    this.#holes = 0;
  }

  #load(): void {
    const rows = this.#store.connection
      .prepare('SELECT seq, change, body FROM instance ORDER BY seq')
      .raw();
    const all: Entry[] = [];
    for (const [seq, change, body] of rows.iterate() as Iterable<[number, number, string]>) {
      const entry = this.#parse(seq, change, body);
      this.#lastSeq = seq;
      all.push(entry);
      if (entry.deletedTime !== undefined) continue;
      this.#order.push(entry);
      this.#byKey.set(entry.key, entry);
    }
    this.changes.load(all);
  }

  #parse(seq: number, change: number, body: string): Entry {
    try {
      return entryOf(seq, change, body);
    } catch {
      throw this.#store.damage(`the instance at ${seq} is not what was written`);
    }
  }
}

/** The place of the first entry behind `seq`. */
function firstAfter(order: readonly Entry[], seq: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] as Entry).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
