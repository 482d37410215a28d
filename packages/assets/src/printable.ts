/** Control and format characters, line ends, halves of characters: what acts on a terminal or hides text from a reader. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from outside on one line of a terminal: what would act is shown as its code. */
export function printable(text: string): string {
  return text.replace(ACTIVE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** Text from outside in HTML, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
