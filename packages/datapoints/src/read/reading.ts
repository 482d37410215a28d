// One file for all that reads: in files of their own, what these share would be in four more, and a page that reads would load six.
export { Results } from '../results.js';
export { retrieveLatest } from './latest.js';
export { retrieveAll } from './retrieve.js';
export { streamSlices } from './stream.js';
