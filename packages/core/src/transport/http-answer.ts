/**
 * The answer to a request as the transport reads it. A `Response` of `fetch` is one; Node's own
 * HTTP has a lighter one, without web streams and without `Headers` until something asks for them.
 */
export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** @default that of the headers */
  readonly contentType?: string;
  /**
   * Passes the pieces of the body on as they come, without empty ones, until `take` gives `false`.
   *
   * @default reading `body`
   */
  eachPiece?(take: TakePiece): Promise<void>;
}

/** Takes a piece of a body. `false` ends the download, and so does an exception. */
export type TakePiece = (piece: Uint8Array<ArrayBuffer>) => boolean;

/** Sends one request: `fetch`, or a function that stands in for it. */
export type HttpSend = (url: string, init: HttpRequest) => Promise<HttpAnswer>;

/** A request of the transport to `fetch`. */
export interface HttpRequest extends RequestInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** It can be sent again if it is lost. `fetch` ignores it. */
  readonly idempotent: boolean;
}
