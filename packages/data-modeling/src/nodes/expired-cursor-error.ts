import { CdfError } from '@cdf/core';

/**
 * A cursor is older than three days. The changes since then are lost: start again without a cursor.
 */
export class ExpiredCursorError<T = unknown> extends CdfError<T> {
  override readonly code = 'expired-cursor';
  static override isInstance(error: unknown): error is ExpiredCursorError {
    return CdfError.isInstance(error) && error.code === 'expired-cursor';
  }
}
