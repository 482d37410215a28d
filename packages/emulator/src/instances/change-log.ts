import type { Entry } from './entry.js';

interface Change {
  readonly number: number;
  readonly entry: Entry;
}

/** The instances in the order of their last changes, the deleted ones among them. */
export class ChangeLog {
  #changes: Change[] = [];
  #last = 0;
  #stale = 0;

  /** The number of the last change. */
  get last(): number {
    return this.#last;
  }

  /** The number of a change that is about to be made. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }

  add(entry: Entry): void {
    this.#changes.push({ number: entry.change, entry });
  }

  /** Adds an entry that is in the log already, where it no longer counts. */
  addAgain(entry: Entry): void {
    this.add(entry);
    this.#stale += 1;
  }

  /** Takes all changes behind a number back, also those that were numbered and never added. */
  rewind(number: number): void {
    while ((this.#changes.at(-1)?.number ?? 0) > number) this.#changes.pop();
    this.#last = number;
  }

  /** Changes after a number, each instance once, at its last change. */
  *after(number: number): Generator<Entry> {
    this.#compact();
    const changes = this.#changes;
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as Change).number <= number) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < changes.length; at += 1) {
      const change = changes[at] as Change;
      if (change.entry.change === change.number) yield change.entry;
    }
  }

  /** The deleted, in the order of deletion. */
  *deleted(): Generator<Entry> {
    for (const entry of this.after(0)) if (entry.deletedTime !== undefined) yield entry;
  }

  deletedBefore(time: number): Entry[] {
    return [...this.deleted()].filter(
      (entry) => (entry.deletedTime ?? time) < time && entry.change !== this.#last,
    );
  }

  forget(entries: readonly Entry[]): void {
    const gone = new Set(entries);
    this.#changes = this.#changes.filter(({ entry }) => !gone.has(entry));
  }

  load(entries: readonly Entry[]): void {
    const sorted = [...entries].sort((left, right) => left.change - right.change);
    this.#changes = sorted.map((entry) => ({ number: entry.change, entry }));
    this.#last = sorted.at(-1)?.change ?? 0;
    this.#stale = 0;
  }

  clear(): void {
    this.#changes = [];
    this.#last = 0;
    this.#stale = 0;
  }

  #compact(): void {
    if (this.#stale < 1000 || this.#stale * 2 < this.#changes.length) return;
    this.#changes = this.#changes.filter(({ number, entry }) => entry.change === number);
    this.#stale = 0;
  }
}
