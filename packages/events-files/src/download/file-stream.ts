import { ApiError, type CallOptions, CdfError, DecodeError, type TransferResponse, type Transport } from '@cdf/core';
import { sleep } from '@cdf/core/resource';
import type { Hasher } from '../upload/entry.js';

/** Cuts that a download survives without receiving a byte in between. */
const MAX_CUTS = 5;
const FIRST_BACKOFF_MS = 50;

/** The link of a file. Links expire: `renew` requests another one. */
export type LinkSource = (renew: boolean) => Promise<string>;

export interface FileStreamOptions extends CallOptions {
  /** The checksum that the bytes must have. */
  readonly proof?: { readonly hasher: Hasher; readonly digest: string } | undefined;
}

/** The bytes of a file as they come. */
export interface FileStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Absent where the answer has no length. @unit bytes */
  readonly size: number | undefined;
}

/**
 * Opens a file for reading. A body that is cut or stalls is continued by a range request; an expired
 * link is renewed. The stream gives all bytes of the file or an error.
 */
export async function openFileStream(
  transport: Transport,
  link: LinkSource,
  options: FileStreamOptions = {},
): Promise<FileStream> {
  const { signal, onProgress, proof } = options;
  const first = await open(transport, link, 0, options);
  const size = lengthOf(first);
  let reader = readerOf(first);
  let received = 0;
  let skip = 0;
  let cuts = 0;

  const resume = async (): Promise<void> => {
    const isEncoded = first.headers.has('content-encoding');
    const answer = await open(transport, link, isEncoded ? 0 : received, options);
    if (!isSameVersion(first.headers, answer.headers))
      throw new DecodeError('download: the file changed during the download');
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('content-range') ?? '');
    if (
      answer.status === 206 &&
      range !== null &&
      (Number(range[1]) !== received || (size !== undefined && range[2] !== '*' && Number(range[2]) !== size))
    )
      throw new DecodeError('download: the answer is not the requested range');
    // A server without ranges sends everything again.
    skip = answer.status === 206 ? 0 : received;
    reader = readerOf(answer);
  };

  /** The next bytes, or `undefined` at the end. */
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          const fresh = value.subarray(skip);
          skip -= value.length - fresh.length;
          if (fresh.length === 0) continue;
          cuts = 0;
          return fresh;
        }
        if (skip === 0 && (size === undefined || received >= size)) return undefined;
        throw new CdfError(`download: the body ended after ${received} of ${size ?? 'unknown'} bytes`, {
          delivery: 'unknown',
        });
      } catch (error) {
        signal?.throwIfAborted();
        // All bytes have arrived, however the connection ended.
        if (size !== undefined && received >= size) return undefined;
        cuts += 1;
        if (cuts > MAX_CUTS || !isCut(error)) throw error;
        await reader.cancel(error).catch(() => {});
        await sleep(FIRST_BACKOFF_MS * 2 ** (cuts - 1), signal);
        await resume();
      }
    }
  };

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          signal?.throwIfAborted();
          const chunk = await next();
          if (chunk === undefined) {
            if (proof !== undefined && proof.hasher.digest() !== proof.digest)
              throw new DecodeError('download: the bytes do not match the checksum in the metadata');
            return controller.close();
          }
          received += chunk.length;
          if (size !== undefined && received > size)
            throw new DecodeError(`download: more than the announced ${size} bytes`);
          proof?.hasher.update(chunk);
          onProgress?.(received, size ?? Infinity);
          controller.enqueue(chunk);
        } catch (error) {
          await reader.cancel(error).catch(() => {});
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { body, size };
}

async function open(
  transport: Transport,
  link: LinkSource,
  start: number,
  { signal, timeoutMs }: CallOptions,
): Promise<TransferResponse> {
  const headers: Record<string, string> = start === 0 ? {} : { range: `bytes=${start}-` };
  const get = async (renew: boolean): Promise<TransferResponse> =>
    transport.transfer({ method: 'GET', url: await link(renew), headers, replayable: true }, { signal, timeoutMs });
  try {
    return await get(false);
  } catch (error) {
    if (!isExpired(error)) throw error;
    return get(true);
  }
}

/** Compares the headers that both answers show: a browser may hide some. */
function isSameVersion(before: Headers, after: Headers): boolean {
  return ['etag', 'last-modified'].every((name) => {
    const [old, fresh] = [before.get(name), after.get(name)];
    return old === null || fresh === null || old === fresh;
  });
}

/** Storage services reject expired links with different statuses. */
function isExpired(error: unknown): boolean {
  return ApiError.isInstance(error) && [400, 401, 403, 404, 410].includes(error.status);
}

function isCut(error: unknown): boolean {
  return CdfError.isInstance(error) && (error.code === 'network' || error.code === 'timeout' || error.code === 'cdf');
}

function readerOf({ body }: TransferResponse): ReadableStreamDefaultReader<Uint8Array> {
  return (body ?? new Blob([]).stream()).getReader();
}

/** The content-length of a compressed body is not the size of the file. */
function lengthOf({ headers }: TransferResponse): number | undefined {
  const text = headers.get('content-length');
  return text === null || headers.has('content-encoding') ? undefined : Number(text);
}
