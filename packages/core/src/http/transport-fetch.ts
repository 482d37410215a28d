import { ConfigError } from '../errors.js';
import type { RequestSpec, Transport } from '../transport/transport.js';
import { checkPath, isFromRoot, shownPath } from '../transport/url.js';
import { type CallNotes, notesOf } from './call-words.js';
import { isKnownRead } from './known-reads.js';

/** A host that does not exist: ky wants a URL, and the transport knows the real one. */
const HOST = 'https://cdf.invalid';

/** Where ky places the paths of a project. */
export function projectUrl(project: string): string {
  return `${HOST}/api/v1/projects/${encodeURIComponent(project)}`;
}

/** A `fetch` for ky that sends through a transport. Rejects with the transport's errors. */
export function transportFetch(
  transport: Transport,
): (input: string | URL | Request) => Promise<Response> {
  const root = projectUrl(transport.project);
  return async (input) => {
    const request = input as Request;
    const spec = await toSpec(request, root);
    return transport.request<Response>(spec, { signal: request.signal });
  };
}

/**
 * @throws {ConfigError} when the request would leave the project, or has a method that CDF does
 * not.
 */
async function toSpec(request: Request, root: string): Promise<RequestSpec> {
  const method = checkMethod(request.method);
  const { path, query } = targetOf(request.url, root, method);
  const headers = Object.fromEntries(request.headers);
  const notes = notesOf(request, headers);
  const contentType = headers['content-type'];
  const isRead = isKnownRead(method, path.split('?')[0] as string);
  return {
    method,
    path,
    query,
    headers,
    body: await bodyOf(request, notes, contentType),
    contentType,
    accept: notes.stream ? 'response-stream' : 'response',
    idempotent: notes.idempotent ?? isRead,
    lane: isRead ? 'read' : 'write',
  };
}

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function checkMethod(method: string): RequestSpec['method'] {
  if (!METHODS.includes(method))
    throw new ConfigError(`CDF has no ${method} operations; use ${METHODS.join(', ')}`);
  return method as RequestSpec['method'];
}

/**
 * The path below the project. The runtime has resolved dot segments and backslashes by now: they
 * show as a URL outside of it.
 */
function targetOf(
  address: string,
  root: string,
  method: string,
): Pick<RequestSpec, 'path' | 'query'> {
  const url = new URL(address);
  const path = url.pathname.slice(new URL(root).pathname.length);
  const isInside = address.startsWith(`${root}/`) && !isFromRoot(path) && !path.includes('//');
  if (!isInside || address.includes('#'))
    throw new ConfigError(
      `${method} ${shownPath(address.replace(HOST, ''))}: pass a path inside the project, such as 'functions/list'; encode ids with encodeURIComponent`,
    );
  checkPath(path);
  const query = Object.fromEntries(url.searchParams);
  // A record cannot repeat a name.
  return Object.keys(query).length === url.searchParams.size
    ? { path, query }
    : { path: path + url.search };
}

/**
 * Repeatable bodies are read before the first attempt; streams and bodies with progress pass
 * through.
 */
async function bodyOf(
  request: Request,
  { whole, blob }: CallNotes,
  type = '',
): Promise<RequestSpec['body']> {
  if (request.body === null) return undefined;
  if (!whole && request.body !== undefined) return request.body;
  if (blob !== undefined) return blob;
  const bytes = new Uint8Array(await request.arrayBuffer());
  // Firefox has no `body`, which is `null` elsewhere for a request without content.
  if (bytes.length === 0) return undefined;
  if (request.headers.has('content-encoding') || !/\bjson\b|^text\/|urlencoded/i.test(type))
    return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Text of another encoding is sent as it is.
    return bytes;
  }
}
