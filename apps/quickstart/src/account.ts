import process from 'node:process';

/** What the walk prints: a heading per section, a line per fact, progress where it takes a while. */

export function heading(text: string): void {
  console.log(`\n${text}\n${'─'.repeat(text.length)}`);
}

export function fact(label: string, value: string | number): void {
  console.log(`  ${label.padEnd(34)} ${typeof value === 'number' ? count(value) : value}`);
}

export function line(text: string): void {
  console.log(`  ${text}`);
}

/** A number for people: 67,905. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Shows progress on one line of a terminal, and nothing where the output is a file. */
export function progress(label: string): (done: number, total: number) => void {
  return (done, total) => {
    if (!process.stdout.isTTY) return;
    process.stdout.write(
      `\r  ${label.padEnd(34)} ${count(done)} of ${count(total)}${done >= total ? '\r\u001b[2K' : ''}`,
    );
  };
}
