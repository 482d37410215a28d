import { type CallOptions, CdfError, type TransferResponse, type TransferSpec, type Transport } from '@cdf/core';

export interface PutBytes {
  readonly url: string;
  readonly body: Blob | Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends bytes that can be sent again. */
export async function putBytes(transport: Transport, put: PutBytes, options: CallOptions): Promise<void> {
  const { body } = put;
  const { signal, timeoutMs } = options;
  const spec: TransferSpec = { ...put, method: 'PUT', replayable: true };
  // Bytes in memory get no signal of their own: combined signals live as long as the upload, and would keep every part with them.
  const answer = await (body instanceof Uint8Array
    ? transport.transfer(spec, { signal, timeoutMs })
    : putBlob(transport, spec, body, { signal, timeoutMs }));
  await answer.body?.cancel();
}

/**
 * A Blob that can no longer be read, such as a file that was changed, ends it at once: to a runtime that looks like a lost
 * connection, which it would try again for minutes.
 */
function putBlob(
  transport: Transport,
  spec: TransferSpec,
  blob: Blob,
  { signal, timeoutMs }: CallOptions,
): Promise<TransferResponse> {
  const unreadable = new AbortController();
  let attempts = 0;
  const onAttempt = (): void => {
    attempts += 1;
    if (attempts === 1) return;
    blob
      .slice(0, 1)
      .arrayBuffer()
      .catch((cause) =>
        unreadable.abort(new CdfError('the content can no longer be read; was it changed meanwhile?', { cause })),
      );
  };
  const signals = [unreadable.signal, ...(signal === undefined ? [] : [signal])];
  return transport.transfer({ ...spec, onAttempt }, { timeoutMs, signal: AbortSignal.any(signals) });
}
