import {
  ApiError,
  type ApiErrorDetails,
  AuthError,
  DuplicatedError,
  NotFoundError,
} from '../../errors.js';
import { RateLimitError, ServerError } from '../../server-errors.js';
import { describeIdentifier } from '../../values/describe-identifier.js';
import type { ResourceName } from '../../values/resource-name.js';
import { readText } from '../body/read-text.js';
import type { HttpAnswer } from '../http-answer.js';
import type { RequestInfo } from '../interceptor.js';
import { capabilityAdvice, tokenAdvice } from './access-advice.js';
import { safeText } from './redact.js';
import { retryAfter } from './retry-after.js';
import { dataWithoutSecrets, secretFilter } from './secrets.js';
import { spellingAdvice } from './spelling-advice.js';
import { stringAdvice } from './string-advice.js';
import { unitAdvice } from './unit-advice.js';

// One part that is loaded late.
export { explainRefusal } from './no-access.js';
export { signInFailure } from './sign-in-failure.js';

/** An answer that is an error, read as far as it is of use. */
export interface ErrorAnswer {
  readonly response: Pick<Response, 'status' | 'headers'>;
  readonly text: string;
  readonly method: string;
  readonly path: string;
  /** Secrets that messages must not show, even if the server repeats them. */
  readonly secrets: readonly string[];
  /** The body that was sent, for the remedy. */
  readonly body: unknown;
  /** @default that of the API */
  readonly advise: Advise | undefined;
}

/** The remedy for an error; empty if the remedy is unknown. */
export type Advise = (
  details: ApiErrorDetails,
  Class: ApiErrorClass,
  body: unknown,
  said: string,
) => string;

interface Envelope {
  readonly message?: unknown;
  readonly missing?: unknown;
  readonly duplicated?: unknown;
  readonly missingFields?: unknown;
  readonly isAutoRetryable?: unknown;
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** Reads the body of an answer that is an error. @throws what the body throws that breaks off */
export async function readApiError(
  response: HttpAnswer,
  { method, path }: Pick<RequestInfo, 'method' | 'path'>,
  { secrets, body, advise }: Pick<ErrorAnswer, 'secrets'> & Partial<ErrorAnswer>,
): Promise<ApiError> {
  const text = await readText(response);
  return toApiError({ response, text, method, path, secrets, body, advise });
}

/** The error that an answer means, in any of the shapes that CDF and gateways before it use. */
export function toApiError(answer: ErrorAnswer): ApiError {
  const { response, text, method, path, secrets, body, advise = apiAdvice } = answer;
  const { status, headers } = response;
  const envelope = parseEnvelope(text, secrets);
  const missing = identifiers(envelope.missing ?? envelope.extra?.missing);
  const duplicated = identifiers(envelope.duplicated ?? envelope.extra?.duplicated);
  const filter = secretFilter(secrets);
  const safe = (given: string, longest?: number): string => safeText(filter(given), longest);
  const requestId = safe(headers.get('x-request-id') ?? '', 100) || undefined;
  const said = typeof envelope.message === 'string' ? safe(envelope.message) : '';
  const fields = Array.isArray(envelope.missingFields)
    ? `missing fields ${envelope.missingFields.slice(0, 5).map(String).join(', ')}`
    : '';
  const details: ApiErrorDetails = {
    status,
    requestId,
    method,
    path,
    missing,
    duplicated,
    retryAfterMs: retryAfter(headers, Date.now()),
    autoRetryable:
      headers.get('cdf-is-auto-retryable') === 'true' || envelope.isAutoRetryable === true,
    extra:
      typeof envelope.extra === 'object' && envelope.extra !== null ? envelope.extra : undefined,
  };
  const Class = errorClass(details);
  const parts = [
    said || unreadable(text, headers),
    safe(fields),
    named('not found', missing, safe),
    named('duplicated', duplicated, safe),
    advise(details, Class, body, said),
  ];
  const message = parts.filter(Boolean).join('; ');
  return new Class(
    `${method} ${path}: ${status} ${message}${requestId === undefined ? '' : ` [request ${requestId}]`}`,
    details,
  );
}

export type ApiErrorClass = new (message: string, details: ApiErrorDetails) => ApiError;

function errorClass({ status, missing = [], duplicated = [] }: ApiErrorDetails): ApiErrorClass {
  if (status === 401 || status === 403) return AuthError;
  if (status === 429) return RateLimitError;
  if (status >= 500) return ServerError;
  if (duplicated.length > 0) return DuplicatedError;
  if (missing.length > 0 || status === 404) return NotFoundError;
  return ApiError;
}

function parseEnvelope(text: string, secrets: readonly string[]): Envelope {
  try {
    const body = dataWithoutSecrets(JSON.parse(text), secrets);
    if (typeof body !== 'object' || body === null) return {};
    const { error = body } = body as { error?: unknown };
    if (typeof error === 'string') return { message: error };
    return (error ?? {}) as Envelope;
  } catch {
    return {};
  }
}

/** Each once: a service may name one for each place of a request that has it. */
function identifiers(value: unknown): ResourceName[] {
  if (!Array.isArray(value)) return [];
  const names = value.filter((each) => typeof each === 'object' && each !== null);
  return [...new Map(names.map((name) => [JSON.stringify(name), name])).values()];
}

function unreadable(text: string, headers: Headers): string {
  if (text === '') return 'without an explanation';
  if (/^\s*<\?xml/.test(text)) return 'an XML answer';
  const html = /^\s*</.test(text) || headers.get('content-type')?.includes('html');
  return html ? 'an HTML page, probably of a proxy in between' : 'an answer that is not JSON';
}

function named(
  what: string,
  all: readonly ResourceName[],
  safe: (text: string, longest: number) => string,
): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, 5).map((each) => safe(describeIdentifier(each), 120));
  return `${what}: ${shown.join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`;
}

/**
 * The remedy for an error of the API.
 *
 * @param body the request body: it has `ignoreUnknownIds: false` where the caller may pass true
 * @param said the message of the API
 */
export function apiAdvice(
  details: ApiErrorDetails,
  Class: ApiErrorClass,
  body: unknown,
  said: string,
): string {
  const { status, missing = [] } = details;
  if (status === 401) return tokenAdvice(said);
  if (status === 403) return capabilityAdvice(details);
  if (status < 400) return 'redirects are not followed: check baseUrl';
  if (/views? do(es)? not exist/.test(said)) return 'push(client, [view]) makes it';
  if (/spaces? do(es)? not exist/.test(said))
    return 'client.dataModeling.spaces.upsert([{ space }]) makes it, and push that of its views';
  const aboutUnits = unitAdvice(missing, body, said);
  if (aboutUnits !== '' || Class !== NotFoundError)
    return aboutUnits || stringAdvice(body, said) || spellingAdvice(body, said);
  if (missing.length === 0) return 'check baseUrl, project and path';
  if ((body as { ignoreUnknownIds?: unknown })?.ignoreUnknownIds === false)
    return 'pass ignoreUnknownIds to leave them out';
  const isNode = missing.some(({ instanceId }) => instanceId !== undefined);
  return `it must exist first, in this project${isNode ? '; a node as one of CogniteTimeSeries or CogniteFile' : ''}`;
}
