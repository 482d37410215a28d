import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identified } from '../values/identifiers.js';
import { Listing, type ListingSource, type Page } from './listing.js';

/** What a listing needs to know of a resource. */
export interface ListedResource<T extends Identified, L extends T[]> {
  /** `/assets` */
  readonly path: string;
  /** Gives an item read from the API its methods. @default it stays what it is */
  adopt?(item: T): T;
  /** @default the array that it is given */
  toList?(items: T[]): L;
  /** The documented order, where the endpoint takes partitions. */
  compare?(left: T, right: T): number;
}

/** Arguments of a list request besides paging. They are sent as they are. */
export interface ListBody {
  readonly limit?: number | undefined;
  readonly sort?: unknown;
  readonly [field: string]: unknown;
}

/** The pages of `POST {path}/list`. With a sort they have one cursor: partitions would lose the order. */
export function pagesOf<T extends Identified, L extends T[]>(
  transport: Transport,
  { path, adopt, toList = (items) => items as L, compare }: ListedResource<T, L>,
  body: ListBody,
): ListingSource<T, L> {
  return {
    async fetchPage(page, options) {
      const spec = { method: 'POST', path: `${path}/list`, body: { ...body, ...page }, idempotent: true } as const;
      const answer = await transport.request<Page<T>>(spec, options);
      if (adopt !== undefined) for (const item of answer.items) adopt(item);
      return answer;
    },
    toList,
    keyOf: ({ id }) => id,
    ...(body.sort === undefined && compare !== undefined && { compare }),
  };
}

/** A listing over `POST {path}/list`: what `ResourceEndpoint.list` gives, for programs that only list. */
export function listResources<T extends Identified, L extends T[] = T[]>(
  transport: Transport,
  resource: ListedResource<T, L>,
  { limit, ...body }: ListBody,
  options?: CallOptions,
  awaitLimit?: number,
): Listing<T, L> {
  return new Listing<T, L>(pagesOf(transport, resource, body), { limit, awaitLimit }, options);
}
