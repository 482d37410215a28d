import { badRequest } from '../errors.js';
import type { CompiledProperty, CompiledSource } from '../schema/compiled-view.js';
import { InvalidValue, type Value } from '../schema/values.js';
import type { Row } from './entry.js';
import type { InstanceStore } from './instance-store.js';

/**
 * Numbers for properties that count by themselves: each is one above the highest, that of the
 * request's earlier items included.
 */
export class Counters {
  readonly #instances: InstanceStore;
  readonly #last = new Map<string, bigint>();

  constructor(instances: InstanceStore) {
    this.#instances = instances;
  }

  next(property: CompiledProperty): Value {
    const number = this.#highest(property) + 1n;
    this.#last.set(keyOf(property), number);
    const value = property.read(number <= Number.MAX_SAFE_INTEGER ? Number(number) : number);
    if (value instanceof InvalidValue)
      throw badRequest(
        `Property '${property.name}' cannot count on: ${number} is more than its type can hold.`,
      );
    return value;
  }

  /** Notes the numbers of a row that is about to be written. */
  see({ properties }: CompiledSource, row: Row): void {
    for (const property of properties.values()) {
      const value = property.property.autoIncrement ? row[property.identifier] : undefined;
      if (value !== undefined && (value as number | bigint) > this.#highest(property))
        this.#last.set(keyOf(property), BigInt(value as number | bigint));
    }
  }

  #highest(property: CompiledProperty): bigint {
    const { code, identifier } = property;
    let highest = this.#last.get(keyOf(property));
    if (highest !== undefined) return highest;
    highest = 0n;
    for (const { data } of this.#instances.all()) {
      const value = data[code]?.[identifier] as number | bigint | undefined;
      if (value !== undefined && value > highest) highest = BigInt(value);
    }
    this.#last.set(keyOf(property), highest);
    return highest;
  }
}

const keyOf = ({ code, identifier }: CompiledProperty): string => `${code} ${identifier}`;
