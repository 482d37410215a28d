import type { TimeArgument } from '@cdf/core';
import { toEpoch } from '@cdf/core/resource';

/** The same object to write, or the same patches in its `update`, with the times among `names` in epoch milliseconds. */
export function withEpochs<T extends object>(item: T, names: readonly string[], now: number): T {
  const toNumber = (value: unknown, name: string): unknown => toEpoch(value as TimeArgument, now, name);
  if (!('update' in item)) return mapFields(item, names, toNumber);
  const update = mapFields(item.update as object, names, (patch, name) =>
    mapFields(patch as object, ['set'], (value) => toNumber(value, name)),
  );
  return { ...item, update };
}

/** Copies only when a field changes; one that is null stays null. */
function mapFields<T extends object>(
  object: T,
  names: readonly string[],
  map: (value: unknown, name: string) => unknown,
): T {
  const fields = object as Readonly<Record<string, unknown>>;
  const changed = names
    .filter((name) => fields[name] !== undefined && fields[name] !== null)
    .map((name) => [name, map(fields[name], name)] as const)
    .filter(([name, value]) => value !== fields[name]);
  return changed.length === 0 ? object : { ...object, ...Object.fromEntries(changed) };
}
