import { type CdfError, ConfigError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { NameSet } from '../wire/name-set.js';
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
  const faulty = new Set<number>();
  // Not all of them: a million items may have the same fault.
  const errors: CdfError[] = [];
  const wires: WireWrite[] = [];
  const names = new NameSet();
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    try {
      const wire = encode(item, index);
      if (!names.add(wire)) {
        const isEnough = errors.length === MOST_ERRORS;
        const before = isEnough ? 0 : wires.findIndex((each) => isSame(each, wire));
        const first = placeOf(before, faulty);
        throw new ConfigError(
          `${what}: ${describeNames([wire])} appears twice, at items ${first} and ${index}`,
        );
      }
      wires.push(wire);
    } catch (reason) {
      faulty.add(index);
      if (errors.length === MOST_ERRORS) continue;
      const error = reason as CdfError;
      const text = error.message.replace(`${what}: `, '');
      errors.push(copyOfError(error, text, { failed: [item], notAttempted: [item] }));
    }
  }
  const [first] = errors;
  if (first === undefined) return wires;
  const told = errors.slice(0, MOST_TOLD).map(({ message }) => message);
  const counts =
    faulty.size > 1 ? `${faulty.size} of ${items.length} items cannot be written: ` : '';
  const more = faulty.size > MOST_TOLD ? '; …' : '';
  // Those at fault come first: consoles show the first of them.
  const failed = [
    ...items.filter((_, index) => faulty.has(index)),
    ...items.filter((_, index) => !faulty.has(index)),
  ];
  throw new ConfigError(`${what}: ${counts}${told.join('; ')}${more}`, {
    cause: first,
    failed,
    notAttempted: failed,
    errors,
  });
}

function isSame(one: NodeReference, other: NodeReference): boolean {
  return one.externalId === other.externalId && one.space === other.space;
}

/** Where among all items one of those is that have no fault. */
function placeOf(order: number, faulty: ReadonlySet<number>): number {
  let place = 0;
  for (let left = order; left > 0 || faulty.has(place); place++) if (!faulty.has(place)) left--;
  return place;
}
