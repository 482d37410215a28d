/**
 * The status of a point that is written: one of the two is enough. Where both are given, the code
 * counts.
 */
export interface StatusInput {
  /** Good is 0, uncertain begins at 0x40000000, bad at 0x80000000. */
  readonly code?: number | undefined;
  /** Such as `'Bad'` or `'GoodClamped'`. */
  readonly symbol?: string | undefined;
}

/** The codes of the three plain symbols. Only CDF knows the other symbols. */
export function codeOfSymbol(symbol: string | undefined): number | undefined {
  if (symbol === 'Good') return 0;
  if (symbol === 'Uncertain') return 0x40000000;
  return symbol === 'Bad' ? 0x80000000 : undefined;
}

/** True if the two top bits of a status code say bad. */
export function isBad(code: number): boolean {
  return code >>> 30 >= 2;
}
