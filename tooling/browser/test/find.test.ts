import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { findChromium } from '../find.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('Chromium', () => {
  it('is where CHROMIUM says, or the first that is installed', () => {
    const installed =
      (...places: string[]) =>
      (place: string) =>
        places.includes(place);
    expect(findChromium('/my/own', installed('/my/own', '/usr/bin/chromium'))).toBe('/my/own');
    expect(findChromium('/is/not', installed('/usr/bin/google-chrome', '/usr/bin/chromium'))).toBe(
      '/usr/bin/chromium',
    );
    expect(findChromium(undefined, installed())).toBeUndefined();
  });

  it('is looked for in one place', () => {
    const found = execFileSync(
      'git',
      ['grep', '-l', '/usr/bin/google-chrome', '--', '*.ts', '*.mjs'],
      { cwd: ROOT },
    );
    expect(found.toString().trim().split('\n')).toEqual([
      'tooling/browser/find.mjs',
      'tooling/browser/test/find.test.ts',
    ]);
  });
});
