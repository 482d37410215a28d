import { loadPart } from '@cdf/core/resource';

/** In one place: a bundler writes every import with all the files that it needs. */
export const loadLater = (): Promise<typeof import('./later.js')> => loadPart(import('./later.js'));
