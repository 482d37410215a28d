import type { CallOptions, Transport } from '@cdf/core';
import { bindMethods, loadPart, ownCopy } from '@cdf/core/resource';
import type { Lane } from '../wire/lanes.js';
import type { WireInstance } from '../wire/reader.js';

/** A request in the API's form. */
export type InstanceBody = Readonly<Record<string, unknown>>;

/** A page of instances. */
export interface InstancePage {
  readonly items: readonly WireInstance[];
  readonly nextCursor?: string | undefined;
  readonly typing?: Readonly<Record<string, unknown>> | undefined;
}

/** The items of each step of a query. */
export interface QueryPage {
  readonly items: Readonly<Record<string, readonly WireInstance[]>>;
  readonly nextCursor: Readonly<Record<string, string | null>>;
  readonly typing?: Readonly<Record<string, unknown>> | undefined;
}

/** The instances that were applied. */
export interface ApplyAnswer {
  readonly items: readonly (Omit<WireInstance, 'properties'> & { readonly wasModified: boolean })[];
}

/**
 * The instances of a project in the API's own form: one request for each call, nothing added, and
 * nothing checked but that the answer has lists of objects. `nodes(client, view)` does what
 * programs need; this is for what it does not have. 64-bit integers are exact in both directions.
 *
 * @see https://api-docs.cognite.com/20230101/tag/Instances
 */
export class InstancesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
    bindMethods(this);
  }

  /** `POST /models/instances/list` */
  list(body: InstanceBody, options?: CallOptions): Promise<InstancePage> {
    return this.#read('/instances/list', body, options);
  }

  /** `POST /models/instances/byids` */
  retrieve(body: InstanceBody, options?: CallOptions): Promise<InstancePage> {
    return this.#read('/instances/byids', body, options);
  }

  /** `POST /models/instances/search` */
  search(body: InstanceBody, options?: CallOptions): Promise<InstancePage> {
    return this.#read('/instances/search', body, options);
  }

  /** `POST /models/instances/aggregate` */
  aggregate(
    body: InstanceBody,
    options?: CallOptions,
  ): Promise<{ readonly items: readonly InstanceBody[] }> {
    return this.#read('/instances/aggregate', body, options);
  }

  /** `POST /models/instances/query`. `runGraph` runs a graph to its end. */
  query(body: InstanceBody, options?: CallOptions): Promise<QueryPage> {
    return this.#read('/instances/query', body, options);
  }

  /** `POST /models/instances/sync`. `nodes(client, view).changes()` follows changes. */
  sync(body: InstanceBody, options?: CallOptions): Promise<QueryPage> {
    return this.#read('/instances/sync', body, options);
  }

  /** `POST /models/instances/inspect` */
  inspect(
    body: InstanceBody,
    options?: CallOptions,
  ): Promise<{ readonly items: readonly InstanceBody[] }> {
    return this.#read('/instances/inspect', body, options);
  }

  /**
   * `POST /models/instances`: one transaction. It is repeated after a lost answer unless an item
   * has an `existingVersion`.
   */
  apply(body: InstanceBody, options?: CallOptions): Promise<ApplyAnswer> {
    return this.#send('/instances', body, 'apply', undefined, options);
  }

  /** `POST /models/instances/delete` */
  delete(
    body: InstanceBody,
    options?: CallOptions,
  ): Promise<{ readonly items: readonly InstanceBody[] }> {
    return this.#send('/instances/delete', body, 'delete', true, options);
  }

  #read<T>(path: string, body: InstanceBody, options?: CallOptions): Promise<T> {
    return this.#send(path, body, 'query', true, options);
  }

  async #send<T>(
    path: string,
    body: InstanceBody,
    lane: Lane,
    idempotent: boolean | undefined,
    options?: CallOptions,
  ): Promise<T> {
    const question = { path, body: ownCopy(body), lane, idempotent };
    const call = ownCopy(options);
    const { sendInstances } = await loadPart(import('./instance-answers.js'));
    return (await sendInstances(this.#transport, question, call)) as T;
  }
}
