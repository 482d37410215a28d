import process from 'node:process';

/** The output of the walk: a heading per section, a line per fact. */

const LABEL = 34;

export function heading(text: string): void {
  console.log(`\n${text}\n${'─'.repeat(text.length)}`);
}

export function fact(label: string, value: string | number): void {
  const [first = '', ...rest] = wrapped(typeof value === 'number' ? count(value) : value);
  console.log(`  ${label.padEnd(LABEL)} ${first}`);
  for (const part of rest) console.log(`  ${''.padEnd(LABEL)} ${part}`);
}

/** Between words, so that a long message stays in its column. */
function wrapped(text: string): string[] {
  const width = Math.max(40, (process.stdout.columns ?? 120) - LABEL - 4);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export function line(text: string): void {
  console.log(`  ${text}`);
}

/** A number for people: 67,905. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
