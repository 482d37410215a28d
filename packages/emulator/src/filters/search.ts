/**
 * How well a string answers a query: the sum over its terms of 3 for a word, 2 for the start of
 * one, 1 for a part.
 */
export function matchesText(text: unknown, query: string): number {
  if (typeof text !== 'string') return 0;
  const words = wordsOf(text);
  const whole = text.toLowerCase();
  let score = 0;
  for (const term of wordsOf(query)) {
    if (words.includes(term)) score += 3;
    else if (words.some((word) => word.startsWith(term))) score += 2;
    else if (whole.includes(term)) score += 1;
  }
  return score;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
