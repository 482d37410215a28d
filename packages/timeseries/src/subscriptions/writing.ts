// Code for single requests of subscriptions, in one file that is loaded with the first of them.

export { readNothing, readRetrieved, readWritten } from '@cdf/core/resource';
export { splitPatch } from './member-chunks.js';
