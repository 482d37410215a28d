import { gzip } from '#platform';
import type { Interceptor, Send, WireRequest } from '../interceptor.js';
import { isLoopback } from '../url.js';

/** Below this gzip costs more than it saves. @unit characters */
const WORTH_COMPRESSING = 8192;

/**
 * Gzips request bodies to the API.
 *
 * @param when `auto` compresses JSON and protobuf of more than 8192 characters, except to this
 * machine; `always` compresses every body that is not a stream
 */
export function compression(when: 'auto' | 'always' = 'auto'): Interceptor {
  return (next) => (request) => {
    const { body, kind, headers } = request;
    const whole = typeof body === 'string' || body instanceof Uint8Array;
    return whole &&
      kind === 'api' &&
      headers['content-encoding'] === undefined &&
      (when === 'always' || isWorth(request))
      ? sendGzipped(next, request, body)
      : next(request);
  };
}

function isWorth({ body, headers, url }: WireRequest): boolean {
  // A pattern for all names of protobuf: programs that do not send protobuf carry no trace of them.
  const shrinks =
    typeof body === 'string' || /^application\/.*buf$/.test(headers['content-type'] ?? '');
  return (
    shrinks && (body as string | Uint8Array).length > WORTH_COMPRESSING && !isLoopback(new URL(url))
  );
}

async function sendGzipped(
  next: Send,
  request: WireRequest,
  body: string | Uint8Array,
): ReturnType<Send> {
  const headers = { ...request.headers, 'content-encoding': 'gzip' };
  return next({ ...request, headers, body: await gzip(body) });
}
