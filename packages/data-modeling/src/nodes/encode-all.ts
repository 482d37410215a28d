import { type CdfError, ConfigError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import { ReferenceMap } from '../wire/reference-map.js';
import type { WireWrite } from '../wire/writer-codec.js';
import { describeNames } from './describe-names.js';

/** Items that a message names. */
const MOST_TOLD = 5;
/** Items that have an error of their own. */
const MOST_ERRORS = 1_000;

/**
 * Items as the API takes them.
 *
 * @throws {ConfigError} for items that cannot be written, and for names that several have. The
 * message names the first; `errors` has one for each, whose `failed` is the item
 */
export function encodeAll(
  items: readonly unknown[],
  encode: (item: unknown, index: number) => WireWrite,
  what: string,
): WireWrite[] {
  const faulty: unknown[] = [];
  const others: unknown[] = [];
  // Not all of them: a million items may have the same fault.
  const errors: CdfError[] = [];
  const wires: WireWrite[] = [];
  const places = new ReferenceMap<number>();
  for (const [index, item] of items.entries())
    try {
      const wire = encode(item, index);
      const first = places.get(wire);
      if (first !== undefined)
        throw new ConfigError(
          `${what}: ${describeNames([wire])} appears twice, at items ${first} and ${index}`,
        );
      places.set(wire, index);
      wires.push(wire);
      others.push(item);
    } catch (reason) {
      faulty.push(item);
      if (errors.length === MOST_ERRORS) continue;
      const error = reason as CdfError;
      const text = error.message.replace(`${what}: `, '');
      errors.push(copyOfError(error, text, { failed: [item], notAttempted: [item] }));
    }
  const [first] = errors;
  if (first === undefined) return wires;
  const told = errors.slice(0, MOST_TOLD).map(({ message }) => message);
  const counts =
    faulty.length > 1 ? `${faulty.length} of ${items.length} items cannot be written: ` : '';
  const more = faulty.length > MOST_TOLD ? '; …' : '';
  // Those at fault come first: consoles show the first of them.
  const failed = [...faulty, ...others];
  throw new ConfigError(`${what}: ${counts}${told.join('; ')}${more}`, {
    cause: first,
    failed,
    notAttempted: failed,
    errors,
  });
}
