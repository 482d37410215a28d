import { ConfigError } from '@cdf/core';
import { shown } from '@cdf/core/resource';
import type { SparseStatuses } from '../datapoints-types.js';
import { StatusBuilder } from '../points/sparse.js';
import { codeOfSymbol, type StatusInput } from './status.js';

// Statuses and missing values of columns: what belongs to a few points only, by their indexes.

/** An array of whole numbers without a sign makes 0 of what is no number, and 1 of 1.5. */
export function checkWhole(numbers: ArrayLike<number>, most: number, name: string): void {
  for (let position = 0; position < numbers.length; position++) {
    const number = numbers[position] as number;
    if (!Number.isInteger(number) || number < 0 || number > most)
      throw new ConfigError(
        `${name}[${position}] must be a whole number from 0 to ${most}, got ${shown(number)}`,
      );
  }
}

/**
 * Indexes are found by bisection, so they must ascend; an index beyond the points would be lost
 * silently.
 */
export function checkIndexes(indexes: Uint32Array | undefined, length: number, name: string): void {
  if (indexes === undefined) return;
  for (let position = 1; position < indexes.length; position++)
    if (!((indexes[position] as number) > (indexes[position - 1] as number)))
      throw new ConfigError(`${name}: indexes must ascend, but ${indexes[position]} does not`);
  const last = indexes.at(-1) ?? -1;
  if (last >= length)
    throw new ConfigError(`${name}: unknown point ${last}; there are ${length} points`);
}

export function toSparse(
  statuses: SparseStatuses | readonly (StatusInput | undefined)[] | undefined,
  length: number,
  name: string,
): { sparse: SparseStatuses | undefined; needsJson: boolean } {
  if (statuses === undefined) return { sparse: undefined, needsJson: false };
  // A code says it all, and the symbol that an answer gave it may be one that the API does not take
  // for it.
  if ('indexes' in statuses) {
    const { indexes, codes } = statuses;
    checkWhole(indexes, length - 1, `${name}.indexes`);
    checkWhole(codes, 0xffffffff, `${name}.codes`);
    if (indexes.length !== codes.length)
      throw new ConfigError(`${name}: ${indexes.length} indexes but ${codes.length} codes`);
    const symbols = Array.from(indexes, () => '');
    return { sparse: { indexes, codes, symbols }, needsJson: false };
  }
  const builder = new StatusBuilder();
  let needsJson = false;
  statuses.forEach((status, index) => {
    if (status === undefined || status === null) return;
    const known = status.code ?? codeOfSymbol(status.symbol);
    if (known === undefined && status.symbol === undefined)
      throw new ConfigError(
        `${name}[${index}]: expected a status { code } or { symbol }, got ${JSON.stringify(status)}`,
      );
    if (known !== undefined && (!Number.isInteger(known) || known < 0 || known > 0xffffffff))
      throw new ConfigError(
        `${name}[${index}]: a status code must be a whole number below 2^32, got ${shown(known)}`,
      );
    const code = known ?? codeOfCategory(status.symbol ?? '');
    if (known === undefined) needsJson = true;
    if (code !== 0 || known === undefined)
      builder.add(index, code, known === undefined ? (status.symbol ?? '') : '');
  });
  return { sparse: builder.build(), needsJson };
}

/** The bits that tell good, uncertain and bad apart: symbols begin with that word. */
function codeOfCategory(symbol: string): number {
  if (symbol.startsWith('Bad')) return 0x80000000;
  return symbol.startsWith('Uncertain') ? 0x40000000 : 0;
}
