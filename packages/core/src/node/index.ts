export { fileTokenStore } from './file-token-store.js';
export { type LoopbackWindowOptions, loopbackWindow } from './loopback-window.js';
export { type NodeFetch, type NodeFetchOptions, nodeFetch } from './node-fetch.js';
