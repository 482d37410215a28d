import { badRequest } from '../errors.js';
import type { CompiledProperty } from '../schema/compiled-view.js';
import { InvalidValue, type Value } from '../schema/values.js';
import type { InstanceStore } from './instance-store.js';

/** Numbers for properties that count by themselves: each is one above the highest that is there. */
export class Counters {
  readonly #instances: InstanceStore;
  readonly #last = new Map<string, bigint>();

  constructor(instances: InstanceStore) {
    this.#instances = instances;
  }

  next({ code, identifier, name, read }: CompiledProperty): Value {
    const key = `${code} ${identifier}`;
    const number = (this.#last.get(key) ?? this.#highest(code, identifier)) + 1n;
    this.#last.set(key, number);
    const value = read(number <= Number.MAX_SAFE_INTEGER ? Number(number) : number);
    if (value instanceof InvalidValue)
      throw badRequest(`Property '${name}' cannot count on: ${number} is more than its type can hold.`);
    return value;
  }

  #highest(code: string, identifier: string): bigint {
    let highest = 0n;
    for (const { data } of this.#instances.all()) {
      const value = data[code]?.[identifier] as number | bigint | undefined;
      if (value !== undefined && value > highest) highest = BigInt(value);
    }
    return highest;
  }
}
