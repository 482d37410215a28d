import { ConfigError } from '@cdf/core';

const MIB = 1024 * 1024;

/** The API's bounds of a multipart upload. Every part but the last is larger than 5 MiB. */
const MIN_PART_BYTES = 5 * MIB + 1;
const MAX_PART_BYTES = 4000 * MIB - 1;
const MAX_PARTS = 250;
/** Small, since parts of streams wait in memory. */
const DEFAULT_PART_BYTES = 6 * MIB;

/** Where one part begins and ends. */
export interface PartRange {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * How large the parts of a content are: 6 MiB, or what 250 parts need to be.
 *
 * @param wanted another size than 6 MiB
 * @throws {ConfigError} when the content is too large, or the size wanted is out of bounds
 */
export function partSizeFor(size: number, wanted: number = DEFAULT_PART_BYTES): number {
  if (!Number.isInteger(wanted) || wanted < MIN_PART_BYTES || wanted > MAX_PART_BYTES)
    throw new ConfigError(`partSize must be more than 5 MiB and less than 4000 MiB, got ${wanted} bytes`);
  const needed = Math.ceil(Math.ceil(size / MAX_PARTS) / MIB) * MIB;
  const partSize = Math.max(wanted, needed);
  if (partSize > MAX_PART_BYTES) throw new ConfigError(`upload: ${size} bytes are more than one file can have`);
  return partSize;
}

/** How a content travels: in one request, or in parts of one size. */
export interface UploadPlan {
  readonly size: number;
  readonly partSize: number;
  /** 1 is a single request. */
  readonly parts: number;
}

/** @throws {ConfigError} as `partSizeFor` */
export function planUpload(size: number, wanted?: number): UploadPlan {
  const partSize = partSizeFor(size, wanted);
  return { size, partSize, parts: planParts(size, partSize).length };
}

/** The parts of a content, in order: together exactly its bytes. */
export function planParts(size: number, partSize: number): PartRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / partSize)) }, (_, index) => ({
    index,
    start: index * partSize,
    end: Math.min(size, (index + 1) * partSize),
  }));
}
