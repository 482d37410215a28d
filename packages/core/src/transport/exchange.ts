import type { Call } from './call.js';
import type { Advise } from './failure/api-error.js';
import type { HttpAnswer } from './http-answer.js';
import type { RequestInfo, WireRequest } from './interceptor.js';

/** One call, shared by its attempts. */
export interface OutgoingCall
  extends Pick<Call, 'idempotent' | 'retry' | 'once' | 'deadlineMs' | 'mayRenew'> {
  readonly info: Pick<RequestInfo, 'kind' | 'method' | 'path'>;
}

/** The request of an attempt as interceptors see it: without credentials. */
export type Outgoing = Pick<WireRequest, 'url' | 'headers' | 'body'>;

/**
 * The parts of an attempt hidden from interceptors: its URL, its credentials and the handling of
 * the answer.
 */
export interface Exchange {
  readonly url: string;
  readonly idempotent: boolean;
  readonly timeoutMs: number;
  /** Strings that must not show in an error, should the server repeat them. */
  readonly secrets: readonly string[];
  readonly onAttempt: (() => void) | undefined;
  /** Tells which answers are successful. @default those of 200 to 299 */
  readonly isSuccess?: ((response: HttpAnswer) => boolean) | undefined;
  /** The remedy for an answer that is an error. @default that of the API */
  readonly advise?: Advise | undefined;
  /** The body that was sent, for the remedy. */
  readonly body?: unknown;
  /** The headers that are sent, from those that the last interceptor has handed on. */
  finish(headers: Readonly<Record<string, string>>): Record<string, string>;
  read(response: HttpAnswer, label: string): Promise<unknown>;
}
