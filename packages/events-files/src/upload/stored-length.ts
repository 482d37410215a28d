import { ApiError, type CallOptions, type Identifier, type Transport } from '@cdf/core';
import { fetchDownloadUrls } from '../download/download-links.js';
import { pause } from '../pause.js';

/** How long to wait for the service to know of new bytes. @unit milliseconds */
const PATIENCE = [0, 50, 100, 200, 400, 800];

/**
 * How many bytes the service has of a file, asking again while it is not what is expected: what is stored shows with a delay.
 * A request and one byte of the file, each time.
 *
 * @returns `undefined` when the answers do not tell, as in a browser that may not see their headers
 * @throws {ApiError} when the bytes are not there at all
 */
export async function storedLength(
  transport: Transport,
  file: Identifier,
  expected: number,
  options: CallOptions,
): Promise<number | undefined> {
  let length: number | undefined;
  let refusal: unknown;
  for (const delayMs of PATIENCE) {
    await pause(delayMs, options.signal);
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
    // No byte can be asked of an empty file.
    if (ApiError.isInstance(error) && error.status === 416) return 0;
    throw error;
  }
}
