import { type CallOptions, DecodeError, type Identifier, type RequestSpec, type Transport } from '@cdf/core';
import type { CdfFile, FileCreate } from '../file-types.js';

/** What gets the bytes: a file that the upload creates or overwrites, or one that is there. */
export type UploadTarget =
  | { readonly kind: 'new'; readonly file: FileCreate; readonly overwrite: boolean }
  | { readonly kind: 'existing'; readonly file: Identifier };

/** The entry, and the addresses that its bytes go to: secrets. */
export interface UploadLinks {
  readonly file: CdfFile;
  readonly uploadUrl: unknown;
  readonly uploadId: unknown;
  readonly uploadUrls: unknown;
}

type Answer = CdfFile & Omit<UploadLinks, 'file'>;

/**
 * Asks for one address, or for one per part. A new file gets its entry by that.
 *
 * @param onAttempt called when the service may get to know of it
 */
export async function requestLinks(
  transport: Transport,
  target: UploadTarget,
  parts: number | undefined,
  options: CallOptions,
  onAttempt: () => void,
): Promise<UploadLinks> {
  const spec: RequestSpec = {
    method: 'POST',
    onAttempt,
    ...(target.kind === 'new'
      ? {
          path: parts === undefined ? '/files' : '/files/initmultipartupload',
          query: { parts, overwrite: target.overwrite },
          body: target.file,
          // Sent twice it makes two entries; an overwrite finds the one there is.
          idempotent: target.overwrite,
        }
      : {
          path: parts === undefined ? '/files/uploadlink' : '/files/multiuploadlink',
          query: { parts },
          body: { items: [target.file] },
          idempotent: true,
        }),
  };
  const answer = await transport.request<Answer | { items: Answer[] } | null>(spec, options);
  // The service answers bare in some places and with a list of one in others.
  const entry = answer !== null && 'items' in answer ? answer.items[0] : answer;
  if (typeof entry?.id !== 'number')
    throw new DecodeError(`POST ${spec.path}: the answer is no file`, { delivery: 'unknown' });
  const { uploadUrl, uploadId, uploadUrls, ...file } = entry;
  return { file, uploadUrl, uploadId, uploadUrls };
}

export function singleUrl({ uploadUrl }: UploadLinks): string {
  if (typeof uploadUrl !== 'string') throw new DecodeError('upload: the answer has no address to upload to');
  return uploadUrl;
}

export function partUrls(
  { uploadId, uploadUrls }: UploadLinks,
  parts: number,
): { uploadId: string; uploadUrls: string[] } {
  const usable =
    Array.isArray(uploadUrls) && uploadUrls.length === parts && uploadUrls.every((url) => typeof url === 'string');
  if (!usable || typeof uploadId !== 'string')
    throw new DecodeError(`upload: the answer does not have the ${parts} addresses that were asked for`);
  return { uploadId, uploadUrls };
}
