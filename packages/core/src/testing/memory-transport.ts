import { CdfError } from '../errors.js';
import { decodeBody } from '../transport/body/response.js';
import { checkCall } from '../transport/check-call.js';
import { toApiError } from '../transport/failure/api-error.js';
import type {
  CallOptions,
  RequestSpec,
  TransferResponse,
  TransferSpec,
  Transport,
} from '../transport/transport.js';

/**
 * Answers a request: the parsed body, a whole `Response`, which is read as the real transport reads
 * it, or an error thrown as the real transport would throw it.
 */
export type MemoryHandler = (spec: RequestSpec, options: CallOptions) => unknown;

/** A transport without a network, and the requests that it got. */
export interface MemoryTransport extends Transport {
  /**
   * Every request, in the order sent. Bodies are copies: later changes do not show. JSON is parsed,
   * also where a package sends its bytes; with integers beyond 2^53 it stays bytes.
   */
  readonly requests: readonly RequestSpec[];
  readonly transfers: readonly TransferSpec[];
}

/** How a `memoryTransport` presents itself. */
export interface MemoryTransportOptions {
  /** @default 'test' */
  readonly project?: string | undefined;
  /** @default { read: 10, write: 5 } */
  readonly limits?: { readonly read: number; readonly write: number } | undefined;
  /** Answers for storage URLs. Without it they fail. */
  readonly transfer?:
    | ((spec: TransferSpec, options: CallOptions) => Promise<TransferResponse> | TransferResponse)
    | undefined;
}

/**
 * A `Transport` without a network, for tests of code that uses the SDK. Routes go in by
 * `'POST /assets/list'`, or one function for all; requests that were sent come out. A route that is
 * missing fails the call.
 *
 * @example
 * const transport = memoryTransport({
 *   'POST /assets/list': () => ({ items: [{ id: 1, name: 'pump' }] }),
 * });
 * const assets = new AssetsApi(transport);
 */
export function memoryTransport(
  routes: MemoryHandler | Readonly<Record<string, MemoryHandler>>,
  { project = 'test', limits = { read: 10, write: 5 }, transfer }: MemoryTransportOptions = {},
): MemoryTransport {
  const requests: RequestSpec[] = [];
  const transfers: TransferSpec[] = [];
  const closing = new AbortController();
  const enter = (options: CallOptions): void => {
    if (closing.signal.aborted) throw new CdfError('this client is closed');
    checkCall(options);
    options.signal?.throwIfAborted();
  };
  return {
    project,
    limits,
    requests,
    transfers,
    closing: closing.signal,
    async request<T>(spec: RequestSpec, options: CallOptions = {}): Promise<T> {
      enter(options);
      const { onAttempt, decoder: toDecoder, ...given } = spec;
      const sent = { ...given, body: parsedJson(given) };
      // A stream cannot be copied: it is given to the handler.
      const { body, ...rest } = sent;
      requests.push(
        body instanceof ReadableStream ? { ...structuredClone(rest), body } : structuredClone(sent),
      );
      const handle = typeof routes === 'function' ? routes : routes[`${spec.method} ${spec.path}`];
      if (handle === undefined)
        throw new CdfError(`memoryTransport has no route "${spec.method} ${spec.path}"`);
      onAttempt?.();
      const answer = await handle({ ...spec, body: sent.body }, options);
      options.signal?.throwIfAborted();
      if (answer instanceof Response) return (await read(spec, answer)) as T;
      if (spec.accept?.startsWith('response')) return toResponse(answer) as T;
      if (!(answer instanceof Uint8Array) || toDecoder === undefined) return answer as T;
      const decoder = toDecoder();
      if (answer.length > 0) decoder.push(answer);
      return decoder.end() as T;
    },
    async transfer(spec: TransferSpec, options: CallOptions = {}): Promise<TransferResponse> {
      enter(options);
      transfers.push(spec);
      if (transfer === undefined)
        throw new CdfError(`memoryTransport has no transfer for ${spec.method}`);
      spec.onAttempt?.();
      return transfer(spec, options);
    },
    async close(): Promise<void> {
      closing.abort();
    },
    [Symbol.asyncDispose](): Promise<void> {
      return this.close();
    },
  };
}

/** A string, or an integer of so many digits that `JSON.parse` may round it; group 1 is the latter. */
const STRING_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])(-?\d{16,})(?![\d.eE])/g;

function isBeyond([, digits]: RegExpMatchArray): boolean {
  return digits !== undefined && !Number.isSafeInteger(Number(digits));
}

function parsedJson({ body, contentType }: RequestSpec): unknown {
  if (contentType !== 'application/json' || !(body instanceof Uint8Array)) return body;
  const text = new TextDecoder().decode(body);
  const isExact = /\d{16}/.test(text) && [...text.matchAll(STRING_OR_LONG)].some(isBeyond);
  try {
    return isExact ? body : JSON.parse(text);
  } catch {
    // Compressed, or said to be what it is not: as it was sent.
    return body;
  }
}

/** The body of a `Response`, or its error. */
async function read(spec: RequestSpec, response: Response): Promise<unknown> {
  const { method, path, body, accept } = spec;
  if (!response.ok)
    throw toApiError({
      response,
      text: await response.text(),
      method,
      path,
      secrets: [],
      body,
      advise: undefined,
    });
  if (accept === 'response-stream') return response;
  return accept === 'stream' ? response.body : decodeBody(response, spec, `${method} ${path}`);
}

function toResponse(answer: unknown): Response {
  if (answer === undefined) return new Response(null, { status: 204 });
  return answer instanceof Uint8Array || answer instanceof ReadableStream
    ? new Response(answer as BodyInit)
    : Response.json(answer);
}
