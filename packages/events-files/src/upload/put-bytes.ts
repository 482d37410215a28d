import { type CallOptions, CdfError, type Transport } from '@cdf/core';

export interface PutBytes {
  readonly url: string;
  readonly body: Blob | Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Sends bytes that can be sent again. Content that can no longer be read, such as a file that was changed, ends it at once: to a
 * runtime that looks like a lost connection, which it would try again for minutes.
 */
export async function putBytes(
  transport: Transport,
  { url, body, headers }: PutBytes,
  { signal, timeoutMs }: CallOptions,
): Promise<void> {
  const unreadable = new AbortController();
  let attempts = 0;
  const onAttempt = (): void => {
    attempts += 1;
    if (attempts === 1 || body instanceof Uint8Array) return;
    body
      .slice(0, 1)
      .arrayBuffer()
      .catch((cause) =>
        unreadable.abort(new CdfError('the content can no longer be read; was it changed meanwhile?', { cause })),
      );
  };
  const signals = [unreadable.signal, ...(signal === undefined ? [] : [signal])];
  const answer = await transport.transfer(
    { method: 'PUT', url, body, headers, replayable: true, onAttempt },
    { timeoutMs, signal: AbortSignal.any(signals) },
  );
  await answer.body?.cancel();
}
