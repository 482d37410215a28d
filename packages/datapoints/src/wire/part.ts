import type { PointReader } from './point-fields.js';

/** What points may be besides raw ones. A part that nobody passes is in no bundle. */
export interface DatapointsPart {
  /** What it is called. */
  readonly part: string;
  /** Reads points of the kind. @param bytes of those that are to come @internal */
  makeReader(bytes: number): PointReader;
}
