import { ApiError, type CallOptions, type Identifier, type Transport } from '@cdf/core';
import { sleep } from '@cdf/core/resource';
import { fetchDownloadUrls } from './download-links.js';

/** New bytes are visible with a delay. @unit milliseconds */
const DELAYS = [0, 50, 100, 200, 400, 800];

/**
 * The length that is stored of a file, read again while it is not the expected one. Each time costs a
 * request and one byte of the file.
 *
 * @returns `undefined` when the answer has no length, or a browser hides its headers
 * @throws {ApiError} when no bytes are stored
 */
export async function storedLength(
  transport: Transport,
  file: Identifier,
  expected: number,
  options: CallOptions,
): Promise<number | undefined> {
  let length: number | undefined;
  let refusal: unknown;
  for (const delayMs of DELAYS) {
    options.signal?.throwIfAborted();
    if (delayMs > 0) await sleep(delayMs, options.signal);
    refusal = undefined;
    try {
      length = await lengthNow(transport, file, options);
      if (length === expected || length === undefined) return length;
    } catch (error) {
      if (!ApiError.isInstance(error) || error.status >= 500) throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return length;
}

async function lengthNow(transport: Transport, file: Identifier, options: CallOptions): Promise<number | undefined> {
  const [link] = await fetchDownloadUrls(transport, [file], {}, options);
  const url = link?.downloadUrl as string;
  const headers = { range: 'bytes=0-0' };
  try {
    const answer = await transport.transfer({ method: 'GET', url, headers, replayable: true }, options);
    await answer.body?.cancel();
    const isPart = answer.status === 206;
    const text = isPart
      ? /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
      : (answer.headers.get('content-encoding') === null && answer.headers.get('content-length')) || undefined;
    return text === undefined ? undefined : Number(text);
  } catch (error) {
    // An empty file has no first byte.
    if (ApiError.isInstance(error) && error.status === 416) return 0;
    throw error;
  }
}
