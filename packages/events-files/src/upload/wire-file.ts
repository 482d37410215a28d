import { type ResourceDefinition, toWireItems } from '@cdf/core/resource';
import type { CdfFile } from '../file-types.js';

/** A file to create, as the API takes it: times in epoch milliseconds. @throws {ConfigError} for one that is no time. */
export function toWireFile<T extends object>(definition: ResourceDefinition<CdfFile>, file: T): T {
  return toWireItems(definition, [file])[0] as T;
}
