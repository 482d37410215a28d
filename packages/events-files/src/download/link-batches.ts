import type { CallOptions, Identifier, Transport } from '@cdf/core';
import { fetchDownloadUrls, MAX_LINKS } from './download-links.js';
import type { LinkSource } from './file-reader.js';

/** Links for many files, requested in batches of the API's limit when the first of them is needed. */
export class LinkBatches {
  readonly #transport: Transport;
  readonly #identifiers: readonly Identifier[];
  readonly #options: CallOptions;
  readonly #batches = new Map<number, Promise<string[]>>();

  constructor(transport: Transport, identifiers: readonly Identifier[], options: CallOptions) {
    this.#transport = transport;
    this.#identifiers = identifiers;
    this.#options = options;
  }

  /** The link of one file. An expired link is renewed with its batch: the others are as old. */
  sourceOf(index: number): LinkSource {
    const batch = Math.floor(index / MAX_LINKS);
    let used: Promise<string[]> | undefined;
    return async (renew) => {
      const known = this.#batches.get(batch);
      // Another file may have renewed the batch already.
      used = known === undefined || (renew && known === used) ? this.#fetch(batch) : known;
      return (await used)[index - batch * MAX_LINKS] as string;
    };
  }

  #fetch(batch: number): Promise<string[]> {
    const identifiers = this.#identifiers.slice(batch * MAX_LINKS, (batch + 1) * MAX_LINKS);
    const links = fetchDownloadUrls(this.#transport, identifiers, { extendedExpiration: true }, this.#options).then(
      (found) => found.map(({ downloadUrl }) => downloadUrl),
    );
    this.#batches.set(batch, links);
    // A failed batch is forgotten: the next file tries again.
    links.catch(() => this.#batches.delete(batch));
    return links;
  }
}
