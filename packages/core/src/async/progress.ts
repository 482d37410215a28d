import { CdfError } from '../errors.js';
import { saidBy } from '../transport/failure/redact.js';
import type { CallOptions } from '../transport/transport.js';

/**
 * Tells the caller how far the work is; without a total where the total is unknown.
 *
 * @throws {CdfError} with an exception of the callback as its `cause`: it ends the work, and must
 *   not be taken for an error of the work
 */
export function callProgress({ onProgress }: CallOptions, done: number, total?: number): void {
  try {
    // A promise is not waited for: its rejection must not end the program.
    (onProgress?.(done, total) as unknown as Promise<void> | undefined)?.catch?.(() => {});
  } catch (cause) {
    throw new CdfError(`onProgress threw${saidBy(cause)}`, { cause });
  }
}
