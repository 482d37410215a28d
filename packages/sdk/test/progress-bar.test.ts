import { type ProgressStream, progressBar } from '@cdf/sdk/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/**
 * A terminal of 70 columns that keeps its text, line by line: it knows the few escapes that bars
 * are drawn with.
 */
class Terminal implements ProgressStream {
  readonly isTTY: boolean = true;
  readonly columns: number = 70;
  bytesWritten = 0;
  writes = 0;
  #lines = [''];
  #row = 0;
  #column = 0;

  write(text: string): boolean {
    this.bytesWritten += text.length;
    this.writes++;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal reads.
    for (const [part] of text.matchAll(/\u001b\[(?:\?2026[hl]|\d*[A-Z])|\n|[^\u001b\n]+/g))
      this.#take(part);
    return true;
  }

  get screen(): string[] {
    const lines = this.#lines.map((line) => line.trimEnd());
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  #take(part: string): void {
    const count = Number(/\d+/.exec(part)?.[0] ?? 1);
    if (part === '\n') {
      this.#row++;
      this.#column = 0;
      this.#lines[this.#row] ??= '';
    } else if (part.endsWith('A') && part.startsWith('\u001b'))
      this.#row = Math.max(0, this.#row - count);
    else if (part.endsWith('B') && part.startsWith('\u001b')) this.#row += count;
    else if (part.endsWith('G') && part.startsWith('\u001b')) this.#column = 0;
    else if (part.startsWith('\u001b[2K')) this.#lines[this.#row] = '';
    else if (part.startsWith('\u001b[K'))
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    else if (!part.startsWith('\u001b')) {
      const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
      this.#lines[this.#row] =
        line.slice(0, this.#column) + part + line.slice(this.#column + part.length);
      this.#column += part.length;
    }
  }
}

const loaded = (): Promise<unknown> => vi.dynamicImportSettled();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.stubEnv('CI', '');
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});
const pass = (ms: number): void => {
  vi.setSystemTime(Date.now() + ms);
};

/** As a pseudo terminal is, to which nobody has told its size. */
class Sizeless extends Terminal {
  override readonly columns = 0;
  readonly rows = 0;
}

describe('a progress bar', () => {
  it('takes a terminal of 0 columns for one of 80', async () => {
    const stream = new Sizeless();
    const bar = progressBar('reading', { stream, unit: 'points' });
    bar(30, 100);
    await loaded();
    expect(stream.screen).toEqual([expect.stringMatching(/^reading ━+─+ 30 %, 30 of 100 points/)]);
    bar(100, 100);
    expect(stream.screen).toEqual(['reading 100 points in 0.0 s']);
  });

  it('shows how much of a total is done, the time left, and in the end how long it took', async () => {
    const stream = new Terminal();
    const report = progressBar('writing', { unit: 'points', stream });
    report(0, 500_000);
    await loaded();
    expect(stream.screen).toEqual(['writing ──────────────────────── 0 %, 0 of 500,000 points']);
    pass(3000);
    report(200_000, 500_000);
    expect(stream.screen).toEqual([
      'writing ━━━━━━━━━─────────────── 40 %, 200,000 of 500,000 points, 4.5',
    ]);
    pass(4500);
    report(500_000, 500_000);
    expect(stream.screen).toEqual(['writing 500,000 points in 7.5 s']);
  });

  it('counts where the total is unknown, and ends when it is', async () => {
    const stream = new Terminal();
    const report = progressBar('reading', { stream });
    report(100_000, undefined);
    await loaded();
    expect(stream.screen).toEqual(['reading 100,000']);
    pass(2000);
    report(200_000, undefined);
    expect(stream.screen).toEqual(['reading 200,000, 100,000/s']);
    report(230_000, 230_000);
    expect(stream.screen).toEqual(['reading 230,000 in 2.0 s']);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [5_300_000, '5.3 MB'],
    [7e12, '7000.0 GB'],
  ])('writes bytes as people do: %d', async (bytes, text) => {
    const stream = new Terminal();
    progressBar('upload', { unit: 'bytes', stream })(bytes, bytes);
    await loaded();
    expect(stream.screen).toEqual([`upload ${text} in 0.0 s`]);
  });

  it('stands below those of other calls, and above them when it ends', async () => {
    const stream = new Terminal();
    const [one, two, three] = ['one', 'two', 'three'].map((label) =>
      progressBar(label, { stream }),
    );
    one?.(1, undefined);
    two?.(2, undefined);
    three?.(3, undefined);
    await loaded();
    expect(stream.screen).toEqual(['one 1', 'two 2', 'three 3']);
    pass(500);
    two?.(5, 5);
    expect(stream.screen).toEqual(['two 5 in 0.5 s', 'one 1', 'three 3']);
    pass(100);
    three?.(7, undefined);
    expect(stream.screen).toEqual(['two 5 in 0.5 s', 'one 1', 'three 7']);
    one?.stop();
    expect(stream.screen).toEqual(['two 5 in 0.5 s', 'three 7']);
    three?.(8, 8);
    expect(stream.screen).toEqual(['two 5 in 0.5 s', 'three 8 in 0.6 s']);
  });

  it('erases nothing that the program prints, and does not come back after work that failed', async () => {
    const stream = new Terminal();
    const failing = progressBar('failing', { stream });
    const going = progressBar('going', { stream });
    failing(1, 10);
    going(1, undefined);
    await loaded();
    const before = stream.screen;
    stream.write('Error: 403 Forbidden\n');
    pass(100);
    going(2, undefined);
    expect(stream.screen).toEqual([...before, 'Error: 403 Forbidden', 'going 2']);
    stream.write('retrying\n');
    going(3, 3);
    expect(stream.screen).toEqual([
      ...before,
      'Error: 403 Forbidden',
      'going 2',
      'retrying',
      'going 3 in 0.1 s',
    ]);
  });

  it('is drawn at most 17 times a second, however often it is called', async () => {
    const stream = new Terminal();
    const report = progressBar('rows', { stream });
    report(0, 1e6);
    await loaded();
    for (let done = 1; done < 100_000; done++) report(done, 1e6);
    expect(stream.writes).toBe(1);
  });

  it.each([
    ['that is a file', { isTTY: false }, {}],
    ['of a continuous integration', {}, { CI: 'true' }],
    ['that is dumb', {}, { TERM: 'dumb' }],
  ])('writes nothing to a stream %s', async (_, own, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const stream = Object.assign(new Terminal(), own);
    const report = progressBar('reading', { stream });
    report(1, 2);
    report(2, 2);
    report.stop();
    await loaded();
    expect(stream.writes).toBe(0);
  });

  it('has one line, whatever its label and its numbers are', async () => {
    const stream = new Terminal();
    const bars = ['\u001b[2Jclear\nthe screen', '鉛直'.repeat(60)].map((label) =>
      progressBar(label, { stream }),
    );
    for (const [done, total] of [
      [5, 0],
      [-1, 3],
      [Number.NaN, 3],
      [4, Number.NaN],
      [1, Infinity],
    ] as const)
      for (const bar of bars) bar(done, total);
    await loaded();
    expect(stream.screen.join('\n')).not.toContain('undefined');
    expect(stream.screen.join('\n')).not.toContain('\u001b');
    expect(stream.screen[0]).toMatch(/^\[2Jclear the screen 5 in/);
  });

  it('may be used again', async () => {
    const stream = new Terminal();
    const report = progressBar('again', { stream });
    report(2, 2);
    pass(1000);
    report(3, 3);
    await loaded();
    expect(stream.screen).toEqual(['again 2 in 0.0 s', 'again 3 in 1.0 s']);
  });
});
