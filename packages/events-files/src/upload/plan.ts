import { ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';

const MIB = 1024 * 1024;

/** The API's limits for a multipart upload. Every part but the last is larger than 5 MiB. */
const MIN_PART_BYTES = 5 * MIB + 1;
const MAX_PART_BYTES = 4000 * MIB - 1;
const MAX_PARTS = 250;
/** Small, since the parts of a stream are in memory. */
const DEFAULT_PART_BYTES = 6 * MIB;

/** Where one part starts and ends. */
export interface PartRange {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The size of a part: 6 MiB or the requested one, or more where 250 parts of it are too few.
 *
 * @throws {ConfigError} when the content is too large, or the requested size is out of range
 */
export function partSizeFor(size: number, wanted: number = DEFAULT_PART_BYTES): number {
  if (!Number.isInteger(wanted) || wanted < MIN_PART_BYTES || wanted > MAX_PART_BYTES)
    throw new ConfigError(
      `partSize must be a whole number of bytes, more than 5 MiB and less than 4000 MiB, got ${shown(wanted)}`,
    );
  const needed = Math.ceil(Math.ceil(size / MAX_PARTS) / MIB) * MIB;
  const partSize = Math.max(wanted, needed);
  if (partSize > MAX_PART_BYTES)
    throw new ConfigError(
      `upload: the content is too large: ${size} bytes do not fit in ${MAX_PARTS} parts of less than 4000 MiB`,
    );
  return partSize;
}

/** How content is sent: in one request, or in parts of one size. */
export interface UploadPlan {
  readonly size: number;
  readonly partSize: number;
  /** 1 means a single request. */
  readonly parts: number;
}

/** @throws {ConfigError} as `partSizeFor` */
export function planUpload(size: number, wanted?: number): UploadPlan {
  const partSize = partSizeFor(size, wanted);
  return { size, partSize, parts: planParts(size, partSize).length };
}

/** The parts in order: together exactly the bytes of the content. */
export function planParts(size: number, partSize: number): PartRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / partSize)) }, (_, index) => ({
    index,
    start: index * partSize,
    end: Math.min(size, (index + 1) * partSize),
  }));
}
