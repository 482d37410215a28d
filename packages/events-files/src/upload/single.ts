import {
  type CallOptions,
  CdfError,
  type TransferResponse,
  type TransferSpec,
  type Transport,
} from '@cdf/core';
import { openScope } from '@cdf/core/resource';
import { isHtml } from '../html.js';
import type { UploadLink } from './links.js';
import { unreadable, wrongLength } from './read-bytes.js';

/** All bytes, and where they go. */
interface WholeContent extends UploadLink {
  readonly bytes: Blob | Uint8Array;
  /** Called before the last progress, which may throw. */
  readonly onStored: () => void;
}

/** Sends all bytes in one request. */
export async function uploadSingle(
  transport: Transport,
  { url, contentType, bytes, onStored }: WholeContent,
  options: CallOptions,
): Promise<void> {
  const onSent = new SentBytes(sizeOf(bytes), options.onProgress).forBody();
  // Only a Blob shows progress.
  const body =
    onSent === undefined || bytes instanceof Blob
      ? bytes
      : new Blob([bytes as Uint8Array<ArrayBuffer>]);
  await putBytes(
    transport,
    { url, headers: { 'content-type': contentType }, body, onSent, onStored },
    options,
  );
}

function sizeOf(bytes: Blob | Uint8Array): number {
  return bytes instanceof Uint8Array ? bytes.length : bytes.size;
}

export interface PutBytes {
  readonly url: string;
  readonly body: Blob | Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called with the number of bytes sent so far where the runtime tells it, and at the end. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly onStored?: (() => void) | undefined;
}

/** Sends one body, again where an attempt fails. */
export async function putBytes(
  transport: Transport,
  { onSent, onStored, ...put }: PutBytes,
  { signal, timeoutMs }: CallOptions,
): Promise<void> {
  const { body } = put;
  const spec: TransferSpec = { ...put, method: 'PUT', replayable: true };
  // No scope for bytes in memory: it would keep them in memory as long as the upload runs.
  const answer = await (body instanceof Uint8Array
    ? transport.transfer(spec, { signal, timeoutMs })
    : putBlob(transport, spec, body, onSent, { signal, timeoutMs }));
  await checkStored(answer, sizeOf(body));
  onStored?.();
  onSent?.(sizeOf(body));
}

/** Statuses of a storage that has stored bytes. 204 is that of an empty body. */
const STORED = [200, 201];
/** The beginning of an answer, as far as it is read. */
const MAX_ANSWER_BYTES = 1024;

/** @throws {CdfError} when the answer does not say that the bytes are stored */
async function checkStored({ status, body }: TransferResponse, size: number): Promise<void> {
  const start = new Uint8Array(MAX_ANSWER_BYTES);
  let length = 0;
  const reader = body?.getReader();
  for (let piece = await reader?.read(); piece?.value !== undefined && length < start.length; ) {
    const fitting = piece.value.subarray(0, start.length - length);
    start.set(fitting, length);
    length += fitting.length;
    piece = await reader?.read();
  }
  void reader?.cancel().catch(() => {});
  const isStored = STORED.includes(status) || (status === 204 && size === 0);
  const why = !isStored
    ? `answered ${status}`
    : isHtml(start.subarray(0, length))
      ? 'answered with an HTML page'
      : '';
  if (why !== '')
    throw new CdfError(
      `storage ${why}, which does not say that the bytes are stored; upload them again`,
      {
        delivery: 'unknown',
      },
    );
}

/**
 * Sends a Blob. The upload fails at once when the Blob is no longer readable, as a changed file is,
 * or when `onSent` throws: a runtime reports both as a lost connection, which would be retried for
 * minutes.
 */
function putBlob(
  transport: Transport,
  spec: TransferSpec,
  blob: Blob,
  onSent: PutBytes['onSent'],
  { signal, timeoutMs }: CallOptions,
): Promise<TransferResponse> {
  const scope = openScope([signal]);
  let attempts = 0;
  const onAttempt = (): void => {
    attempts += 1;
    if (attempts === 1) return;
    blob
      .slice(0, 1)
      .arrayBuffer()
      .catch((cause) => scope.abort(unreadable(cause)));
  };
  let thrown: { readonly error: unknown } | undefined;
  const onRead = (bytes: number): void => {
    try {
      onSent?.(bytes);
    } catch (error) {
      thrown ??= { error };
      scope.abort(error);
    }
  };
  const onShort = (bytes: number): void => scope.abort(wrongLength(bytes, blob.size));
  const body = new CountedBlob(blob, onRead, onShort);
  return transport
    .transfer({ ...spec, body, onAttempt }, { timeoutMs, signal: scope.signal })
    .catch((error: unknown) => {
      // A signal that is aborted with undefined has another reason.
      throw thrown === undefined ? error : thrown.error;
    })
    .finally(() => scope.end());
}

/** The progress of one upload over its requests. Bytes that are sent again count once. */
export class SentBytes {
  readonly #total: number;
  readonly #onProgress: CallOptions['onProgress'];
  #done = 0;

  constructor(total: number, onProgress: CallOptions['onProgress']) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /**
   * The callback for one more body, with its bytes sent so far. `undefined` without `onProgress`.
   */
  forBody(): ((sent: number) => void) | undefined {
    if (this.#onProgress === undefined) return undefined;
    let furthest = 0;
    return (sent) => {
      if (sent < furthest || (sent === furthest && sent > 0)) return;
      this.#done += sent - furthest;
      furthest = sent;
      const said: unknown = this.#onProgress?.(this.#done, this.#total);
      // A promise is not waited for: its rejection must not end the program.
      (said as Promise<void> | undefined)?.catch?.(() => {});
    };
  }
}

const STEP_BYTES = 64 * 1024;

/**
 * A Blob that reports how far it is read. Node sends its stream; a browser does not, and reports
 * nothing.
 */
class CountedBlob extends Blob {
  readonly #onRead: (bytes: number) => void;
  readonly #onShort: (bytes: number) => void;

  /**
   * @param onShort called when the content ends before its size, which a runtime reports as a lost
   * connection
   */
  constructor(content: Blob, onRead: (bytes: number) => void, onShort: (bytes: number) => void) {
    super([content]);
    this.#onRead = onRead;
    this.#onShort = onShort;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = super.stream().getReader();
    let rest = new Uint8Array(0);
    let read = 0;
    const pull = async (
      controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
    ): Promise<void> => {
      if (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) {
          if (read < this.size) this.#onShort(read);
          return controller.close();
        }
        rest = value;
      }
      // A Blob in memory is read as one chunk, which would be one step of the progress.
      const step = rest.subarray(0, STEP_BYTES);
      rest = rest.subarray(step.length);
      read += step.length;
      this.#onRead(read);
      controller.enqueue(step);
    };
    return new ReadableStream(
      { pull, cancel: (reason) => reader.cancel(reason) },
      { highWaterMark: 0 },
    );
  }
}
