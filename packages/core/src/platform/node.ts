/// <reference types="node" />

import { gzip as gzipCallback } from 'node:zlib';

export { explainNetworkFailure } from './node-network-failure.js';

/** Level 1: six times faster than the default, and nearly as small on JSON. */
export function gzip(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    gzipCallback(data, { level: 1 }, (error, result) =>
      error === null ? resolve(result as Uint8Array<ArrayBuffer>) : reject(error),
    );
  });
}
