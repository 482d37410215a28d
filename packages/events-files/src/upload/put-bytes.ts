import { type CallOptions, CdfError, type TransferResponse, type TransferSpec, type Transport } from '@cdf/core';
import { openScope } from '@cdf/core/resource';
import { CountedBlob } from './sent-bytes.js';

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
