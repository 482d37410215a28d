/// <reference types="node" />

import { gzip as gzipCallback } from 'node:zlib';
import { onAbort } from '../async/scope.js';
import { CdfError } from '../errors.js';
import { inspectError } from '../print/inspect-error.js';
import { inspectable } from '../print/inspectable.js';
import type { HttpAnswer, HttpSend, TakePiece } from '../transport/http-answer.js';
import { isPlainFetch } from './node-http/choose.js';
import type { NodeHttp } from './node-http/send.js';
import { isUsual } from './node-http/usual.js';
import * as web from './read-body.js';

// In Node only: in a browser the names would be in every first load.
export { checkSettings } from '../transport/config-names.js';
export { explainNetworkFailure } from './node-network-failure.js';
export { parseJson } from './parse-by-items.js';

/** A connection that never came about is told from one that was lost. */
export const TELLS_UNSENT = true;

// Here, not in the class: browsers do not load it.
inspectable(CdfError.prototype, inspectError);

/** Level 1: six times faster than the default, and nearly as small on JSON. */
export function gzip(data: string | Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    gzipCallback(data, { level: 1 }, (error, result) =>
      error === null ? resolve(result as Uint8Array<ArrayBuffer>) : reject(error),
    );
  });
}

/**
 * Sends over Node's own HTTP where that does the same as `fetch`, and over `fetch` otherwise.
 * Decided for each request: a stub may come and go.
 *
 * @param fetch calls `globalThis.fetch`
 * @param closing closes the connections
 */
export function sendWithoutFetch(fetch: HttpSend, closing: AbortSignal): HttpSend {
  let loading: Promise<NodeHttp | undefined> | undefined;
  const load = async (): Promise<NodeHttp | undefined> => {
    // A program may have been bundled without it.
    const part = await import('./node-http/send.js').catch(() => undefined);
    if (part === undefined) return undefined;
    const nodeHttp = new part.NodeHttp();
    onAbort(closing, () => nodeHttp.close());
    return nodeHttp;
  };
  return async (url, init) => {
    if (!isPlainFetch() || !isUsual(new URL(url), init)) return fetch(url, init);
    loading ??= load();
    const nodeHttp = await loading;
    return nodeHttp === undefined ? fetch(url, init) : nodeHttp.send(url, init);
  };
}

/** Takes the pieces of a body as they come, of Node's own HTTP or of `fetch`. */
export function eachPiece(answer: HttpAnswer, take: TakePiece): Promise<void> {
  return answer.eachPiece === undefined ? web.eachPiece(answer, take) : answer.eachPiece(take);
}

export function contentType(answer: HttpAnswer): string {
  return answer.contentType ?? web.contentType(answer);
}
