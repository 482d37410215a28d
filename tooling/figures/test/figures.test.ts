import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { withFigures } from '../figures.mjs';

const MEASURED = [
  ['datapoints-one', 5_000_000],
  ['datapoints-aggregates', 1_000_000],
  ['datapoints-latest', 1000],
  ['datapoints-insert', 1_000_000],
  ['assets-list-latency', 200_000],
  ['assets-create', 100_000],
].flatMap(([scenario, size]) =>
  ['ours', 'floor', '@cognite/sdk'].map((contender) => ({
    scenario,
    size,
    contender,
    medianMs: 1234,
    peakMb: 1500.4,
  })),
);
const README =
  '<!-- sizes -->\n| a static chart | 8.8 kB | 9.9 kB | 8.0 kB | has none |\n<!-- /sizes -->\n';

describe('figures', () => {
  it('are the measured ones in every document', () => {
    const script = fileURLToPath(new URL('../run.mjs', import.meta.url));
    expect(() => execFileSync(process.execPath, [script], { stdio: 'pipe' })).not.toThrow();
  });

  it('are put into their places, whatever was there', () => {
    const document =
      'It loads <!-- size: a static chart -->1 kB<!-- /size -->.\n<!-- speed -->\nold\n<!-- /speed -->\n';
    const right = withFigures(document, { measurements: MEASURED }, README);
    expect(right).toContain('It loads <!-- size: a static chart -->8.8 kB<!-- /size -->.');
    expect(right).toContain(
      '| read 5,000,000 raw points of one series | 1.2 s, 1,500 MB | 1.2 s, 1,500 MB | 1.2 s, 1,500 MB |',
    );
    expect(right).not.toContain('old');
    expect(withFigures(right, { measurements: MEASURED }, README)).toBe(right);
  });

  it('that were not measured are errors', () => {
    expect(() =>
      withFigures('<!-- size: nothing --><!-- /size -->', { measurements: MEASURED }, README),
    ).toThrow('the README has no size of "nothing"');
    expect(() =>
      withFigures('<!-- speed -->\n<!-- /speed -->', { measurements: [] }, README),
    ).toThrow('datapoints-one of 5000000 was not measured for ours');
  });
});
