import { type CallOptions, CdfError, type TransferResponse, type TransferSpec, type Transport } from '@cdf/core';
import { openScope } from '@cdf/core/resource';
import type { UploadLink } from './links.js';

/** Sends a whole content in one request. */
export async function uploadSingle(
  transport: Transport,
  { url, contentType }: UploadLink,
  bytes: Blob | Uint8Array,
  { onProgress, ...calls }: CallOptions,
): Promise<void> {
  const onSent = new SentBytes(bytes instanceof Uint8Array ? bytes.length : bytes.size, onProgress).ofBody();
  // Only a Blob tells how far it has been sent.
  const body = onSent === undefined || bytes instanceof Blob ? bytes : new Blob([bytes as Uint8Array<ArrayBuffer>]);
  await putBytes(transport, { url, headers: { 'content-type': contentType }, body, onSent }, calls);
}

export interface PutBytes {
  readonly url: string;
  readonly body: Blob | Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called with the bytes sent so far, where the runtime shows them, and with all of them at the end. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** Sends bytes that can be sent again. */
export async function putBytes(
  transport: Transport,
  { onSent, ...put }: PutBytes,
  { signal, timeoutMs }: CallOptions,
): Promise<void> {
  const { body } = put;
  const spec: TransferSpec = { ...put, method: 'PUT', replayable: true };
  // Bytes in memory get no signal of their own: combined signals live as long as the upload, and would keep every part with them.
  const answer = await (body instanceof Uint8Array
    ? transport.transfer(spec, { signal, timeoutMs })
    : putBlob(transport, spec, body, onSent, { signal, timeoutMs }));
  await answer.body?.cancel();
  onSent?.(body instanceof Uint8Array ? body.length : body.size);
}

/**
 * What a runtime would take for a lost connection, and try again for minutes, ends the upload at once: a Blob that can no longer be
 * read, such as a file that was changed, and an `onSent` that throws.
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
      .catch((cause) =>
        scope.abort(new CdfError('the content can no longer be read; was it changed meanwhile?', { cause })),
      );
  };
  const onRead = (bytes: number): void => {
    try {
      onSent?.(bytes);
    } catch (error) {
      scope.abort(error);
    }
  };
  const body = onSent === undefined ? blob : new CountedBlob(blob, onRead);
  return transport
    .transfer({ ...spec, body, onAttempt }, { timeoutMs, signal: scope.signal })
    .finally(() => scope.end());
}

/** Adds up what the requests of one upload have sent. What is sent again counts once. */
export class SentBytes {
  readonly #total: number;
  readonly #onProgress: ((done: number, total: number) => void) | undefined;
  #done = 0;

  constructor(total: number, onProgress: ((done: number, total: number) => void) | undefined) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /** Of one more body: to be told how many of its bytes have been sent. Absent when nobody wants to know. */
  ofBody(): ((sent: number) => void) | undefined {
    if (this.#onProgress === undefined) return undefined;
    let furthest = 0;
    return (sent) => {
      if (sent < furthest || (sent === furthest && sent > 0)) return;
      this.#done += sent - furthest;
      furthest = sent;
      this.#onProgress?.(this.#done, this.#total);
    };
  }
}

const STEP_BYTES = 64 * 1024;

/**
 * The same bytes, telling how far they have been read. Node sends a Blob by reading its stream; a browser sends the bytes
 * without, and nothing is told there.
 */
class CountedBlob extends Blob {
  readonly #onRead: (bytes: number) => void;

  constructor(content: Blob, onRead: (bytes: number) => void) {
    super([content]);
    this.#onRead = onRead;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = super.stream().getReader();
    let rest = new Uint8Array(0);
    let read = 0;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> => {
      if (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        rest = value;
      }
      // What is in memory comes as one piece, and would be sent as one.
      const step = rest.subarray(0, STEP_BYTES);
      rest = rest.subarray(step.length);
      read += step.length;
      this.#onRead(read);
      controller.enqueue(step);
    };
    return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
  }
}
