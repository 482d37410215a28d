const WORD = /[\p{L}\p{N}\p{M}_]/u;
const LETTER = /\p{L}/u;
const DIGIT = /\p{N}/u;

/** The words of a string, in lower case. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const characters = [...text.toLowerCase()];
  let token = '';
  for (const [index, character] of characters.entries()) {
    if (
      WORD.test(character) ||
      (token !== '' && joins(characters[index - 1], character, characters[index + 1]))
    ) {
      token += character;
      continue;
    }
    if (token !== '') tokens.push(token);
    token = '';
  }
  if (token !== '') tokens.push(token);
  return tokens;
}

/** True if a mark stands inside of a word or a number. */
function joins(before: string | undefined, mark: string, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  const letters = LETTER.test(before) && LETTER.test(after);
  const digits = DIGIT.test(before) && DIGIT.test(after);
  switch (mark) {
    case '.':
    case "'":
      return letters || digits;
    case ':':
      return letters;
    case ',':
      return digits;
    default:
      return false;
  }
}

/**
 * How well strings fit a search: the words that they have, and whether one string has them in a
 * row.
 */
export interface Match {
  readonly words: number;
  readonly isPhrase: boolean;
}

/** Matches strings with a search: each word whole, the last one also as the beginning of one. */
export function matcher(
  query: string,
  operator: 'AND' | 'OR',
): (texts: readonly string[]) => Match | undefined {
  const words = tokensOf(query);
  const last = words.length - 1;
  const fits = (index: number, token: string | undefined): boolean =>
    token !== undefined &&
    (index === last ? token.startsWith(words[index] as string) : token === words[index]);
  return (texts) => {
    const tokens = texts.map(tokensOf);
    const found = words.filter((_, index) =>
      tokens.some((own) => own.some((token) => fits(index, token))),
    ).length;
    if (found === 0 || (operator === 'AND' && found < words.length)) return undefined;
    const isPhrase = tokens.some((own) =>
      own.some((_, start) => words.every((__, index) => fits(index, own[start + index]))),
    );
    return { words: found, isPhrase };
  };
}
