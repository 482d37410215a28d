import { type CompiledFilter, compileFilter } from '../filters/advanced.js';
import type { Properties } from '../filters/properties.js';
import type { Subscription } from '../model/subscription.js';
import type { TimeSeries } from '../model/time-series.js';

import type { Collection } from '../storage/collection.js';
import { type Columns, decodeColumns, encodeColumns } from '../storage/columns.js';
import type { Statement, Store } from '../storage/database.js';

/** How long updates are kept. @unit milliseconds */
const RETENTION = 7 * 24 * 3_600_000;

/** One entry of a partition's stream. */
export interface LogEntry {
  readonly seq: number;
  readonly request: string;
  readonly kind: 'upsert' | 'delete' | 'added' | 'removed';
  /** The series as the API described it at the time. */
  readonly series: object;
  readonly columns: Columns | undefined;
  readonly range: { readonly inclusiveBegin: number; readonly exclusiveEnd: number } | undefined;
}

/**
 * The streams of all subscriptions: append-only, one per partition, written in the transaction of
 * the changes.
 */
export class SubscriptionLog {
  readonly #store: Store;
  readonly #subscriptions: Collection<Subscription>;
  readonly #properties: Properties<TimeSeries>;
  readonly #now: () => number;
  readonly #insert: Statement;
  readonly #byMember = new Map<number, Set<number>>();
  readonly #filters = new Map<number, CompiledFilter<TimeSeries>>();
  readonly #waiting = new Set<() => void>();

  constructor(
    store: Store,
    subscriptions: Collection<Subscription>,
    timeseries: Collection<TimeSeries>,
    properties: Properties<TimeSeries>,
    now: () => number,
  ) {
    this.#store = store;
    this.#subscriptions = subscriptions;
    this.#properties = properties;
    this.#now = now;
    this.#insert = store.connection.prepare(
      'INSERT INTO subscription_log (subscription, part, time, request, kind, series, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    subscriptions.onChange((before, after) => this.#index(before, after));
    timeseries.onChange((before, after) => this.#follow(before, after));
  }

  /** Points were stored. */
  inserted(series: TimeSeries, columns: Columns, request: string): void {
    for (const subscription of this.#subscribersOf(series)) {
      this.#append(subscription, series, 'upsert', request, encodeColumns(columns));
    }
  }

  /** A range was removed. */
  deleted(series: TimeSeries, inclusiveBegin: number, exclusiveEnd: number, request: string): void {
    for (const subscription of this.#subscribersOf(series)) {
      this.#append(
        subscription,
        series,
        'delete',
        request,
        Buffer.from(JSON.stringify({ inclusiveBegin, exclusiveEnd })),
      );
    }
  }

  /** Series joined or left a subscription. */
  changed(
    subscription: Subscription,
    series: TimeSeries,
    kind: 'added' | 'removed',
    request: string,
  ): void {
    this.#append(subscription, series, kind, request, Buffer.alloc(0));
  }

  /** The entries behind `after`, at most about `points` points, but all of one request together. */
  read(
    subscription: number,
    part: number,
    after: number,
    points: number,
  ): { entries: LogEntry[]; more: boolean } {
    const rows = this.#store.connection
      .prepare(
        'SELECT seq, request, kind, series, data FROM subscription_log WHERE subscription = ? AND part = ? AND seq > ? ORDER BY seq LIMIT 10001',
      )
      .raw()
      .all(subscription, part, after) as Array<[number, string, LogEntry['kind'], string, Buffer]>;
    const entries: LogEntry[] = [];
    let size = 0;
    for (const [seq, request, kind, series, data] of rows) {
      if (size >= points && entries.at(-1)?.request !== request) return { entries, more: true };
      const columns = kind === 'upsert' ? decodeColumns(data) : undefined;
      const range =
        kind === 'delete' ? (JSON.parse(data.toString()) as LogEntry['range']) : undefined;
      entries.push({ seq, request, kind, series: JSON.parse(series) as object, columns, range });
      size += columns?.timestamps.length ?? 1;
    }
    return { entries, more: false };
  }

  /** The place in the streams at a time: everything that came later is behind it. */
  positionAt(time: number): number {
    const row = this.#store.connection
      .prepare('SELECT coalesce(max(seq), 0) AS seq FROM subscription_log WHERE time < ?')
      .get(time) as { seq: number };
    return row.seq;
  }

  /** Resolves at the next append, or after a while. */
  async wait(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      timer.unref();
      this.#waiting.add(done);
    });
  }

  matches(subscription: Subscription, series: TimeSeries): boolean {
    const filter = this.#filters.get(subscription.id);
    // Series with security categories stay out of subscriptions by filter.
    if (filter !== undefined)
      return series.securityCategories.length === 0 && filter.matches(series);
    return this.#byMember.get(series.id)?.has(subscription.id) === true;
  }

  remove(subscription: number): void {
    this.#store.connection
      .prepare('DELETE FROM subscription_log WHERE subscription = ?')
      .run(subscription);
  }

  #subscribersOf(series: TimeSeries): Subscription[] {
    const ids = new Set(this.#byMember.get(series.id));
    for (const id of this.#filters.keys()) ids.add(id);
    return [...ids]
      .map((id) => this.#subscriptions.get(id))
      .filter((subscription) => subscription !== undefined)
      .filter((subscription) => this.matches(subscription, series));
  }

  #append(
    subscription: Subscription,
    series: TimeSeries,
    kind: LogEntry['kind'],
    request: string,
    data: Buffer,
  ): void {
    const { id, externalId, instanceId, isString, type } = series;
    const now = this.#now();
    const text = JSON.stringify({ id, externalId, instanceId, isString, type });
    this.#insert.run(
      subscription.id,
      id % subscription.partitionCount,
      now,
      request,
      kind,
      text,
      data,
    );
    this.#store.connection
      .prepare('DELETE FROM subscription_log WHERE time < ?')
      .run(now - RETENTION);
    queueMicrotask(() => {
      for (const done of this.#waiting) done();
    });
  }

  #index(before: Subscription | undefined, after: Subscription | undefined): void {
    for (const { id } of before?.members ?? []) this.#byMember.get(id)?.delete(before?.id ?? 0);
    if (before !== undefined) this.#filters.delete(before.id);
    if (after === undefined) return;
    if (after.filter !== undefined) {
      this.#filters.set(
        after.id,
        compileFilter(after.filter, this.#properties, { allowsSearch: false }),
      );
    }
    for (const { id } of after.members ?? []) {
      const subscribers = this.#byMember.get(id) ?? new Set();
      this.#byMember.set(id, subscribers.add(after.id));
    }
  }

  /** A series that changes may enter or leave subscriptions by filter. */
  #follow(before: TimeSeries | undefined, after: TimeSeries | undefined): void {
    if (!this.#store.inTransaction) return;
    for (const id of this.#filters.keys()) {
      const subscription = this.#subscriptions.get(id);
      if (subscription === undefined) continue;
      const [was, is] = [before, after].map(
        (series) => series !== undefined && this.matches(subscription, series),
      );
      if (was === is) continue;
      this.changed(
        subscription,
        (after ?? before) as TimeSeries,
        is === true ? 'added' : 'removed',
        crypto.randomUUID(),
      );
    }
  }
}
