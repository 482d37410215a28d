import { DecodeError } from '@cdf/core';
import type { UploadEntry } from './entry.js';
import type { UploadPlan } from './plan.js';
import { UploadSession, type UploadSessionData } from './session.js';

/** Where one request sends its bytes. The URL is a secret. */
export interface UploadLink {
  readonly url: string;
  readonly contentType: string;
}

/** Requests one upload URL. For a new file, this request creates the entry. */
export async function requestLink(entry: UploadEntry): Promise<UploadLink> {
  const { uploadUrl } = await entry.open();
  if (typeof uploadUrl !== 'string')
    throw new DecodeError('upload: the answer lacks the upload URL');
  return { url: uploadUrl, contentType: entry.contentType };
}

/** The content data in a session. */
export type SessionContent = Pick<UploadSessionData, 'modifiedTime' | 'checksum'>;

/** Requests one upload URL per part. For a new file, this request creates the entry. */
export async function requestSession(
  entry: UploadEntry,
  { size, partSize, parts }: UploadPlan,
  content: SessionContent,
): Promise<UploadSession> {
  const { file, uploadId, uploadUrls } = await entry.open(parts);
  const usable =
    Array.isArray(uploadUrls) &&
    uploadUrls.length === parts &&
    uploadUrls.every((url) => typeof url === 'string');
  if (!usable || typeof uploadId !== 'string')
    throw new DecodeError(`upload: the answer lacks the ${parts} requested upload URLs`);
  return new UploadSession({
    version: 2,
    file: { id: file.id },
    size,
    partSize,
    uploadId,
    uploadUrls,
    completed: [],
    digests: new Array(parts).fill(null),
    ...content,
    isNew: entry.isOwn,
    uploadedTime: file.uploadedTime,
    isCompleting: false,
  });
}
