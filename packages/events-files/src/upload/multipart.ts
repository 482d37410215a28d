import { ApiError, type CallOptions, type Transport } from '@cdf/core';
import { concurrently } from '@cdf/core/resource';
import type { SizedContent } from './content.js';
import type { UploadEntry } from './entry.js';
import { planParts } from './plan.js';
import type { UploadSession } from './session.js';
import { putBytes, SentBytes } from './single.js';

const DEFAULT_PARALLEL_PARTS = { random: 3, stream: 2 } as const;

export interface PartsOptions extends CallOptions {
  readonly parallelParts?: number | undefined;
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/**
 * Sends the parts that a session still misses, a few at a time: no more of them are in memory. Each is sent again from its own
 * bytes when it has to. The first failure ends the others, and none is under way any more when this ends. Then makes one file of them.
 */
export async function uploadParts(
  transport: Transport,
  session: UploadSession,
  content: SizedContent,
  entry: UploadEntry,
  options: PartsOptions,
): Promise<void> {
  const { parallelParts = DEFAULT_PARALLEL_PARTS[content.kind], onProgress, onSession, signal, timeoutMs } = options;
  const { uploadId, uploadUrls, completed } = session.toJSON();
  const done = new Set(completed);
  const sent = new SentBytes(session.size, onProgress);
  /** Hands the session out, as often as it has changed. */
  const report = (): void => {
    if (onSession === undefined) return;
    onSession(session);
    entry.isResumable = true;
  };
  entry.identifier = session.file;
  report();
  // A stream has one position: whoever wants the next part waits for the one before.
  let turn: Promise<Blob | Uint8Array | undefined> = Promise.resolve(undefined);
  await concurrently(
    planParts(session.size, session.partSize),
    async ({ index, start, end }, partSignal) => {
      turn = turn.then(() => content.read(start, end));
      const body = (await turn) as Blob | Uint8Array;
      if (done.has(index)) {
        sent.ofBody()?.(end - start);
      } else {
        partSignal.throwIfAborted();
        const url = uploadUrls[index] as string;
        await putBytes(transport, { url, body, onSent: sent.ofBody() }, { timeoutMs, signal: partSignal });
        session.markCompleted(index);
      }
      report();
    },
    { limit: parallelParts, signal },
  );
  await completeParts(transport, uploadId, entry, { signal, timeoutMs });
  // There is nothing to go on with any more: a wrong file is not worth keeping.
  entry.isResumable = false;
}

async function completeParts(
  transport: Transport,
  uploadId: string,
  entry: UploadEntry,
  calls: CallOptions,
): Promise<void> {
  let attempts = 0;
  try {
    await transport.request(
      {
        method: 'POST',
        path: '/files/completemultipartupload',
        lane: 'write',
        body: { ...entry.identifier, uploadId },
        // Complete twice is complete: what a repetition after a lost answer may get is a refusal.
        idempotent: true,
        onAttempt: () => {
          attempts += 1;
        },
      },
      calls,
    );
  } catch (error) {
    const refusedAgain = attempts > 1 && ApiError.isInstance(error) && error.status === 400;
    // An own file has no bytes before: if it has some now, the attempt without an answer has worked.
    if (!refusedAgain || !(await entry.hasOwnBytes())) throw error;
  }
}
