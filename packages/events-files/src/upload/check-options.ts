import { ConfigError } from '@cdf/core';
import { CALL_OPTIONS, checkMethodOptions, type OptionKind } from '@cdf/core/resource';
import type { ContentUploadOptions, UploadOptions } from './upload-options.js';

const CONTENT: Readonly<Record<keyof ContentUploadOptions, OptionKind>> = {
  size: 'other',
  partSize: 'other',
  parallelParts: 'other',
  verify: 'switch',
  checksum: 'other',
  onSession: 'function',
  ...CALL_OPTIONS,
};

const UPLOAD: Readonly<Record<keyof UploadOptions, OptionKind>> = {
  overwrite: 'switch',
  ...CONTENT,
};

/** @throws {ConfigError} for an invalid option, or for one among the fields of the entry. */
export function checkUploadOptions(options: UploadOptions, fields: object): void {
  checkMethodOptions(options, UPLOAD, 'upload');
  const misplaced = Object.keys(fields).find((name) => Object.hasOwn(UPLOAD, name));
  if (misplaced !== undefined)
    throw new ConfigError(`upload: ${misplaced} is an option; pass it in the last argument`);
}

/** @throws {ConfigError} for an invalid option. */
export function checkContentOptions(options: ContentUploadOptions, what: string): void {
  checkMethodOptions(options, CONTENT, what);
}

/** @throws {ConfigError} for an invalid option of the call. */
export function checkCreateOptions(options: object): void {
  checkMethodOptions(options, CALL_OPTIONS, 'create');
}
