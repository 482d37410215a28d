/**
 * Control and format characters, line ends, halves of characters: what acts on a terminal or hides
 * text from a reader.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside on one line of a terminal: what would act is shown as its code. */
export function printable(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same in quotes, for messages. A server may have sent anything in place of a string. */
export function quoted(text: string): string {
  return printable(String(JSON.stringify(text)));
}

/** Text from outside on one line, for messages: what would act is a space. */
export function inert(text: string): string {
  return text.replace(ACTIVE, ' ');
}

/** An argument of the wrong kind, for messages: `the string "a"`, `Object { name: string }`. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `the string ${quoted(value.slice(0, 60))}`;
  if (Array.isArray(value)) return 'an array';
  if (Object(value) !== value) return String(value);
  const members = Object.entries(value as object).map(([name, each]) => `${name}: ${typeof each}`);
  return printable(`${value?.constructor?.name} { ${members.slice(0, 5).join(', ')} }`);
}
