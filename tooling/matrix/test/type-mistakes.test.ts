import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { MISTAKES, moduleOfMistakes, unsaid } from '../type-mistakes.mjs';

interface Mistake {
  readonly mistake: string;
  readonly code: string;
  readonly says: readonly (string | RegExp)[];
}
const mistakes: readonly Mistake[] = MISTAKES;
const lines: readonly string[] = moduleOfMistakes().split('\n');

/** The output of a compiler that explains every mistake, except where it is told otherwise. */
function output(told: (each: Mistake) => string | undefined): string {
  return mistakes
    .map((each) => {
      const text = told(each);
      return text === undefined
        ? ''
        : `mistakes.ts:${lines.indexOf(each.code) + 1}:5 - error TS1: ${text}\n  more\n`;
    })
    .join('');
}
const all = ({ says }: Mistake): string =>
  says.map((words) => (typeof words === 'string' ? words : words.source.split('|')[0])).join(' ');

describe('the mistakes that compilers tell of', () => {
  it('are told of where each is said in its words', () => {
    expect(unsaid(output(all), 'mistakes.ts')).toEqual([]);
    expect(mistakes.length).toBeGreaterThanOrEqual(20);
    expect(new Set(mistakes.map(({ code }) => code)).size).toBe(mistakes.length);
  });

  it('are not told of where one compiles', () => {
    const missing = unsaid(
      output((each) => (each.mistake === 'an id in quotes' ? undefined : all(each))),
      'mistakes.ts',
    );
    expect(missing).toEqual([expect.stringMatching(/^an id in quotes: .*it compiles/s)]);
  });

  it('are not told of where one is said in other words', () => {
    const missing = unsaid(
      output((each) =>
        each.mistake === 'a granularity in words' ? 'No overload matches this call.' : all(each),
      ),
      'mistakes.ts',
    );
    expect(missing).toEqual([
      expect.stringContaining('a granularity in words: no "Type \'"1hour"\''),
    ]);
  });
});
