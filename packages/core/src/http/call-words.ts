import { ConfigError } from '../errors.js';
import { stringifyJson } from './stringify-json.js';

/** `context` of a call of `cdfHttp`. Other entries are the program's own. */
export interface HttpContext {
  /**
   * True if the request may be repeated safely. Decides which failures are retried.
   * @default true for GET and for POSTs that are known to read, such as `functions/list`; false for
   * everything else
   */
  readonly idempotent?: boolean | undefined;
  /**
   * True to answer as soon as the headers arrive. The body is then read as it comes: it is not
   * bounded by `maxResponseBytes`, and a connection that is lost on the way is an error instead of
   * a retry.
   * @default false, or true with `onDownloadProgress`
   */
  readonly stream?: boolean | undefined;
}

/**
 * How ky passes the options of a call on: it gives options to hooks, and to `fetch` only a
 * `Request`. Never sent.
 */
const WORDS = 'x-cdf-call';

/** Blobs by their requests: a `Request` would read them into memory. */
const blobs = new WeakMap<Request, Blob>();

/** The options of a call that ky's hooks see. */
interface HookOptions {
  readonly context?: Readonly<Record<PropertyKey, unknown>>;
  readonly body?: unknown;
  readonly searchParams?: unknown;
  readonly onDownloadProgress?: unknown;
  readonly onUploadProgress?: unknown;
}

/** Stands for the body of a value that cannot be written, until the call can reject. */
class Unwritable extends String {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super();
    this.reason = reason;
  }
}
/** Where the context has the search parameters: the hooks of ky 2 do not see them. */
const SEARCH: unique symbol = Symbol('searchParams');

/** JSON for ky, in which an exception would be thrown before there is a promise. */
export function writeJson(data: unknown): string {
  try {
    return stringifyJson(data);
  } catch (error) {
    // Everything that takes a body takes it for a string.
    return new Unwritable(error) as unknown as string;
  }
}

/** Keeps the search parameters for `noteCall`. */
export function noteSearchParams(options: {
  searchParams?: unknown;
  context?: Readonly<Record<PropertyKey, unknown>>;
}): void {
  options.context = { ...options.context, [SEARCH]: options.searchParams };
}

/** @throws {ConfigError} for a value that a URL cannot carry: it would be sent as U+FFFD. */
function checkSearchParams(given: unknown): void {
  const pairs =
    given instanceof URLSearchParams || typeof given !== 'object' || given === null
      ? []
      : Array.isArray(given)
        ? given
        : Object.entries(given);
  if (typeof given === 'string' ? /\p{Cs}/u.test(given) : /\p{Cs}/u.test(pairs.flat().join()))
    throw new ConfigError('searchParams: a string has half of a surrogate pair');
}

/** Called as ky 1 calls a hook, `(request, options)`, or as ky 2 does, `({ request, options })`. */
export function noteCall(
  given: Request | { request: Request; options: HookOptions },
  second?: HookOptions,
): void {
  const [request, options] =
    'options' in given ? [given.request, given.options] : [given, second as HookOptions];
  const { context = {}, body, onDownloadProgress, onUploadProgress } = options;
  checkSearchParams(options.searchParams ?? context[SEARCH]);
  if (body instanceof Unwritable) throw body.reason;
  const words = [];
  if (isSet(context, 'idempotent')) words.push(context.idempotent ? 'idempotent' : 'once');
  if (onDownloadProgress !== undefined || (isSet(context, 'stream') && context.stream))
    words.push('stream');
  // A body with progress, or a stream, must not be read ahead.
  if (onUploadProgress === undefined && !(body instanceof ReadableStream)) {
    words.push('whole');
    if (body instanceof Blob) blobs.set(request, body);
  }
  request.headers.set(WORDS, words.join(' '));
}

function isSet(context: Readonly<Record<string, unknown>>, name: keyof HttpContext): boolean {
  const value = context[name];
  if (value !== undefined && typeof value !== 'boolean')
    throw new ConfigError(`context.${name} must be true or false, got a ${typeof value}`);
  return value !== undefined;
}

/** The facts about a call that do not show in its `Request`. */
export interface CallNotes {
  readonly idempotent: boolean | undefined;
  readonly stream: boolean;
  readonly whole: boolean;
  readonly blob: Blob | undefined;
}

/**
 * Reads the notes of a call, and removes them from its headers. A hook that replaced the request
 * may have lost them.
 */
export function notesOf(request: Request, headers: Record<string, string>): CallNotes {
  const words = headers[WORDS]?.split(' ') ?? [];
  delete headers[WORDS];
  return {
    idempotent: words.includes('idempotent') || (words.includes('once') ? false : undefined),
    stream: words.includes('stream'),
    whole: words.includes('whole'),
    blob: blobs.get(request),
  };
}
