import type { HttpRequest } from '../../transport/http-answer.js';

/**
 * Headers about the connection or the framing: `fetch` rejects some, and has rules of its own for
 * the others.
 */
const FRAMING =
  /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/;

/** Ports above 1023 that `fetch` connects to in no case. */
const BLOCKED = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10_080,
]);

/**
 * True if a request is of the kind that this transport sends. `fetch` decides on the others, and
 * most of them it rejects.
 */
export function isUsual(url: URL, { method, headers, body }: HttpRequest): boolean {
  const port = Number(url.port);
  return (
    /^https?:$/.test(url.protocol) &&
    url.username + url.password === '' &&
    (port === 0 || port > 1023) &&
    !BLOCKED.has(port) &&
    (body == null || (!/^(get|head)$/i.test(method) && isUsualBody(body))) &&
    !Object.keys(headers).some((name) => FRAMING.test(name))
  );
}

/** An interceptor may have put a form in its place. */
function isUsualBody(body: BodyInit): boolean {
  return (
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof Blob ||
    body instanceof ReadableStream
  );
}
