import type { SparseStatuses, Status } from '../datapoints-types.js';

/** Collects statuses as they are met: nearly all points have none. */
export class StatusBuilder {
  readonly #indexes: number[] = [];
  readonly #codes: number[] = [];
  readonly #symbols: string[] = [];

  add(index: number, code: number, symbol: string): void {
    this.#indexes.push(index);
    this.#codes.push(code);
    this.#symbols.push(symbol);
  }

  /** Nothing when nothing was added. */
  build(): SparseStatuses | undefined {
    if (this.#indexes.length === 0) return undefined;
    return {
      indexes: Uint32Array.from(this.#indexes),
      codes: Uint32Array.from(this.#codes),
      symbols: this.#symbols,
    };
  }
}

/** Position of the first number that is at least `wanted`, in ascending numbers. */
export function lowerBound(ascending: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function statusAt(statuses: SparseStatuses | undefined, index: number): Status | undefined {
  if (statuses === undefined) return undefined;
  const position = lowerBound(statuses.indexes, index);
  if (statuses.indexes[position] !== index) return undefined;
  return { code: statuses.codes[position] as number, symbol: statuses.symbols[position] as string };
}

export function hasIndex(indexes: Uint32Array | undefined, index: number): boolean {
  return indexes !== undefined && indexes[lowerBound(indexes, index)] === index;
}

/** The part of ascending indexes within `from` (inclusive) to `to`, counted from `from`. */
export function sliceIndexes(indexes: Uint32Array, from: number, to: number): Uint32Array {
  return indexes
    .slice(lowerBound(indexes, from), lowerBound(indexes, to))
    .map((index) => index - from);
}

export function sliceStatuses(statuses: SparseStatuses, from: number, to: number): SparseStatuses {
  const first = lowerBound(statuses.indexes, from);
  const last = lowerBound(statuses.indexes, to);
  return {
    indexes: sliceIndexes(statuses.indexes, from, to),
    codes: statuses.codes.slice(first, last),
    symbols: statuses.symbols.slice(first, last),
  };
}

/** Several parts as one; `offsets` says where in the whole each begins. */
export function concatIndexes(
  parts: readonly (Uint32Array | undefined)[],
  offsets: readonly number[],
): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + (part?.length ?? 0), 0));
  let position = 0;
  parts.forEach((part, which) => {
    for (const index of part ?? []) whole[position++] = index + (offsets[which] as number);
  });
  return whole;
}

export function concatStatuses(
  parts: readonly (SparseStatuses | undefined)[],
  offsets: readonly number[],
): SparseStatuses {
  return {
    indexes: concatIndexes(
      parts.map((part) => part?.indexes),
      offsets,
    ),
    codes: concatIndexes(
      parts.map((part) => part?.codes),
      offsets.map(() => 0),
    ),
    symbols: parts.flatMap((part) => part?.symbols ?? []),
  };
}
