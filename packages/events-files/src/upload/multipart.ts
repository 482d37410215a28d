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
 * Sends the missing parts of a session, a few at a time, and completes the file. Only the parts being
 * sent are in memory. The first failure stops the others; no request is in flight when this rejects.
 */
export async function uploadParts(
  transport: Transport,
  session: UploadSession,
  content: SizedContent,
  entry: UploadEntry,
  options: PartsOptions,
): Promise<void> {
  const { parallelParts = DEFAULT_PARALLEL_PARTS[content.kind], onProgress, onSession, signal, timeoutMs } = options;
  const { uploadId, uploadUrls, completed, size, partSize, file } = session.toJSON();
  const done = new Set(completed);
  const sent = new SentBytes(size, onProgress);
  const report = (): void => {
    if (onSession === undefined) return;
    onSession(session);
    entry.isResumable = true;
  };
  entry.identifier = file;
  report();
  // Streams are read in order: a part waits until the one before it is read.
  let turn: Promise<Blob | Uint8Array | undefined> = Promise.resolve(undefined);
  await concurrently(
    planParts(size, partSize),
    async ({ index, start, end }, partSignal) => {
      turn = turn.then(() => content.read(start, end));
      const body = (await turn) as Blob | Uint8Array;
      if (done.has(index)) {
        sent.forBody()?.(end - start);
      } else {
        partSignal.throwIfAborted();
        const url = uploadUrls[index] as string;
        await putBytes(transport, { url, body, onSent: sent.forBody() }, { timeoutMs, signal: partSignal });
        session.markCompleted(index);
      }
      report();
    },
    { limit: parallelParts, signal },
  );
  await completeParts(transport, uploadId, entry, { signal, timeoutMs });
  // A completed session cannot be resumed: if the file turns out wrong, it is deleted.
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
        // Completing twice has one effect; the second request may answer 400.
        idempotent: true,
        onAttempt: () => {
          attempts += 1;
        },
      },
      calls,
    );
  } catch (error) {
    const refusedAgain = attempts > 1 && ApiError.isInstance(error) && error.status === 400;
    // A file that this upload created has bytes only if the unanswered attempt succeeded.
    if (!refusedAgain || !(await entry.hasOwnBytes())) throw error;
  }
}
