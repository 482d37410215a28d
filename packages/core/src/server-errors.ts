// Apart from the other errors: only the part that reads failures makes these two.
import { ApiError, isBranded } from './errors.js';

/** Too many requests (429), and the retries are used up. */
export class RateLimitError<T = unknown> extends ApiError<T> {
  override readonly code = 'rate-limit';
  static override isInstance(error: unknown): error is RateLimitError {
    return isBranded(error, 'rate-limit');
  }
}

/** CDF failed (5xx). A write may or may not have happened. */
export class ServerError<T = unknown> extends ApiError<T> {
  override readonly code = 'server';
  static override isInstance(error: unknown): error is ServerError {
    return isBranded(error, 'server');
  }
}
