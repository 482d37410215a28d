import {
  type CallOptions,
  ConfigError,
  Listing,
  NotFoundError,
  type RequestSpec,
  type RetrieveMultipleOptions,
  type Transport,
} from '@cdf/core';
import { endable, type ListingSource, loadPart, ownCopy, readPage } from '@cdf/core/resource';
import type {
  ConsumeQuery,
  Subscription,
  SubscriptionBatch,
  SubscriptionCreate,
  SubscriptionListQuery,
  SubscriptionMember,
  SubscriptionName,
  SubscriptionUpdate,
} from './subscription-types.js';

const PATH = '/timeseries/subscriptions';

const WRITE = { idempotent: false, lane: 'write' } as const;

/** Items of one page, and series that a creation may name. */
const MAX_ITEMS = 100;

/**
 * Subscriptions: hear of every data point that is written to some time series, or deleted from
 * them.
 */
export class SubscriptionsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The subscriptions of the project. Awaited: the first 25, or `limit`. In `for await`: all of
   * them. A request per 100.
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/listSubscriptions
   */
  list(query: SubscriptionListQuery = {}, options?: CallOptions): Listing<Subscription> {
    return this.#listing('', {}, query, query?.limit, options, ({ externalId }) => externalId);
  }

  /** The subscription of that external id, or `undefined`. One request. */
  async retrieve(
    subscription: SubscriptionName,
    options?: CallOptions,
  ): Promise<Subscription | undefined> {
    const items = [named(subscription)];
    const call = ownCopy(options);
    const { readRetrieved } = await writing();
    const answer = await this.#post(
      '/byids',
      { items, ignoreUnknownIds: true },
      { idempotent: true },
      call,
    );
    return readRetrieved<Subscription>(answer, `POST ${PATH}/byids`, items)[0];
  }

  /**
   * Creates a subscription, with up to 10,000 series: beyond 100 they are added by further
   * requests. A subscription reports writes to a series after the series joined.
   * @throws {CdfError} when the subscription exists; or when series could not be added: it is there
   * then, without them
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/postSubscriptions
   */
  async create(subscription: SubscriptionCreate, options?: CallOptions): Promise<Subscription> {
    const [own, call] = ownCopy([subscription, options] as const);
    named(own);
    const { splitCreation } = await writing();
    const { item, more } = splitCreation(own);
    const created = await this.#one('', item, WRITE, call);
    return more === undefined ? created : this.update(more, call);
  }

  /**
   * Changes a subscription. Series are added and removed 100 at a time, one request after the
   * other. Of a `set` the first 100 replace the list and the others are added: they leave and join
   * again, and nobody hears what is written to them in between. `add` and `remove` have no such
   * moment.
   * @throws {CdfError} when a request fails: those before it are done
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/updateSubscriptions
   */
  async update(subscription: SubscriptionUpdate, options?: CallOptions): Promise<Subscription> {
    let updated: Subscription | undefined;
    const name = named(subscription);
    const [own, call] = ownCopy([subscription.update, options] as const);
    const { splitPatch } = await writing();
    for (const part of splitPatch(own)) {
      const item = { ...name, update: part };
      updated = await this.#one('/update', item, { ...WRITE, idempotent: true }, call);
    }
    return updated as Subscription;
  }

  /**
   * Deletes subscriptions, a request each.
   * @throws {NotFoundError} when one is unknown, unless `ignoreUnknownIds`; those before it are
   * deleted
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/deleteSubscriptions
   */
  async delete(
    subscriptions: readonly SubscriptionName[],
    query: RetrieveMultipleOptions = {},
    options?: CallOptions,
  ): Promise<void> {
    const [own, how, call] = ownCopy([subscriptions, query, options] as const);
    const { deletionOf, readNothing } = await writing();
    const { items, ignoreUnknownIds } = deletionOf(named, own, how);
    for (const item of items) {
      const answer = await this.#post('/delete', { items: [item], ignoreUnknownIds }, WRITE, call);
      readNothing(answer, `POST ${PATH}/delete`);
    }
  }

  /**
   * The series of a subscription. Awaited: all of them, unless `limit` is given. A request per 100.
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/listSubscriptionMembers
   */
  members(
    subscription: SubscriptionName,
    query: SubscriptionListQuery = {},
    options?: CallOptions,
  ): Listing<SubscriptionMember> {
    return this.#listing<SubscriptionMember>(
      '/members',
      named(subscription),
      query,
      query?.limit ?? Infinity,
      options,
    );
  }

  /**
   * Changes of the series of a subscription, batch by batch, from the start of the stream or behind
   * a checkpoint, over all partitions or some. Waits for more until the loop is left, unless
   * `follow` is `false`. Batches are not acknowledged: keep the checkpoint of a batch once you have
   * handled it, and a consumer that starts again from it misses nothing. Without a checkpoint the
   * first batch comes at once, and may be empty: it says where the consumer began. Another empty one
   * comes every hour in which nothing happens.
   *
   * @throws {NotFoundError} when the subscription does not exist
   * @example
   * const batches = client.timeSeries.subscriptions.consume({ externalId: 'pumps' });
   * for await (const { updates, checkpoint } of batches) {
   *   for (const { timeSeries, upserts } of updates) store(timeSeries.externalId, upserts);
   *   await save(JSON.stringify(checkpoint));
   * }
   * @see
   * https://api-docs.cognite.com/20230101/tag/Data-point-subscriptions/operation/listSubscriptionData
   */
  consume(
    subscription: SubscriptionName,
    query: ConsumeQuery = {},
    options?: CallOptions,
  ): AsyncGenerator<SubscriptionBatch, void, undefined> {
    const name = named(subscription);
    const [own, call] = ownCopy([query, options] as const);
    return endable((signal) => this.#batches(name, own, { ...call, signal }), call?.signal);
  }

  async *#batches(
    name: SubscriptionName,
    query: ConsumeQuery,
    options?: CallOptions,
  ): AsyncGenerator<SubscriptionBatch, void, undefined> {
    const { readBatches, startOf } = await loadPart(import('./consume.js'));
    const start = startOf(name, query) ?? (await this.#allPartitions(name, options));
    if (start.length > 0) yield* readBatches(this.#transport, name, start, query, options);
  }

  async #allPartitions(
    name: SubscriptionName,
    options?: CallOptions,
  ): Promise<{ index: number }[]> {
    const subscription = await this.retrieve(name, options);
    if (subscription === undefined)
      throw new NotFoundError(
        `consume: not found: subscription ${JSON.stringify(name.externalId)}`,
        {
          status: 400,
          missing: [name],
        },
      );
    return Array.from({ length: subscription.partitionCount }, (_, index) => ({ index }));
  }

  #listing<T extends object>(
    action: string,
    query: Partial<SubscriptionName>,
    own: SubscriptionListQuery,
    limit: number | undefined,
    options: CallOptions | undefined,
    keyOf?: (item: T) => unknown,
  ): Listing<T> {
    const source: ListingSource<T, T[]> = {
      fetchPage: async ({ cursor, limit: pageLimit }, pageOptions) => {
        (await writing()).checkList(own);
        const path = `${PATH}${action}`;
        const spec = {
          method: 'GET',
          path,
          query: { ...query, cursor, limit: pageLimit },
          idempotent: true,
        } as const;
        return readPage<T>(await this.#transport.request(spec, pageOptions), `GET ${path}`);
      },
      toList: (items) => items,
      ...(keyOf === undefined ? {} : { keyOf }),
    };
    return new Listing<T>(source, { limit, pageSize: MAX_ITEMS }, options);
  }

  /** @throws {DecodeError} when the answer is about another subscription. */
  async #one(
    action: string,
    item: object,
    kind: Pick<RequestSpec, 'idempotent' | 'lane'>,
    options?: CallOptions,
  ): Promise<Subscription> {
    // Before anything is sent: a part that cannot be loaded has changed nothing then.
    const { readWritten } = await writing();
    const answer = await this.#post(action, { items: [item] }, kind, options);
    const [subscription] = readWritten<Subscription>(answer, `POST ${PATH}${action}`, [item]);
    return subscription as Subscription;
  }

  #post(
    action: string,
    body: object,
    kind: Pick<RequestSpec, 'idempotent' | 'lane'>,
    options?: CallOptions,
  ): Promise<unknown> {
    return this.#transport.request(
      { method: 'POST', path: `${PATH}${action}`, body, ...kind },
      options,
    );
  }
}

function named(subscription: SubscriptionName): SubscriptionName {
  const { externalId } = Object(subscription) as SubscriptionName;
  if (typeof externalId === 'string') return { externalId };
  throw new ConfigError('expected the externalId of a subscription, a string');
}

function writing(): Promise<typeof import('./writing.js')> {
  return loadPart(import('./writing.js'));
}
