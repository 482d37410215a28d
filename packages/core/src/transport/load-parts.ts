import { loadPart } from '../async/lazy.js';

/** In one place each: a bundler writes every import with all the files that it needs. */
export const loadTransfer = (): Promise<typeof import('./transfer.js')> =>
  loadPart(import('./transfer.js'));

/** Rejects with what the runtime says: the failure that is to be explained is the one that counts. */
export const loadFailures = (): Promise<typeof import('./failure/api-error.js')> =>
  import('./failure/api-error.js');
