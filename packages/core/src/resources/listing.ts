import { nextTurn } from '#turn';
import { callProgress } from '../async/progress.js';
import { openScope } from '../async/scope.js';
import { CdfError, ConfigError } from '../errors.js';
import type { CallOptions } from '../transport/transport.js';
import { shown } from '../values/text.js';
import { Cursors } from './cursors.js';
import { joinPages } from './join-pages.js';
import type { ListingSource, Page } from './listing-source.js';
import { SeenKeys } from './seen-keys.js';

/** How much of a list endpoint a listing takes. */
export interface ListingSettings {
  /** Most items in all. `Infinity` means every one, for `await` too. */
  limit?: number | undefined;
  /**
   * Items that a plain `await` gives when `limit` is not set.
   * @default 25
   */
  awaitLimit?: number | undefined;
  /**
   * Most items that the endpoint gives in one page.
   * @default 1000
   */
  pageSize?: number | undefined;
}

/**
 * A query that has not been sent. Each use sends it afresh:
 * - `await listing` gives the first `limit` items (25 by default), `limit: Infinity` all of them;
 * - `for await (const item of listing)` walks every item, or the first `limit`, fetching the next
 *   page while you work;
 * - `listing.byPage()` walks pages.
 */
export class Listing<T, L extends T[] = T[]> implements Promise<L>, AsyncIterable<T> {
  readonly [Symbol.toStringTag] = 'Listing';
  readonly #source: ListingSource<T, L>;
  readonly #settings: ListingSettings;
  readonly #options: CallOptions;

  constructor(
    source: ListingSource<T, L>,
    settings: ListingSettings = {},
    options: CallOptions = {},
  ) {
    const { limit } = settings;
    if (limit !== undefined && limit !== Infinity && (!Number.isInteger(limit) || limit < 1))
      throw new ConfigError(
        `limit must be a whole number from 1, or Infinity; got ${shown(limit)}`,
      );
    this.#source = source;
    this.#settings = settings;
    this.#options = { ...options };
  }

  /** Makes the listing awaitable. */
  // biome-ignore lint/suspicious/noThenProperty: a listing is there to be awaited.
  then<A = L, B = never>(
    onFulfilled?: ((list: L) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#collect().then(onFulfilled, onRejected);
  }

  /** As a promise has it. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<L | B> {
    return this.then(undefined, onRejected);
  }

  /** As a promise has it. */
  finally(onFinally?: (() => void) | null): Promise<L> {
    return this.then().finally(onFinally);
  }

  /** Pages as they come. Stops fetching when the loop is left. */
  async *byPage(): AsyncGenerator<L, void, undefined> {
    for await (const items of this.#pages()) yield this.#source.toList(items);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const items of this.#pages()) yield* items;
  }

  // Members of lists, for those who forgot to wait. Compilers do not see them, and ask whether
  // `await` was forgotten.
  /** @internal */
  get length(): never {
    throw new ConfigError('await the list first');
  }
  /** @internal */
  get map(): never {
    return this.length;
  }
  /** @internal */
  get toTable(): never {
    return this.length;
  }
  /** @internal */
  get [Symbol.iterator](): never {
    return this.length;
  }

  async #collect(): Promise<L> {
    const limit = this.#settings.limit ?? this.#settings.awaitLimit ?? 25;
    const source = this.#source;
    if (limit === Infinity && source.readAll !== undefined) {
      const now = Date.now();
      return source.toList(
        await source.readAll(
          await source.fetchPage({ now, limit: this.#settings.pageSize ?? 1000 }, this.#options),
          (partition, signal) => this.#pages(Infinity, now, partition, signal),
          this.#options,
        ),
      );
    }
    // Put together at the end: a long array that grows makes work for the garbage collector.
    const pages: T[][] = [];
    for await (const items of this.#pages(limit)) pages.push(items);
    return source.toList(joinPages(pages));
  }

  /** One cursor, the next page on its way while the caller has the last one. */
  async *#pages(
    limit: number = this.#settings.limit ?? Infinity,
    now: number = Date.now(),
    partition?: string,
    signal?: AbortSignal,
  ): AsyncGenerator<T[], void, undefined> {
    const pageSize = this.#settings.pageSize ?? 1000;
    const scope = openScope([signal, this.#options.signal]);
    const options = { ...this.#options, signal: scope.signal };
    const fetchPage = (cursor: string | undefined, left: number): Promise<Page<T>> =>
      this.#source.fetchPage({ now, cursor, limit: Math.min(pageSize, left), partition }, options);
    const seen = new SeenKeys();
    const cursors = new Cursors('list');
    // Partitions are merged, which drops duplicates.
    const merged = partition !== undefined;
    let left = limit;
    let done = 0;
    let next: Promise<Page<T>> | undefined = fetchPage(undefined, left);
    const fetchNext = async ({ items, nextCursor }: Page<T>): Promise<void> => {
      next = undefined;
      if (nextCursor === undefined || left <= 0) return;
      next = fetchPage(cursors.next(nextCursor, items.length), left);
      // When the loop is left before the page comes, its outcome is ignored.
      next.catch(() => {});
      // What follows, of this class and of the caller, may take long.
      await nextTurn(next);
    };
    try {
      while (next !== undefined) {
        const page: Page<T> = await next;
        // On its way while this page is looked at, where neither a limit nor a callback has a say.
        const isFree = left === Infinity && this.#options.onProgress === undefined;
        if (isFree) await fetchNext(page);
        const items = this.#source.read?.(page.items) ?? page.items;
        const isLast = page.nextCursor === undefined;
        const tracked = !merged && !(isLast && seen.isEmpty);
        const fresh = (tracked ? this.#unseen(items, seen) : items).slice(0, left);
        left -= fresh.length;
        done += fresh.length;
        // Before the next page is requested: an exception of the callback ends the listing.
        if (!merged) callProgress(this.#options, done, isLast || left <= 0 ? done : undefined);
        if (!isFree) await fetchNext(page);
        if (fresh.length > 0) yield fresh;
      }
    } finally {
      if (next !== undefined) scope.abort(new CdfError('the loop was left'));
      scope.end();
    }
  }

  /** A single page costs no bookkeeping; from the second on, items that were seen are dropped. */
  #unseen(items: T[], seen: SeenKeys): T[] {
    const { keyOf } = this.#source;
    if (keyOf === undefined) return items;
    return items.filter((item) => {
      const key = keyOf.call(this.#source, item);
      // Items without an identity are not duplicates of one another.
      return key === undefined || seen.add(key);
    });
  }
}
