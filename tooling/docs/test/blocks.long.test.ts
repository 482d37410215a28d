import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser } from '../../browser/launch.mjs';
// @ts-expect-error a plain script without declarations
import { blocksOf } from '../blocks.mjs';
// @ts-expect-error a plain script without declarations
import { documents } from '../blocks-of-documents.mjs';
// @ts-expect-error a plain script without declarations
import { checkBlocks } from '../check-blocks.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** All documents take a minute: `npm run docs:blocks` checks them, and the long suite. */
const isLong = process.env.CDF_TEST_LONG === '1';

/** A Markdown file with one block. */
function page(info: string, ...lines: string[]): string {
  return ['# Page', '', `\`\`\`${info}`, ...lines, '```', ''].join('\n');
}

/** Faults that must be noticed, each beside correct code. */
const PLANTED: Readonly<Record<string, string>> = {
  'type.md': page(
    'ts',
    'const list = await client.assets.list();',
    "const name: number = list[0]?.name ?? '';",
  ),
  'throws.md': page('ts run', 'await client.assets.retrieveMultiple([{ id: 1 }]);'),
  'prints.md': page('ts run', 'console.log(1 + 1); // → 3'),
  'silent.md': page('ts run', 'if (Number.isNaN(1)) console.log(1); // → 1'),
  'later.md': page('ts run', 'for (const turn of [1, 2])', '  console.log(turn); // → 1'),
  'right.md': page(
    'ts run',
    'console.log(',
    '  await client.assets.aggregate.count(),',
    '); // → 6',
  ),
  'imports.md': `${page('ts', "import { AssetsApi } from '@cdf/assets';")}${page('ts', 'new AssetsApi(transport);')}`,
  'others.md': page('ts', 'new AssetsApi(transport);'),
  'page.md': page('ts browser', "document.querySelector<HTMLElement>('#none')!.click();"),
  'blank.md': page('ts browser', 'const chart = { mount: () => 0 };', 'chart.mount();'),
  'fails.md': page(
    'ts test',
    "import { expect, it } from 'vitest';",
    "it('adds', () => expect(1 + 1).toBe(3));",
  ),
};

describe('the blocks of the guides and READMEs', () => {
  let result: { checked: number; ran: number; problems: string[] };
  const isPlanted = (problem: string): boolean =>
    Object.keys(PLANTED).some((name) => problem.startsWith(`${name}:`));

  // One compiler and one emulator for all of them: that is what takes the time.
  beforeAll(async () => {
    const planted = Object.keys(PLANTED).map((name) => join(ROOT, name));
    const readme = join(ROOT, 'packages/core/README.md');
    result = await checkBlocks(
      [...(isLong ? documents() : [readme]), ...planted],
      (file: string) =>
        planted.includes(file) ? PLANTED[file.slice(ROOT.length + 1)] : readFileSync(file, 'utf8'),
      hasBrowser,
    );
  }, 600_000);

  it('have no type error, run against the emulator, and print what they say', () => {
    expect(result.problems.filter((problem) => !isPlanted(problem))).toEqual([]);
    expect(result.ran).toBeGreaterThan(isLong ? 80 : 8);
    expect(result.checked).toBeGreaterThan(result.ran);
  });

  it('are refused when they are broken, each by its file and line', () => {
    const found = result.problems.filter(isPlanted).map((problem) => problem.split('\n')[0]);
    expect(found).toEqual([
      "type.md:5: TS2322: Type 'string' is not assignable to type 'number'.",
      "others.md:4: TS2304: Cannot find name 'AssetsApi'.",
      expect.stringMatching(/^throws\.md:4: NotFoundError: /),
      'prints.md:4: prints 2',
      'silent.md:4: prints nothing',
      'later.md:5: prints 2',
      ...(hasBrowser
        ? [expect.stringMatching(/^page\.md:4: .*null/), 'blank.md:4: #chart has no chart in it']
        : []),
      expect.stringMatching(/^fails\.md:4: expected 2 to be 3/),
    ]);
  });

  it('are found with their line, and indented ones without their indentation', () => {
    const text = [
      '- item',
      '',
      '  ```ts run',
      '  first();',
      '    second();',
      '  ```',
      '',
      '```sh',
      'ls',
      '```',
    ].join('\n');
    expect(blocksOf('a.md', text)).toEqual([
      { file: 'a.md', line: 4, runs: 'run', code: 'first();\n  second();' },
    ]);
  });

  it('must be closed, be called ts, and say nothing else than where they run', () => {
    expect(() => blocksOf('a.md', '```ts\nlet a;\n')).toThrow('a.md:1: the block is not closed');
    expect(() => blocksOf('a.md', page('typescript', 'let a;'))).toThrow('a.md:3: write "ts"');
    expect(() => blocksOf('a.md', page('js', 'let a;'))).toThrow('a.md:3: write "ts"');
    expect(blocksOf('a.md', page('js tested', 'let a;'))).toEqual([]);
    expect(() => blocksOf('a.md', page('ts skip', 'let a;'))).toThrow(
      'a.md:3: "ts skip" means nothing',
    );
  });
});
