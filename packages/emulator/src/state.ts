import type { EmulatorClock } from './control/clock.js';
import type { Log, WriteLogEntry, WrittenItem } from './control/logs.js';
import { propertiesOf } from './fields/derive.js';
import { TIME_SERIES } from './fields/time-series.js';
import { InstanceStore } from './instances/instance-store.js';
import type { Asset } from './model/asset.js';
import type { Item } from './model/common.js';
import type { DataSet } from './model/data-set.js';
import type { CdfEvent } from './model/event.js';
import type { CdfFile } from './model/file.js';
import type { Label } from './model/label.js';
import type { Subscription } from './model/subscription.js';
import type { TimeSeries } from './model/time-series.js';
import { NodeData } from './node-data/node-data.js';
import { Schema } from './schema/schema.js';
import type { Blobs } from './storage/blobs.js';
import { Collection } from './storage/collection.js';
import type { Store } from './storage/database.js';
import { PointStore } from './storage/points.js';
import { Snapshots } from './storage/snapshots.js';
import { AssetTree } from './storage/tree.js';
import { SubscriptionLog } from './subscriptions/log.js';

/** Everything that an emulator holds, handed to every resource. */
export class State {
  readonly project: string;
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly blobs: Blobs;
  readonly writes: Log<WriteLogEntry>;
  readonly assets: Collection<Asset>;
  readonly events: Collection<CdfEvent>;
  readonly files: Collection<CdfFile>;
  readonly timeseries: Collection<TimeSeries>;
  readonly labels: Collection<Label>;
  readonly dataSets: Collection<DataSet>;
  readonly points: PointStore;
  readonly tree: AssetTree;
  readonly subscriptions: Collection<Subscription>;
  readonly subscriptionLog: SubscriptionLog;
  readonly snapshots: Snapshots;
  readonly schema: Schema;
  readonly instances: InstanceStore;
  readonly nodeData: NodeData;

  constructor(parts: {
    project: string;
    store: Store;
    clock: EmulatorClock;
    blobs: Blobs;
    writes: Log<WriteLogEntry>;
  }) {
    this.project = parts.project;
    this.store = parts.store;
    this.clock = parts.clock;
    this.blobs = parts.blobs;
    this.writes = parts.writes;
    this.assets = new Collection(parts.store, 'asset', { keepsText: true });
    this.events = new Collection(parts.store, 'event', { keepsText: true });
    this.files = new Collection(parts.store, 'file');
    this.timeseries = new Collection(parts.store, 'timeseries', { keepsText: true });
    this.labels = new Collection(parts.store, 'label');
    this.dataSets = new Collection(parts.store, 'dataSet');
    this.points = new PointStore(parts.store);
    this.tree = new AssetTree(this.assets);
    this.snapshots = new Snapshots(parts.store);
    this.schema = new Schema(parts.store);
    this.instances = new InstanceStore(parts.store);
    this.nodeData = new NodeData({
      instances: this.instances,
      timeseries: this.timeseries,
      files: this.files,
      points: this.points,
      dropContent: (name) => parts.store.onCommit(() => this.dropContent(name)),
    });
    this.subscriptions = new Collection(parts.store, 'subscription');
    this.subscriptionLog = new SubscriptionLog(
      parts.store,
      this.subscriptions,
      this.timeseries,
      propertiesOf(TIME_SERIES, this),
      () => parts.clock.now(),
    );
  }

  /** Every collection, for operations on all of them. */
  collections(): ReadonlyArray<Collection<Item>> {
    const all = [
      this.assets,
      this.events,
      this.files,
      this.timeseries,
      this.labels,
      this.dataSets,
      this.subscriptions,
    ];
    return [...all, ...this.schema.collections()] as unknown as ReadonlyArray<Collection<Item>>;
  }

  isEmpty(): boolean {
    return this.instances.size === 0 && this.collections().every(({ size }) => size === 0);
  }

  /** Removes everything that clients stored. */
  async wipe(): Promise<void> {
    this.store.transaction(() => {
      this.store.connection.exec(
        'DELETE FROM item; DELETE FROM block; DELETE FROM subscription_log; DELETE FROM instance;',
      );
      this.store.newEpoch();
    });
    this.reload();
    for (const name of await this.blobs.list())
      if (!this.snapshots.uses(name)) await this.blobs.remove(name);
  }

  /** Reads everything again, after the database was changed as a whole. */
  reload(): void {
    for (const collection of this.collections()) collection.reload();
    this.points.reload();
    this.instances.reload();
  }

  /**
   * Forgets long deleted instances, and removes contents that a kill left without a file. Parts of
   * uploads stay: their links may outlive a restart.
   */
  async sweep(): Promise<void> {
    this.instances.purge(this.clock.now());
    const used = new Set([...this.files.items()].map(({ content }) => content));
    for (const name of await this.blobs.list()) {
      const isPart = name.startsWith('part-') && !name.endsWith('.new');
      if (!used.has(name) && !isPart && !this.snapshots.uses(name)) await this.blobs.remove(name);
    }
  }

  /**
   * Removes a content that no file refers to any more. Contents that a kill leaves behind are swept
   * at the next start.
   */
  dropContent(name: string): void {
    if (this.snapshots.uses(name)) return;
    void this.blobs.remove(name).catch(() => undefined);
  }

  /** Runs a write in one transaction and notes the stored items in the write log. */
  write<T>(
    requestId: string,
    resource: string,
    operation: WriteLogEntry['operation'],
    work: () => T,
    written: (result: T) => readonly WrittenItem[],
  ): T {
    const result = this.store.transaction(work);
    const items = written(result);
    if (items.length > 0) this.writes.add({ requestId, resource, operation, items });
    return result;
  }
}

/** The keys of items for the write log. */
export function keysOf(items: readonly Item[]): WrittenItem[] {
  return items.map(({ id, externalId }) =>
    externalId === undefined ? { id } : { id, externalId },
  );
}
