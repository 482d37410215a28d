import { KeyTable } from './key-table.js';

/** A set of keys, of which there may be many. */
export function newKeys(): KeyTable {
  return new KeyTable();
}
