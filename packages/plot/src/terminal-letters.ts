/** The letter of a series or a state, where colours do not tell them apart. */
export function letterOf(index: number): string {
  return String.fromCodePoint(65 + (index % 26));
}
