import type { CallOptions } from '@cdf/core';
import { aggregate } from './aggregate.js';
import type { InstanceScope } from './instance-scope.js';
import { retrieve, retrieveMultiple } from './retrieve.js';
import { search } from './search.js';
import { InstanceWriter } from './writer.js';

/** Every request of nodes and edges but lists: loaded with the first of them. */
export class InstanceOperations {
  readonly #scope: InstanceScope;
  readonly #writer: InstanceWriter;

  constructor(scope: InstanceScope) {
    this.#scope = scope;
    this.#writer = new InstanceWriter(scope);
  }

  retrieve(name: unknown, options?: CallOptions): Promise<object | undefined> {
    return retrieve(this.#scope, name, options);
  }

  retrieveMultiple(
    names: readonly unknown[],
    query?: object,
    options?: CallOptions,
  ): Promise<object[]> {
    return retrieveMultiple(this.#scope, names, query, options);
  }

  search(text: string, query?: object, options?: CallOptions): Promise<object[]> {
    return search(this.#scope, text, query, options);
  }

  aggregate(query: object, options?: CallOptions): Promise<object[]> {
    return aggregate(this.#scope, query, options);
  }

  upsert(items: unknown, query?: object, options?: CallOptions): Promise<object> {
    return this.#writer.upsert(items, query, options);
  }

  create(items: unknown, query?: object, options?: CallOptions): Promise<object> {
    return this.#writer.create(items, query, options);
  }

  update(items: unknown, query?: object, options?: CallOptions): Promise<object> {
    return this.#writer.update(items, query, options);
  }

  delete(names: unknown, options?: CallOptions): Promise<object[]> {
    return this.#writer.delete(names, options);
  }
}
