import { randomInt } from 'node:crypto';
import { exactJsonText, parseExactJson } from '../http/exact-json.js';
import type { InstanceId, Item } from '../model/common.js';
import type { Statement, Store } from './database.js';

/** How many items one statement stores: each statement costs as much as several rows. */
const AT_ONCE = 50;

/** One stored item with its place in the order of creation. */
export interface Entry<T> {
  readonly seq: number;
  readonly item: T;
  /** The item as the API sends it, made at first use. */
  json: string | undefined;
  deleted: boolean;
}

/**
 * All items of one kind. The database is the truth; the items are also held in memory, in the order
 * of creation, so that filters are plain functions. Every write must run inside
 * {@link Store.transaction}.
 */
export class Collection<T extends Item> {
  readonly kind: string;
  readonly #store: Store;
  readonly #byId = new Map<number, Entry<T>>();
  readonly #byExternalId = new Map<string, Entry<T>>();
  readonly #byInstance = new Map<string, Entry<T>>();
  readonly #insert: Statement;
  readonly #insertMany: Statement;
  readonly #keepsText: boolean;
  readonly #toText: (item: T) => string;
  readonly #fromText: (text: string) => unknown;
  readonly #update: Statement;
  readonly #delete: Statement;
  readonly #listeners: Array<(before: T | undefined, after: T | undefined) => void> = [];
  #entries: Entry<T>[] = [];
  #holes = 0;
  #lastSeq = 0;

  /**
   * @param keepsText when the API sends items just as they are stored
   * @param isExact when items have whole numbers that JavaScript's would round, as `bigint`
   */
  constructor(
    store: Store,
    kind: string,
    {
      keepsText = false,
      isExact = false,
    }: { readonly keepsText?: boolean; readonly isExact?: boolean } = {},
  ) {
    this.kind = kind;
    this.#keepsText = keepsText;
    this.#toText = isExact ? exactJsonText : JSON.stringify;
    // Text that is empty is damaged, and not a body that was left out.
    this.#fromText = isExact ? (text) => parseExactJson(text) ?? JSON.parse(text) : JSON.parse;
    this.#store = store;
    const { connection } = store;
    const insert = 'INSERT INTO item (kind, id, external_id, body) VALUES';
    this.#insert = connection.prepare(`${insert} (?, ?, ?, ?)`);
    this.#insertMany = connection.prepare(
      `${insert} ${Array(AT_ONCE).fill('(?, ?, ?, ?)').join()}`,
    );
    this.#update = connection.prepare('UPDATE item SET external_id = ?, body = ? WHERE seq = ?');
    this.#delete = connection.prepare('DELETE FROM item WHERE seq = ?');
    this.#load();
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: number): T | undefined {
    return this.#byId.get(id)?.item;
  }

  getByExternalId(externalId: string): T | undefined {
    return this.#byExternalId.get(externalId)?.item;
  }

  /** By the node to which it belongs. */
  getByInstance(instance: InstanceId): T | undefined {
    return this.#byInstance.get(`${instance.space}:${instance.externalId}`)?.item;
  }

  entryOf(id: number): Entry<T> | undefined {
    return this.#byId.get(id);
  }

  /** A fresh id: random, below 2^53, as the API gives them. */
  newId(): number {
    for (;;) {
      const id = randomInt(1, 2 ** 47) * 32 + randomInt(32);
      if (!this.#byId.has(id)) return id;
    }
  }

  /** Live entries in order of creation, starting behind `afterSeq`. */
  *entries(afterSeq = 0): Generator<Entry<T>> {
    const entries = this.#entries;
    for (let index = firstAfter(entries, afterSeq); index < entries.length; index += 1) {
      const entry = entries[index] as Entry<T>;
      if (!entry.deleted) yield entry;
    }
  }

  /** The entries of these ids only. */
  entriesOf(ids: Iterable<number>, afterSeq = 0): Entry<T>[] {
    const found = [...new Set(ids)].flatMap((id) => this.#byId.get(id) ?? []);
    return found.filter(({ seq }) => seq > afterSeq).sort((left, right) => left.seq - right.seq);
  }

  *items(): Generator<T> {
    for (const entry of this.entries()) yield entry.item;
  }

  /** Tells a listener of every change, including those that a rollback takes back. */
  onChange(listener: (before: T | undefined, after: T | undefined) => void): void {
    this.#listeners.push(listener);
    for (const item of this.items()) listener(undefined, item);
  }

  create(item: T): void {
    this.createAll([item]);
  }

  createAll(items: readonly T[]): void {
    const texts = items.map((item) => this.#toText(item));
    const row = (index: number): unknown[] => {
      const { id, externalId = null } = items[index] as T;
      return [this.kind, id, externalId, texts[index]];
    };
    let done = 0;
    const insert = (statement: Statement, rows: number): void => {
      const values = Array.from({ length: rows }, (_, index) => row(done + index)).flat();
      const { lastInsertRowid } = statement.run(...values);
      // The rows of one statement follow each other.
      const first = Number(lastInsertRowid) - rows + 1;
      for (let index = 0; index < rows; index += 1) {
        const json = this.#keepsText ? texts[done + index] : undefined;
        const entry: Entry<T> = {
          seq: first + index,
          item: items[done + index] as T,
          json,
          deleted: false,
        };
        this.#add(entry);
        this.#store.onRollback(() => this.#remove(entry));
      }
      done += rows;
    };
    while (items.length - done >= AT_ONCE) insert(this.#insertMany, AT_ONCE);
    while (done < items.length) insert(this.#insert, 1);
  }

  replace(item: T): void {
    const before = this.#byId.get(item.id);
    if (before === undefined) throw new Error(`no ${this.kind} with id ${item.id}`);
    this.#update.run(item.externalId ?? null, this.#toText(item), before.seq);
    const after: Entry<T> = { seq: before.seq, item, json: undefined, deleted: false };
    this.#swap(before, after);
    this.#store.onRollback(() => this.#swap(after, before));
  }

  delete(id: number): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#delete.run(entry.seq);
    this.#remove(entry);
    this.#store.onRollback(() => this.#add(entry));
  }

  /** Reads everything again, after the database was replaced as a whole. */
  reload(): void {
    for (const item of [...this.items()]) this.#tell(item, undefined);
    this.#byId.clear();
    this.#byExternalId.clear();
    this.#byInstance.clear();
    this.#entries = [];
    this.#holes = 0;
    this.#lastSeq = 0;
    this.#load();
  }

  #load(): void {
    const rows = this.#store.connection
      .prepare('SELECT seq, body FROM item WHERE kind = ? ORDER BY seq')
      .raw()
      .all(this.kind) as Array<[number, string]>;
    for (const [seq, body] of rows) {
      this.#add({ seq, item: this.#parse(body, seq), json: undefined, deleted: false });
    }
  }

  #parse(body: string, seq: number): T {
    try {
      return this.#fromText(body) as T;
    } catch {
      throw this.#store.damage(`the ${this.kind} at ${seq} is not what was written`);
    }
  }

  #add(entry: Entry<T>): void {
    entry.deleted = false;
    if (entry.seq > this.#lastSeq) {
      this.#entries.push(entry);
      this.#lastSeq = entry.seq;
    } else {
      const place = firstAfter(this.#entries, entry.seq - 1);
      const holds = this.#entries[place]?.seq === entry.seq;
      this.#entries.splice(place, holds ? 1 : 0, entry);
      if (holds) this.#holes -= 1;
    }
    this.#byId.set(entry.item.id, entry);
    if (entry.item.externalId !== undefined) this.#byExternalId.set(entry.item.externalId, entry);
    const instance = instanceOf(entry.item);
    if (instance !== undefined) this.#byInstance.set(instance, entry);
    this.#tell(undefined, entry.item);
  }

  #remove(entry: Entry<T>): void {
    entry.deleted = true;
    this.#holes += 1;
    this.#byId.delete(entry.item.id);
    if (entry.item.externalId !== undefined) this.#byExternalId.delete(entry.item.externalId);
    const instance = instanceOf(entry.item);
    if (instance !== undefined) this.#byInstance.delete(instance);
    this.#tell(entry.item, undefined);
    if (this.#holes > 1000 && this.#holes * 2 > this.#entries.length) {
      this.#entries = this.#entries.filter((other) => !other.deleted);
      this.#holes = 0;
    }
  }

  #swap(before: Entry<T>, after: Entry<T>): void {
    const place = firstAfter(this.#entries, before.seq - 1);
    this.#entries[place] = after;
    this.#byId.set(after.item.id, after);
    const old = before.item.externalId;
    if (old !== undefined && this.#byExternalId.get(old)?.seq === before.seq)
      this.#byExternalId.delete(old);
    if (after.item.externalId !== undefined) this.#byExternalId.set(after.item.externalId, after);
    const [was, is] = [instanceOf(before.item), instanceOf(after.item)];
    if (was !== undefined && this.#byInstance.get(was)?.seq === before.seq)
      this.#byInstance.delete(was);
    if (is !== undefined) this.#byInstance.set(is, after);
    this.#tell(before.item, after.item);
  }

  #tell(before: T | undefined, after: T | undefined): void {
    for (const listener of this.#listeners) listener(before, after);
  }
}

/** The key of the node to which an item belongs. */
function instanceOf(item: Item): string | undefined {
  const { instanceId } = item as { readonly instanceId?: InstanceId };
  return instanceId === undefined ? undefined : `${instanceId.space}:${instanceId.externalId}`;
}

/** The index of the first entry whose place is behind `seq`; entries are ordered by place. */
function firstAfter(entries: readonly Entry<unknown>[], seq: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as Entry<unknown>).seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
