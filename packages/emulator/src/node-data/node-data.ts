import type { Entry } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { CdfFile } from '../model/file.js';
import type { TimeSeries } from '../model/time-series.js';
import { CORE_CODES } from '../schema/core.js';
import type { Collection } from '../storage/collection.js';
import type { PointStore } from '../storage/points.js';
import { AssetPaths } from './asset-paths.js';
import { fileOf, markUploaded } from './node-files.js';
import { seriesOf } from './node-series.js';
import { Twins } from './twins.js';

/** Classic resources behind nodes of the core model: time series, files, and assets with a path. */
export class NodeData {
  readonly #instances: InstanceStore;
  readonly #paths: AssetPaths;
  readonly #series: Twins<TimeSeries>;
  readonly #files: Twins<CdfFile>;

  constructor(parts: {
    readonly instances: InstanceStore;
    readonly timeseries: Collection<TimeSeries>;
    readonly files: Collection<CdfFile>;
    readonly points: PointStore;
    /** Removes a content once the running transaction holds. */
    readonly dropContent: (name: string) => void;
  }) {
    const { instances, timeseries, files, points, dropContent } = parts;
    this.#instances = instances;
    this.#paths = new AssetPaths(instances);
    this.#series = new Twins(timeseries, CORE_CODES.timeSeries, seriesOf, ({ id }) =>
      points.removeSeries(id),
    );
    this.#files = new Twins(files, CORE_CODES.file, fileOf, ({ content }) => {
      if (content !== undefined) dropContent(content);
    });
  }

  /** Follows the changes of a request. Runs inside its transaction. */
  changed(entries: readonly Entry[], now: number): void {
    this.#paths.changed(entries, now);
    this.#series.changed(entries, now);
    this.#files.changed(entries, now);
  }

  /**
   * The content of a file has come: its node says so. Runs inside the transaction of the upload.
   */
  uploaded({ instanceId }: CdfFile, now: number): void {
    if (instanceId !== undefined) markUploaded(this.#instances, instanceId, now);
  }
}
