import { ApiError, type CallOptions, type Identifier, type Transport } from '@cdf/core';
import { fetchDownloadUrls, MAX_LINKS } from './download-links.js';
import type { LinkSource } from './download-reader.js';

/**
 * Links for many files, requested in batches of the API's limit when the first of them is needed.
 */
export class LinkBatches {
  readonly #transport: Transport;
  readonly #identifiers: readonly Identifier[];
  readonly #options: CallOptions;
  readonly #batches = new Map<string, Promise<string[]>>();
  readonly #refused = new Set<string>();

  constructor(transport: Transport, identifiers: readonly Identifier[], options: CallOptions) {
    this.#transport = transport;
    this.#identifiers = identifiers;
    this.#options = options;
  }

  /**
   * The link of one file. An expired link is renewed with its batch: the others are as old. A batch
   * that is refused for one of its files, such as one without bytes, is halved until the others
   * have links.
   */
  sourceOf(index: number): LinkSource {
    const start = Math.floor(index / MAX_LINKS) * MAX_LINKS;
    const whole = { start, end: Math.min(start + MAX_LINKS, this.#identifiers.length) };
    const used = new Map<string, Promise<string[]>>();
    return async (renew) => {
      for (let range = whole; ; ) {
        const key = `${range.start}-${range.end}`;
        if (!this.#refused.has(key))
          try {
            const known = this.#batches.get(key);
            // Another file may have renewed the batch already.
            const links =
              known === undefined || (renew && known === used.get(key))
                ? this.#fetch(key, range)
                : known;
            used.set(key, links);
            return (await links)[index - range.start] as string;
          } catch (error) {
            if (range.end - range.start === 1 || !isRefusal(error)) throw error;
            this.#refused.add(key);
          }
        const middle = Math.ceil((range.start + range.end) / 2);
        range = index < middle ? { ...range, end: middle } : { ...range, start: middle };
      }
    };
  }

  #fetch(
    key: string,
    { start, end }: { readonly start: number; readonly end: number },
  ): Promise<string[]> {
    const identifiers = this.#identifiers.slice(start, end);
    const links = fetchDownloadUrls(
      this.#transport,
      identifiers,
      { extendedExpiration: true },
      this.#options,
    ).then((found) => found.map(({ downloadUrl }) => downloadUrl));
    this.#batches.set(key, links);
    // A failed batch is forgotten: the next file tries again.
    links.catch(() => this.#batches.delete(key));
    return links;
  }
}

/** True if the answer is about some of the files. 401 is about the credentials. */
function isRefusal(error: unknown): boolean {
  return (
    ApiError.isInstance(error) &&
    error.status >= 400 &&
    error.status < 500 &&
    ![401, 408, 429].includes(error.status)
  );
}
