import {
  type CallOptions,
  ConfigError,
  DecodeError,
  type Identifier,
  type Transport,
} from '@cdf/core';
import {
  checkMethodOptions,
  evenChunks,
  identifierKey,
  readRetrieved,
  shown,
  spelledIdentifier,
} from '@cdf/core/resource';
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

/**
 * A file, by the requested identifier, and its link. A secret while it is valid: anybody can read
 * the file with it.
 */
export type DownloadUrl = Identifier & { readonly downloadUrl: string };

/** Links in the order of the identifiers, one request per 100. */
export async function fetchDownloadUrls(
  transport: Transport,
  identifiers: readonly Identifier[],
  query: DownloadUrlOptions = {},
  options: CallOptions = {},
): Promise<DownloadUrl[]> {
  checkMethodOptions(query, { extendedExpiration: 'switch' }, 'downloadUrls');
  const { extendedExpiration = false } = query;
  if (!Array.isArray(identifiers))
    throw new ConfigError(
      `downloadUrls: expected an array of identifiers, got ${shown(identifiers)}`,
    );
  const asked = (identifiers as readonly Identifier[]).map((identifier) =>
    spelledIdentifier(identifier, 'download'),
  );
  const distinct = [
    ...new Map(asked.map((identifier) => [identifierKey(identifier), identifier])).values(),
  ];
  const pages = await Promise.all(
    evenChunks(distinct.length, MAX_LINKS).map(async (indexes) => {
      const items = indexes.map((index) => distinct[index] as Identifier);
      const path = '/files/downloadlink';
      const query = { extendedExpiration };
      const answer = await transport.request(
        { method: 'POST', path, query, body: { items }, idempotent: true },
        options,
      );
      return readRetrieved<DownloadUrl>(answer, `POST ${path}`, items, true);
    }),
  ).catch((error) => {
    throw nameCapability(error, 'READ');
  });
  const found = pages.flat();
  const links = new Map(
    distinct.map((identifier, index) => [identifierKey(identifier), found[index]]),
  );
  return asked.map((identifier) => {
    const link = links.get(identifierKey(identifier));
    if (typeof link?.downloadUrl !== 'string')
      throw new DecodeError('download: the answer lacks a requested link', { delivery: 'unknown' });
    return { ...identifier, downloadUrl: link.downloadUrl };
  });
}
