// What only single requests of subscriptions need, in one file: loaded with the first of them.

export { readNothing, readRetrieved, readWritten } from '@cdf/core/resource';
export { splitPatch } from './member-chunks.js';
