// What only writes of subscriptions need, in one file: loaded with the first of them.

export { readWritten } from '@cdf/core/resource';
export { splitPatch } from './member-chunks.js';
