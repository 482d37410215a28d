import { hideEmpty } from '#members';
import { longStacks, shortStacks } from '#stacks';
import type { ResourceName } from './values/resource-name.js';

/** Survives several copies of the package in one process, where `instanceof` does not. */
const BRAND = 'cdf.error';

/** True if the server can have acted on a request that failed. */
export type Delivery =
  /** Provably not: nothing was sent, or the server refused before acting. */
  | 'none'
  /** The server answered that it did nothing. */
  | 'refused'
  /** Unknown: no answer came, or one that does not say. */
  | 'unknown';

/**
 * The outcome of a write for each of its items. Together the three lists are exactly the input,
 * each in input order.
 */
export interface WriteAccount<T = unknown> {
  readonly successful: readonly T[];
  readonly unknown: readonly T[];
  readonly failed: readonly T[];
  /** The part of `failed` that was never sent. */
  readonly notAttempted: readonly T[];
  /** Every cause, in the order they happened. */
  readonly errors: readonly Error[];
}

/** The parts of any `CdfError` besides its message. */
export interface CdfErrorDetails<T = unknown> extends Partial<WriteAccount<T>> {
  readonly cause?: unknown;
  readonly delivery?: Delivery | undefined;
}

/**
 * The base of every error that the SDK raises itself. Narrow with `CdfError.isInstance(error)`,
 * which works across copies of the package and across realms.
 */
export class CdfError<T = unknown> extends Error implements WriteAccount<T> {
  readonly code: string = 'cdf';
  declare readonly successful: readonly T[];
  declare readonly unknown: readonly T[];
  declare readonly failed: readonly T[];
  declare readonly notAttempted: readonly T[];
  declare readonly errors: readonly Error[];
  /** True if the server can have acted on the failed request. */
  declare readonly delivery: Delivery;

  constructor(message: string, details: CdfErrorDetails<T> = {}) {
    longStacks();
    // `Error` takes only the cause, where there is one.
    super(message, details);
    shortStacks();
    this.successful = details.successful ?? [];
    this.unknown = details.unknown ?? [];
    this.failed = details.failed ?? [];
    this.notAttempted = details.notAttempted ?? [];
    this.errors = details.errors ?? [];
    this.delivery = details.delivery ?? 'none';
    Object.defineProperty(this, BRAND, { value: true });
    hideEmpty(this);
  }

  /** From the code, since a bundler renames classes: `not-found` is a `NotFoundError`. */
  override get name(): string {
    // The runtime asks once before the code is there.
    const words = `${this.code ?? 'cdf'}-error`;
    return words.replace(/-?\b./g, (start) => (start.at(-1) as string).toUpperCase());
  }

  /** For logs: with the message, which JSON leaves out of an error. */
  toJSON(): object {
    return { ...this, message: this.message };
  }

  static isInstance(error: unknown): error is CdfError {
    return isBranded(error);
  }
}

/** Tells an error of one of these codes, or any. */
export function isBranded(error: unknown, ...codes: readonly string[]): boolean {
  // As an object: `in` throws for anything else.
  return BRAND in Object(error) && (codes.length === 0 || codes.includes((error as CdfError).code));
}

/** The parts of an `ApiError`, for code that throws one itself. */
export interface ApiErrorDetails<T = unknown> extends CdfErrorDetails<T> {
  readonly status: number;
  readonly requestId?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly missing?: readonly ResourceName[] | undefined;
  readonly duplicated?: readonly ResourceName[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly autoRetryable?: boolean | undefined;
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** CDF answered, and the answer is an error. */
export class ApiError<T = unknown> extends CdfError<T> {
  override readonly code: string = 'api';
  declare readonly status: number;
  declare readonly requestId: string | undefined;
  declare readonly method: string | undefined;
  declare readonly path: string | undefined;
  /** Identifiers that CDF does not know. */
  declare readonly missing: readonly ResourceName[];
  /** Identifiers that exist already, or that the request named twice. */
  declare readonly duplicated: readonly ResourceName[];
  /** How long the server asks to wait (`Retry-After`). @unit milliseconds */
  declare readonly retryAfterMs: number | undefined;
  /** The server says itself that sending it again does no harm. */
  declare readonly autoRetryable: boolean;
  /** Members that the service adds to some errors. */
  declare readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, details: ApiErrorDetails<T>) {
    // CDF refuses with 4xx. A redirect comes from a server in between, which may have passed the
    // request on.
    const isRefusal = details.status >= 400 && details.status < 500;
    super(message, { delivery: isRefusal ? 'refused' : 'unknown', ...details });
    this.status = details.status;
    this.requestId = details.requestId;
    this.method = details.method;
    this.path = details.path;
    this.missing = details.missing ?? [];
    this.duplicated = details.duplicated ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.autoRetryable = details.autoRetryable ?? false;
    this.extra = details.extra;
    hideEmpty(this);
  }

  static override isInstance(error: unknown): error is ApiError {
    // Also of other packages, whose codes are unknown here.
    return isBranded(error) && 'status' in (error as object);
  }
}

/** Something that was named does not exist. `missing` has its identifiers. */
export class NotFoundError<T = unknown> extends ApiError<T> {
  override readonly code = 'not-found';
  static override isInstance(error: unknown): error is NotFoundError {
    return isBranded(error, 'not-found');
  }
}

/** Something exists already, or was named twice. `duplicated` has its identifiers. */
export class DuplicatedError<T = unknown> extends ApiError<T> {
  override readonly code = 'duplicated';
  static override isInstance(error: unknown): error is DuplicatedError {
    return isBranded(error, 'duplicated');
  }
}

/** No usable credential (401), or one without the right (403); also a sign-in that failed. */
export class AuthError<T = unknown> extends ApiError<T> {
  override readonly code = 'auth';
  static override isInstance(error: unknown): error is AuthError {
    return isBranded(error, 'auth');
  }
}

/**
 * No answer came: DNS, a refused or lost connection. `delivery` tells whether the server can have
 * acted.
 */
export class NetworkError<T = unknown> extends CdfError<T> {
  override readonly code = 'network';
  static override isInstance(error: unknown): error is NetworkError {
    return isBranded(error, 'network');
  }
}

/** An attempt took longer than `timeoutMs`, or the call longer than `deadlineMs`. */
export class TimeoutError<T = unknown> extends CdfError<T> {
  override readonly code = 'timeout';
  static override isInstance(error: unknown): error is TimeoutError {
    return isBranded(error, 'timeout');
  }
}

/**
 * A write of many items was ended by its signal: the account has the outcome until then, `cause` is
 * the signal's reason. Or the client was closed.
 */
export class AbortedError<T = unknown> extends CdfError<T> {
  override readonly code = 'aborted';
  static override isInstance(error: unknown): error is AbortedError {
    return isBranded(error, 'aborted');
  }
}

/** The caller's configuration or argument cannot work. Nothing was sent. */
export class ConfigError<T = unknown> extends CdfError<T> {
  override readonly code = 'config';
  static override isInstance(error: unknown): error is ConfigError {
    return isBranded(error, 'config');
  }
}

/** An answer does not fit the request: it is cut short, not JSON, or not in the wire format. */
export class DecodeError<T = unknown> extends CdfError<T> {
  override readonly code = 'decode';
  static override isInstance(error: unknown): error is DecodeError {
    return isBranded(error, 'decode');
  }
}

/** There is nothing to show, such as no data points in the window of a plot. */
export class EmptyDataError<T = unknown> extends CdfError<T> {
  override readonly code = 'empty-data';
  static override isInstance(error: unknown): error is EmptyDataError {
    return isBranded(error, 'empty-data');
  }
}

/**
 * A copy of the error with another `delivery`. The error given stays as it is: others may hold it.
 */
export function withDelivery(error: CdfError, delivery: Delivery): CdfError {
  return error.delivery === delivery
    ? error
    : copyOfError(error, error.message, { delivery, cause: error });
}

/** A copy of the error with changes, of the same class. */
export function copyOfError<T>(
  error: CdfError,
  message: string,
  changes: CdfErrorDetails<T>,
): CdfError<T> {
  const Class = error.constructor as new (
    message: string,
    details: ApiErrorDetails<T>,
  ) => CdfError<T>;
  // The spread carries status, requestId, missing and the like, whatever the class has.
  return new Class(message, { ...(error as unknown as ApiErrorDetails<T>), ...changes });
}
