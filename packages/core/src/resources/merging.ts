// What reads several listings as one, in one file: a bundler makes a script of each part that is loaded later.

export { readPartitions } from './partitions.js';
export { listMerged } from './several-filters.js';
