/**
 * How many items a write has written. Nodes that its relations made are not counted; `upsert` counts
 * an item as updated whose node a relation of an earlier transaction of the call has made, while
 * `dryRun` counts it as created.
 */
export interface WriteCounts {
  readonly created: number;
  readonly updated: number;
  /** Written again as they were. */
  readonly unchanged: number;
}
