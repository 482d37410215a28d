/** One request that the emulator received, refused ones and faults included. */
export interface RequestLogEntry {
  /** The `x-request-id` of the answer. */
  readonly requestId: string;
  readonly method: string;
  /** The path without `/api/v1/projects/{project}`, without the query. */
  readonly path: string;
  /** The path and query as they came. */
  readonly url: string;
  /** Headers in lower case; `authorization` and `api-key` are masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** When it came, by the emulator's clock. @unit milliseconds since 1970 */
  readonly time: number;
  /**
   * The JSON body (decompressed), when it was at most 64 kB and is among the newest thousand
   * requests.
   */
  readonly body?: unknown;
  /** Bytes of the body as they came over the wire. */
  readonly bodyBytes: number;
  /**
   * The status of the answer; absent while it is being made and when the connection was reset
   * without one.
   */
  readonly status?: number | undefined;
  /** The fault that struck, by its id. */
  readonly faultId?: number | undefined;
}

/** The items that one request stored or removed; only requests that succeeded appear. */
export interface WriteLogEntry {
  readonly requestId: string;
  readonly resource: string;
  readonly operation: 'create' | 'update' | 'delete' | 'insert';
  readonly items: readonly WrittenItem[];
}

/** An item of a write: which it is and, for data points, how many. */
export interface WrittenItem {
  readonly id: number;
  readonly externalId?: string | undefined;
  /** Data points written to a time series. */
  readonly points?: number | undefined;
}

const WHOLE_ENTRIES = 1000;

/** The newest entries of a log; older ones fall out beyond `capacity`. */
export class Log<T extends { readonly requestId: string }> implements Iterable<T> {
  readonly #capacity: number;
  readonly #thin: ((entry: T) => T) | undefined;
  #entries: T[] = [];

  /** `thin` makes entries smaller that are no longer among the newest thousand. */
  constructor(capacity: number, thin?: (entry: T) => T) {
    this.#capacity = capacity;
    this.#thin = thin;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** All entries, oldest first. */
  all(): readonly T[] {
    return [...this.#entries];
  }

  /** The entries of one request. */
  of(requestId: string): readonly T[] {
    return this.#entries.filter((entry) => entry.requestId === requestId);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#entries[Symbol.iterator]();
  }

  clear(): void {
    this.#entries = [];
  }

  /** @internal */
  add(entry: T): void {
    this.#entries.push(entry);
    const old = this.#entries.length - WHOLE_ENTRIES;
    if (this.#thin !== undefined && old >= 0)
      this.#entries[old] = this.#thin(this.#entries[old] as T);
    // Trimming in bulk keeps adding cheap.
    if (this.#entries.length > this.#capacity * 1.25)
      this.#entries = this.#entries.slice(-this.#capacity);
  }

  /** @internal */
  replace(before: T, after: T): void {
    const index = this.#entries.lastIndexOf(before);
    if (index >= 0) this.#entries[index] = after;
  }
}
