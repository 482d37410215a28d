/**
 * Control and format characters, line ends, halves of characters: they act on a terminal or hide
 * text from a reader.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside on one line of a terminal: characters that would act are shown as their codes.
 */
export function printable(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Text from outside in quotes, for messages. A server may send anything in place of a string. */
export function quoted(text: string): string {
  return printable(String(JSON.stringify(text)));
}

/** Text from outside on one line, for messages: characters that would act become spaces. */
export function inert(text: string): string {
  return text.replace(ACTIVE, ' ');
}

/** An argument of the wrong kind, for messages: `the string "a"`, `Object { name }`. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `the string ${quoted(value.slice(0, 60))}`;
  if (Array.isArray(value)) return 'an array';
  if (Object(value) !== value) return String(value);
  const members = Object.keys(value as object).slice(0, 5);
  return printable(`${value?.constructor?.name} { ${members} }`);
}
