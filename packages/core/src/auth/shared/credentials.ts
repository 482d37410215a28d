/** A token for requests, with its end. */
export interface AccessToken {
  readonly value: string;
  /** When it stops working, if that is known. @unit milliseconds since the epoch */
  readonly expiresAt?: number | undefined;
}

/** Context of a request for a token. */
export interface TokenContext {
  /** Ends the wait of this caller. */
  readonly signal: AbortSignal;
  /** The server refused the last token: a remembered one is of no use. */
  readonly forceRefresh: boolean;
  /** The client's own `fetch`, so that signing in goes through the same proxy. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The client's own: each request of a sign-in ends after it. @unit milliseconds */
  readonly timeoutMs?: number | undefined;
}

/**
 * Where tokens come from. Called before every attempt: remember tokens that can be reused. Those
 * that come with the SDK do, and may be shared by several clients.
 */
export interface CredentialProvider {
  /** @default 'bearer' */
  readonly scheme?: 'bearer' | 'api-key' | undefined;
  /**
   * True if `getToken` may wait for a person, who takes longer than the client's `timeoutMs`.
   * @default false: a token that does not come in time is a `TimeoutError`
   */
  readonly asksPerson?: boolean | undefined;
  getToken(context: TokenContext): Promise<AccessToken>;
}
