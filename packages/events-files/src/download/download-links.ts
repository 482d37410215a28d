import { type CallOptions, DecodeError, type Identifier, type Transport } from '@cdf/core';
import { evenChunks, identifierKey, toIdentifier } from '@cdf/core/resource';
import { nameCapability } from '../capability.js';

/** The API's limit of links per request. */
export const MAX_LINKS = 100;

/** How long links are valid. */
export interface DownloadUrlOptions {
  /**
   * Requests links that are valid for an hour instead of 30 seconds.
   * @default false
   */
  readonly extendedExpiration?: boolean | undefined;
}

/** A file, by the requested identifier, and its link. A secret while it is valid: anybody can read the file with it. */
export type DownloadUrl = Identifier & { readonly downloadUrl: string };

/** Links in the order of the identifiers, one request per 100. */
export async function fetchDownloadUrls(
  transport: Transport,
  identifiers: readonly Identifier[],
  { extendedExpiration = false }: DownloadUrlOptions = {},
  options: CallOptions = {},
): Promise<DownloadUrl[]> {
  const asked = identifiers.map((identifier) => toIdentifier(identifier, 'download'));
  const distinct = [...new Map(asked.map((identifier) => [identifierKey(identifier), identifier])).values()];
  const pages = await Promise.all(
    evenChunks(distinct.length, MAX_LINKS).map((indexes) =>
      transport.request<{ items: DownloadUrl[] }>(
        {
          method: 'POST',
          path: '/files/downloadlink',
          query: { extendedExpiration },
          body: { items: indexes.map((index) => distinct[index]) },
          idempotent: true,
        },
        options,
      ),
    ),
  ).catch((error) => {
    throw nameCapability(error, 'READ');
  });
  const links = new Map(
    pages.flatMap(({ items }) => items).map((link) => [identifierKey(toIdentifier(link, 'download link')), link]),
  );
  return asked.map((identifier) => {
    const link = links.get(identifierKey(identifier));
    if (typeof link?.downloadUrl !== 'string') throw new DecodeError('download: the answer lacks a requested link');
    return { ...identifier, downloadUrl: link.downloadUrl };
  });
}
