// What every read needs, in one file: in files of their own, what these share would be in four more. What follows is loaded after it, and only then.
import { loadPart } from '@cdf/core/resource';

export { Results } from '../points/results.js';
export { retrieveAll } from './retrieve.js';
export const loadLatest = (): Promise<typeof import('./latest.js')> => loadPart(import('./latest.js'));
export const loadStream = (): Promise<typeof import('./stream.js')> => loadPart(import('./stream.js'));
