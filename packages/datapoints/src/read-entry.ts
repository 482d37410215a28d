export {
  type EpochDatapointsQuery,
  type PlainDatapoints,
  retrieveDatapoints,
} from './read/retrieve-series.js';
export { aggregates } from './wire/aggregates-part.js';
export type { DatapointsPart } from './wire/part.js';
