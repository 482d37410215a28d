/// <reference types="node" />

import { fileURLToPath } from 'node:url';
import { CdfError, ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';

/** @throws {ConfigError} for all but a string or a `file:` URL, which `node:fs` takes as well */
export function toPath(path: string | URL, what: string): string {
  if (typeof path === 'string') return path;
  try {
    if (path instanceof URL) return fileURLToPath(path);
  } catch (cause) {
    throw new ConfigError(`${what}: ${path} is not the URL of a file on this machine`, { cause });
  }
  throw new ConfigError(`${what}: the path must be a string or a file: URL, got ${shown(path)}`);
}

/** An error of the file system, in the words of the package. Others stay as they are. */
export function onDisk(error: unknown, what: string): unknown {
  const isOther = CdfError.isInstance(error) || !(error instanceof Error) || !('syscall' in error);
  return isOther ? error : new CdfError(`${what}: ${error.message}`, { cause: error });
}
