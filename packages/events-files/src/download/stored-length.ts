import {
  ApiError,
  AuthError,
  type CallOptions,
  CdfError,
  type Identifier,
  type Transport,
} from '@cdf/core';
import { sleep } from '@cdf/core/resource';
import { fetchDownloadUrls } from './download-links.js';

/** New bytes are visible with a delay. @unit milliseconds */
export const STORED_DELAYS: readonly number[] = [0, 50, 100, 200, 400, 800];

/**
 * The length that is stored of a file, read again while it is not the expected one. Each time costs
 * a request and one byte of the file.
 *
 * @returns `undefined` when the answer has no length, or a browser hides its headers
 * @throws {AuthError} when the credentials may not read files
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
  for (const delayMs of STORED_DELAYS) {
    options.signal?.throwIfAborted();
    if (delayMs > 0) await sleep(delayMs, options.signal);
    refusal = undefined;
    try {
      const [link] = await fetchDownloadUrls(transport, [file], {}, options);
      length = await lengthAt(transport, link?.downloadUrl as string, options);
      if (length === expected || length === undefined) return length;
    } catch (error) {
      if (!ApiError.isInstance(error) || error.status >= 500 || AuthError.isInstance(error))
        throw error;
      refusal = error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return length;
}

/**
 * Tells by a download link if a file has bytes, whatever its entry says.
 *
 * @returns `false` when the service or storage says that it has none; `undefined` when neither says
 */
export async function hasStoredBytes(
  transport: Transport,
  file: Identifier,
  options: CallOptions,
): Promise<boolean | undefined> {
  const isRefusedWith = (error: unknown, status: number): boolean =>
    ApiError.isInstance(error) && error.status === status;
  let url: string;
  try {
    const [link] = await fetchDownloadUrls(transport, [file], {}, options);
    url = link?.downloadUrl as string;
  } catch (error) {
    // The service gives no link for a file without bytes.
    return isRefusedWith(error, 400) ? false : undefined;
  }
  try {
    await lengthAt(transport, url, options);
    return true;
  } catch (error) {
    return isRefusedWith(error, 404) ? false : undefined;
  }
}

/**
 * The length of the content behind a link, from the answer to a request for one byte.
 *
 * @returns `undefined` when the answer does not tell
 */
export async function lengthAt(
  transport: Transport,
  url: string,
  options: CallOptions,
): Promise<number | undefined> {
  const headers = { range: 'bytes=0-0', 'accept-encoding': 'identity' };
  try {
    const answer = await transport.transfer(
      { method: 'GET', url, headers, replayable: true },
      options,
    );
    await answer.body?.cancel();
    if (answer.headers.has('content-encoding')) return undefined;
    const text =
      answer.status === 206
        ? /^bytes 0-0\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1]
        : answer.status === 200
          ? answer.headers.get('content-length')
          : undefined;
    return text === null || text === undefined ? undefined : Number(text);
  } catch (error) {
    // An empty file has no first byte.
    if (ApiError.isInstance(error) && error.status === 416) return 0;
    // Storage knows nothing of the credentials.
    if (AuthError.isInstance(error))
      throw new CdfError(`the stored length is unknown: ${error.message}`, {
        cause: error,
        delivery: 'unknown',
      });
    throw error;
  }
}
