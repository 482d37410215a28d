// Everything that reads several listings as one is in one file, because bundlers make one script of
// each lazy part.

export { readPartitions } from './partitions.js';
export { listMerged } from './several-filters.js';
