/** The status of a point that is written: one of the two is enough. Where both are given, the code counts. */
export interface StatusInput {
  readonly code?: number | undefined;
  readonly symbol?: string | undefined;
}

/** The code of the three plain symbols. What other symbols stand for is CDF's to know. */
export function codeOfSymbol(symbol: string | undefined): number | undefined {
  if (symbol === 'Good') return 0;
  if (symbol === 'Uncertain') return 0x40000000;
  return symbol === 'Bad' ? 0x80000000 : undefined;
}

/** Whether the two top bits of a status code say bad. */
export function isBad(code: number): boolean {
  return code >>> 30 >= 2;
}
