// Strings from the server never leave a string or a comment.

export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A string as TypeScript has it, on one line. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${escaped.replace(/[\u2028\u2029\p{Cf}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`)}'`;
}

export function literal(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([name, member]) => `${memberName(name)}: ${literal(member)}`).join(', ')} }`;
}

/** A literal takes `__proto__` for the prototype, in quotation marks too, but not in brackets. */
function memberName(name: string): string {
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** A string of the server as a comment, which it cannot end. */
export function comment(text: string | undefined, indent = ''): string {
  if (text === undefined || text.trim() === '') return '';
  const line = text
    .replace(/\*\//g, '* /')
    // Compilers obey it: `@ts-expect-error` at the beginning is an error by itself.
    .replace(/@(?=ts-)/g, '@ ')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return `${indent}/** ${line} */\n`;
}

/** A comment that the end of the line ends, and nothing before. */
export function lineComment(text: string): string {
  return `// ${text.replace(/@(?=ts-)/g, '@ ').replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')}`;
}
