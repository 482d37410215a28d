import { ApiError, type CallOptions, ConfigError, type Transport } from '@cdf/core';
import { concurrently, readNothing, sleep, untilAborted } from '@cdf/core/resource';
import type { SizedContent } from './content.js';
import type { UploadEntry } from './entry.js';
import { partDigest } from './part-digest.js';
import { planParts } from './plan.js';
import { until } from './read-bytes.js';
import type { UploadSession } from './session.js';
import { putBytes, SentBytes } from './single.js';

const DEFAULT_PARALLEL_PARTS = { random: 3, stream: 2 } as const;

export interface PartsOptions extends CallOptions {
  readonly parallelParts?: number | undefined;
  readonly onSession?: ((session: UploadSession) => void) | undefined;
}

/**
 * Sends the missing parts of a session, a few at a time, and completes the file. Only the parts
 * being sent are in memory. The first failure stops the others; no request is in flight when this
 * rejects.
 */
export async function uploadParts(
  transport: Transport,
  session: UploadSession,
  content: SizedContent,
  entry: UploadEntry,
  options: PartsOptions,
): Promise<void> {
  const {
    parallelParts = DEFAULT_PARALLEL_PARTS[content.kind],
    onProgress,
    onSession,
    signal,
    timeoutMs,
  } = options;
  const { uploadId, uploadUrls, size, partSize, file } = session.toJSON();
  const sent = new SentBytes(size, onProgress);
  let stored = Promise.resolve();
  const report = async (within: AbortSignal | undefined): Promise<void> => {
    if (onSession === undefined) return;
    // One after the other: an earlier state must not be stored last.
    stored = stored.then(async () => {
      const wasResumable = entry.isResumable;
      // Before the promise: after an abort meanwhile the caller may still store the session.
      entry.isResumable = true;
      try {
        await onSession(session);
      } catch (error) {
        entry.isResumable = wasResumable || signal?.aborted === true;
        throw error;
      }
    });
    stored.catch(() => {});
    await until(stored, within);
  };
  entry.identifier = file;
  const isKept = onSession !== undefined || entry.isResumable;
  const parts = planParts(size, partSize);
  // Other content is refused before the first byte is sent, where it can be read twice.
  if (entry.isResumable && content.kind === 'random')
    for (const { index, start, end } of parts)
      if (session.digestOf(index) !== undefined)
        await checkPart(session, index, await content.read(start, end), signal);
  await report(signal);
  // Streams are read in order: a part waits until the one before it is read.
  let turn: Promise<Blob | Uint8Array | undefined> = Promise.resolve(undefined);
  await concurrently(
    parts,
    async ({ index, start, end }, partSignal) => {
      turn = turn.then(async () => {
        const body = await content.read(start, end);
        if (entry.isResumable && content.kind === 'stream')
          await checkPart(session, index, body, partSignal);
        return body;
      });
      turn.catch(() => {});
      const body = (await untilAborted(turn, partSignal)) as Blob | Uint8Array;
      if (session.isCompleted(index)) {
        sent.forBody()?.(end - start);
      } else {
        partSignal.throwIfAborted();
        if (isKept && session.digestOf(index) === undefined)
          session.setDigest(index, await partDigest(body, partSignal));
        const url = uploadUrls[index] as string;
        await putBytes(
          transport,
          { url, body, onSent: sent.forBody() },
          { timeoutMs, signal: partSignal },
        );
        session.markCompleted(index);
      }
      await report(partSignal);
    },
    { limit: parallelParts, signal },
  );
  const isRepeated = session.toJSON().isCompleting;
  session.markCompleting();
  await report(signal);
  await completeParts(transport, uploadId, entry, isRepeated, { signal, timeoutMs });
}

/** @throws {ConfigError} when the part has other bytes than the first time */
async function checkPart(
  session: UploadSession,
  index: number,
  body: Blob | Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const expected = session.digestOf(index);
  if (expected !== undefined && expected !== (await partDigest(body, signal)))
    throw new ConfigError(
      `resumeUpload: part ${index + 1} of the content has other bytes than before; upload the new content from its start`,
    );
}

/**
 * Statuses after which the service is asked again, here: the transport repeats the others itself.
 */
const REPEATED = [408, 425, 500];
const COMPLETE_DELAYS = [50, 200, 800];

/** @param isRepeated whether an earlier run may have completed the file */
async function completeParts(
  transport: Transport,
  uploadId: string,
  entry: UploadEntry,
  isRepeated: boolean,
  calls: CallOptions,
): Promise<void> {
  let attempts = 0;
  const onAttempt = (): void => {
    attempts += 1;
    entry.mayBeComplete = true;
  };
  const body = { ...entry.identifier, uploadId };
  const path = '/files/completemultipartupload';
  for (let round = 0; ; round += 1) {
    try {
      // Completing twice has one effect; the second request may answer 400.
      const spec = {
        method: 'POST',
        path,
        lane: 'write',
        body,
        idempotent: true,
        onAttempt,
      } as const;
      return readNothing(await transport.request(spec, calls), `POST ${path}`);
    } catch (error) {
      // The reason of an abort may be the refusal of another call.
      if (calls.signal?.aborted || !ApiError.isInstance(error)) throw error;
      const delayMs = REPEATED.includes(error.status) ? COMPLETE_DELAYS[round] : undefined;
      if (delayMs === undefined) {
        const isRefusal = error.status < 500 && ![408, 425, 429].includes(error.status);
        const isFirst = attempts === 1 && !isRepeated;
        if (isRefusal && isFirst) entry.mayBeComplete = false;
        // The refusal of a repetition proves nothing: an earlier attempt may have completed the
        // file.
        if (isRefusal && !isFirst && (await entry.hasNewBytes()) === true) return;
        throw error;
      }
      await sleep(delayMs, calls.signal);
    }
  }
}
