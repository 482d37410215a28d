import { EmulatorError } from './errors.js';
import type { EmulatorOptions } from './options.js';

/** Timers fire at once for more. @unit milliseconds */
const LONGEST_WAIT = 2 ** 31 - 1;

/** Checks what options and faults share. @throws {EmulatorError} */
export function checkNetwork({
  latencyMs,
  chunkBytes,
}: Pick<EmulatorOptions, 'latencyMs' | 'chunkBytes'>): void {
  if (latencyMs !== undefined && !isLatency(latencyMs))
    throw new EmulatorError(
      `latencyMs must be a number of milliseconds up to ${LONGEST_WAIT}, or { min, max } with 0 <= min <= max`,
    );
  if (chunkBytes !== undefined && !(Number.isInteger(chunkBytes) && chunkBytes >= 1)) {
    throw new EmulatorError('chunkBytes must be a whole number of at least 1');
  }
}

function isLatency(value: unknown): boolean {
  if (typeof value === 'number') return value >= 0 && value <= LONGEST_WAIT;
  if (typeof value !== 'object' || value === null) return false;
  const { min, max, ...others } = value as Record<string, unknown>;
  return (
    Object.keys(others).length === 0 &&
    isLatency(min) &&
    isLatency(max) &&
    Number(min) <= Number(max)
  );
}
