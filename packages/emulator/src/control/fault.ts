/** From `min` to `max`, both included. */
export interface LatencyRange {
  readonly min: number;
  readonly max: number;
}

/**
 * When a fault strikes, and its effect. Members that are left out do nothing. `status`,
 * `resetBeforeBody`, `resetAfterHandling`, `cutBodyAfterBytes`, `stallBodyAfterBytes` and
 * `chunkBytes` exclude each other.
 */
export interface Fault {
  /** Only requests with this method. */
  readonly method?: string | undefined;
  /**
   * Only requests to this path, with or without `/api/v1/projects/{project}`: `/assets/list`,
   * `/files/*` (`*` stands for anything), or a regular expression. A slash at the end makes no
   * difference. All paths when absent, the control path excepted.
   */
  readonly path?: string | RegExp | undefined;
  /** How many matching requests it lets pass before it begins. @default 0 */
  readonly skip?: number | undefined;
  /**
   * How many matching requests it strikes before it is spent, at least 1.
   *
   * @default 1, or unlimited with `probability`
   */
  readonly count?: number | undefined;
  /** Strikes each matching request with this probability, 0 to 1, drawn from `seed`. */
  readonly probability?: number | undefined;
  /** Seed of the draws. @default 1 */
  readonly seed?: number | undefined;
  /** Waits this long before anything else, in real time; a range is drawn from for each request. */
  readonly latencyMs?: number | LatencyRange | undefined;
  /**
   * Handles the request and sends the body in pieces of this many bytes, each in a write of its
   * own.
   */
  readonly chunkBytes?: number | undefined;
  /** Answers with this status, 200 to 599, in the error envelope; the request is not handled. */
  readonly status?: number | undefined;
  /** The message of that answer. */
  readonly message?: string | undefined;
  /** Sends `Retry-After` with that answer. */
  readonly retryAfterSeconds?: number | undefined;
  /** Headers for that answer, such as `cdf-is-auto-retryable`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends this body instead of the envelope with that answer, as a proxy does. */
  readonly rawBody?: string | undefined;
  /** Cuts the connection before the request is handled, so that it has no effect and no answer. */
  readonly resetBeforeBody?: boolean | undefined;
  /** Handles the request, stores its data, and cuts the connection without an answer. */
  readonly resetAfterHandling?: boolean | undefined;
  /**
   * Handles the request, sends the head and this many bytes of the body, and cuts the connection; a
   * shorter body arrives whole.
   */
  readonly cutBodyAfterBytes?: number | undefined;
  /**
   * Handles the request, sends the head and this many bytes of the body, and then nothing more; a
   * shorter body arrives whole.
   */
  readonly stallBodyAfterBytes?: number | undefined;
}
