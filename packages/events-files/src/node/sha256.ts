/// <reference types="node" />

import { createHash } from 'node:crypto';
import { type Checksum, type Hasher, SHA256 } from '../upload/entry.js';

/** SHA-256 in hexadecimal, under `sha256`, as `sha256sum` prints it. */
export const sha256: Checksum = {
  name: SHA256,
  create(): Hasher {
    const hash = createHash('sha256');
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => hash.digest('hex'),
    };
  },
};
