/** How many items a write has written. */
export interface WriteCounts {
  readonly created: number;
  readonly updated: number;
  /** Written again as they were. */
  readonly unchanged: number;
}
