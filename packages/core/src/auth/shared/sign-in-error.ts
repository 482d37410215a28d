import { type ApiErrorDetails, AuthError } from '../../errors.js';

export interface SignInErrorDetails<T = unknown> extends ApiErrorDetails<T> {
  readonly reason?: string | undefined;
}

/** An identity provider said no. `reason` is its error code, such as `invalid_client`. */
export class SignInError<T = unknown> extends AuthError<T> {
  readonly reason: string | undefined;

  constructor(message: string, details: SignInErrorDetails<T>) {
    // CDF has not even been asked.
    super(message, { delivery: 'none', ...details });
    this.reason = details.reason;
  }
}
