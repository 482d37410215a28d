import type { Entry } from '../instances/entry.js';

/** What nodes of the core model are besides nodes. */
export class NodeData {
  /** Follows what a request changed. Runs inside its transaction. */
  changed(_entries: readonly Entry[]): void {}
}
