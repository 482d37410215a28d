import type { Call } from './call.js';
import type { Advise } from './failure/api-error.js';
import type { HttpAnswer } from './http-answer.js';
import type { RequestInfo, WireRequest } from './interceptor.js';

/** What one call is, whatever its attempts send. */
export interface OutgoingCall extends Pick<Call, 'idempotent' | 'retry' | 'once' | 'deadlineMs' | 'mayRenew'> {
  readonly info: Pick<RequestInfo, 'kind' | 'method' | 'path'>;
}

/** What an attempt sends, as interceptors get it: without credentials. */
export type Outgoing = Pick<WireRequest, 'url' | 'headers' | 'body'>;

/** What interceptors do not get of an attempt: where it goes, with which credentials, and what becomes of the answer. */
export interface Exchange {
  readonly url: string;
  readonly timeoutMs: number;
  /** Strings that must not show in an error, should the server repeat them. */
  readonly secrets: readonly string[];
  readonly onAttempt: (() => void) | undefined;
  /** Which answers are no errors. @default those of 200 to 299 */
  readonly isSuccess?: ((response: HttpAnswer) => boolean) | undefined;
  /** The remedy for an answer that is an error. @default that of the API */
  readonly advise?: Advise | undefined;
  /** What is sent, for the remedy. */
  readonly body?: unknown;
  /** The headers that are sent, from those that the last interceptor has handed on. */
  finish(headers: Readonly<Record<string, string>>): Record<string, string>;
  read(response: HttpAnswer, label: string): Promise<unknown>;
}
