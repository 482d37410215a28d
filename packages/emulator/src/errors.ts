/** Members that the API puts in `error` besides code and message. */
export interface ErrorDetails {
  readonly missing?: readonly object[] | undefined;
  readonly duplicated?: readonly object[] | undefined;
  readonly [key: string]: unknown;
}

/** A refusal that reaches the client as the API's error envelope with this status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly details: ErrorDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    details: ErrorDetails = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }

  /** The envelope as the API sends it. */
  toBody(): object {
    return { error: { code: this.status, message: this.message, ...this.details } };
  }
}

/** A 400 with this message. */
export function badRequest(message: string, details?: ErrorDetails): ApiError {
  return new ApiError(400, message, details);
}

/** A failure to start or to open something, told in one line without a stack trace. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError';
}
