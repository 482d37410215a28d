import type { HttpSend } from '../transport/http-answer.js';
import type { NetworkFailure } from './network-failure.js';

export { contentType, eachPiece, parseJson } from './read-body.js';

export async function gzip(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([data as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

/** A browser gives no reason, even where its own rules stopped the request. */
export function explainNetworkFailure(cause?: unknown): NetworkFailure {
  const explanation =
    'the connection failed; does the server allow the origin of this page (CORS)?';
  // A `fetch` of others may keep the request in its error, with the token. A browser's own error
  // has no members.
  const isPlain =
    cause instanceof Error && Object.keys(cause).length === 0 && cause.cause === undefined;
  return { explanation, delivery: 'unknown', cause: isPlain ? cause : undefined };
}

/** A connection that never came about looks like one that was lost. */
export const TELLS_UNSENT = false;

/** There is only `fetch`. */
export function sendWithoutFetch(fetch: HttpSend): HttpSend {
  return fetch;
}

/** Settings have types, and Node names unknown ones: their names are in no first load. */
export function checkSettings(_config: object | null | undefined): void {}
