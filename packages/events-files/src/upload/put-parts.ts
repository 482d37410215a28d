import { type CallOptions, CdfError, type Transport } from '@cdf/core';
import { openScope } from '@cdf/core/resource';
import { type PartRange, planParts } from './part-plan.js';
import { putBytes } from './put-bytes.js';
import type { SentBytes } from './sent-bytes.js';
import type { UploadSession } from './upload-session.js';

/** Bytes of parts, asked for in order, one at a time. */
export interface PartSource {
  read(range: PartRange): Promise<Blob | Uint8Array>;
  /** A part that has arrived already. */
  skip(range: PartRange): Promise<void>;
}

export interface PutPartsOptions extends CallOptions {
  readonly parallelParts: number;
  readonly sent: SentBytes;
  /** Called when a part has arrived, or turns out to have arrived before. */
  readonly onPart: () => void;
}

/**
 * Sends the parts that a session still misses, a few at a time: no more of them are in memory. Each is sent again from its own
 * bytes when it has to. The first failure ends the others, and none is under way any more when this ends.
 */
export async function putParts(
  transport: Transport,
  session: UploadSession,
  source: PartSource,
  options: PutPartsOptions,
): Promise<void> {
  const { parallelParts, sent, onPart, signal, timeoutMs } = options;
  const { uploadUrls, completed } = session.toJSON();
  const done = new Set(completed);
  const ranges = planParts(session.size, session.partSize).values();
  const scope = openScope([signal]);
  const inner = { timeoutMs, signal: scope.signal };

  const claim = async (): Promise<{ range: PartRange; body: Blob | Uint8Array } | undefined> => {
    for (const range of ranges) {
      if (!done.has(range.index)) return { range, body: await source.read(range) };
      await source.skip(range);
      sent.ofBody()?.(range.end - range.start);
      onPart();
    }
    return undefined;
  };
  // A stream has one position: whoever wants the next part waits for the one before.
  let turn: ReturnType<typeof claim> = Promise.resolve(undefined);
  const work = async (): Promise<void> => {
    for (;;) {
      turn = turn.then(claim);
      const claimed = await turn;
      if (claimed === undefined) return;
      const { range, body } = claimed;
      inner.signal.throwIfAborted();
      const url = uploadUrls[range.index] as string;
      await putBytes(transport, { url, body, onSent: sent.ofBody() }, inner);
      session.markCompleted(range.index);
      onPart();
    }
  };
  let failure: { error: unknown } | undefined;
  const workers = Array.from({ length: Math.max(1, parallelParts) }, () =>
    work().catch((error) => {
      failure ??= { error };
      scope.abort(new CdfError('another part of the same upload failed'));
    }),
  );
  await Promise.all(workers);
  scope.end();
  if (failure !== undefined) throw failure.error;
}
