import type { CdfError } from '../../errors.js';
import type { Exchange } from '../attempt.js';
import type { Attempt, Call } from '../call.js';
import type { RequestInfo, RetryEvent } from '../hooks.js';
import type { CallOptions, TransferResponse, TransferSpec } from '../transport.js';
import type { ResolvedTransportConfig } from '../transport-config.js';

/**
 * What a transport can do besides requests with whole bodies. A part that nobody gives to `createTransport` is in no bundle. Of two
 * of a kind the last counts.
 */
export interface TransportPart {
  /** What it is called. */
  readonly part: string;
  /** The smaller bytes of a body, where it is worth it. @internal */
  compress?(data: string | Uint8Array, contentType: string, url: string): Promise<Uint8Array> | undefined;
  /** Sees an attempt from right before it is sent to its end. @internal */
  watch?(info: RequestInfo, secrets: readonly string[]): WatchedAttempt;
  /** The same for what credentials send. @internal */
  watchFetch?(fetch: typeof globalThis.fetch, info: RequestInfo): typeof globalThis.fetch;
  /** Hears that another attempt follows. @internal */
  onRetry?(event: RetryEvent): void;
  /** Sends a body that is a stream. @internal */
  sendStream?<T>(body: ReadableStream<Uint8Array>, label: string, send: SendStream<T>): Promise<T>;
  /** The body of an answer as a stream that cannot stall for ever. @internal */
  readStream?(
    body: ReadableStream<Uint8Array>,
    label: string,
    signals: readonly (AbortSignal | undefined)[],
    idleMs: number,
  ): ReadableStream<Uint8Array>;
  /** Bytes to or from a storage URL. @internal */
  transfer?(wire: Wire, spec: TransferSpec, options: CallOptions): Promise<TransferResponse>;
}

export interface WatchedAttempt {
  /** To be sent along. */
  readonly headers: Readonly<Record<string, string>>;
  end(response: Response | undefined, failure: unknown): void;
}

/** @param blame what was wrong with the content, if that is why it failed */
export type SendStream<T> = (body: ReadableStream<Uint8Array>, blame: () => CdfError | undefined) => Promise<T>;

/** What a part may use of the transport that it is in. */
export interface Wire {
  readonly config: ResolvedTransportConfig;
  /** Aborted when the transport is closed. */
  readonly closing: AbortSignal;
  /** Runs a call with its retries. */
  call<T>(call: WireCall, options: CallOptions, once: (attempt: Attempt) => Promise<T>): Promise<T>;
  /** One attempt. */
  exchange<T>(attempt: Attempt, exchange: Exchange<T>): Promise<T>;
}

export interface WireCall extends Pick<Call, 'idempotent' | 'retry' | 'deadlineMs'> {
  readonly info: Pick<RequestInfo, 'kind' | 'method' | 'path'>;
}
