import { DecodeError } from '@cdf/core';
import type { UploadEntry } from './entry.js';
import type { UploadPlan } from './plan.js';
import { UploadSession } from './session.js';

/** Where the bytes of one request go. The address is a secret. */
export interface UploadLink {
  readonly url: string;
  readonly contentType: string;
}

/** Asks for one address. A new file gets its entry by that. */
export async function requestLink(entry: UploadEntry): Promise<UploadLink> {
  const { uploadUrl } = await entry.open();
  if (typeof uploadUrl !== 'string') throw new DecodeError('upload: the answer has no address to upload to');
  return { url: uploadUrl, contentType: entry.contentType };
}

/** Asks for an address per part. A new file gets its entry by that. */
export async function requestSession(
  entry: UploadEntry,
  { size, partSize, parts }: UploadPlan,
): Promise<UploadSession> {
  const { file, uploadId, uploadUrls } = await entry.open(parts);
  const usable =
    Array.isArray(uploadUrls) && uploadUrls.length === parts && uploadUrls.every((url) => typeof url === 'string');
  if (!usable || typeof uploadId !== 'string')
    throw new DecodeError(`upload: the answer does not have the ${parts} addresses that were asked for`);
  return new UploadSession({ version: 1, file: { id: file.id }, size, partSize, uploadId, uploadUrls, completed: [] });
}
