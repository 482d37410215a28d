import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './blocks.mjs';
import { typeErrors } from './check-types.mjs';
import { exportedNames, writeModules } from './modules.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCS = join(ROOT, 'apps/docs');
/**
 * The program that runs the blocks with each mark. Takes a list of modules, and ends with a JSON
 * array of problems.
 */
const PROGRAMS = {
  run: 'src/run-blocks.ts',
  browser: 'src/run-in-browser.ts',
  test: 'src/run-tests.ts',
};

/**
 * Checks the types of all blocks of some Markdown files, and runs those that ask for it, each
 * against an emulator that has just been set back to its seed: all of Node in one process, all of
 * Chromium in another, all tests in a third.
 *
 * @param {readonly string[]} files paths of Markdown files
 * @param {(file: string) => string} [read] gives their text
 * @param {boolean} [browser] whether there is a Chromium to run the blocks for browsers
 * @returns {Promise<{ checked: number, ran: number, problems: string[] }>}
 */
export async function checkBlocks(
  files,
  read = (file) => readFileSync(file, 'utf8'),
  browser = true,
) {
  const blocks = files.flatMap((file) => blocksOf(relative(ROOT, file), read(file)));
  // Inside the workspace, where the preludes and other people's packages are found.
  mkdirSync(join(DOCS, '.turbo'), { recursive: true });
  const folder = mkdtempSync(join(DOCS, '.turbo/blocks-'));
  try {
    linkPackages(folder);
    const [node, web] = [prelude('prelude'), prelude('browser-prelude')];
    const modules = writeModules(blocks, folder, (block) =>
      block.runs === 'browser' ? web : node,
    );
    const problems = typeErrors(modules, join(DOCS, 'tsconfig.json'));
    const runnable = modules.filter(
      ({ block: { runs } }) => runs !== undefined && (runs !== 'browser' || browser),
    );
    const found = await Promise.all(
      Object.entries(PROGRAMS).map(([mark, program]) => {
        const marked = runnable.filter(({ block }) => block.runs === mark);
        return marked.length === 0 ? [] : run(program, marked, join(folder, `${mark}.json`));
      }),
    );
    return {
      checked: blocks.length,
      ran: runnable.length,
      problems: [...problems, ...found.flat()],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Blocks may import every package, as a user does who has installed them all. */
function linkPackages(folder) {
  const scope = join(folder, 'node_modules/@cdf');
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(ROOT, 'packages')))
    symlinkSync(join(ROOT, 'packages', name), join(scope, name), 'junction');
}

function prelude(name) {
  return {
    path: `../../src/${name}.js`,
    names: exportedNames(readFileSync(join(DOCS, `src/${name}.ts`), 'utf8')),
  };
}

function run(program, modules, list) {
  writeFileSync(list, JSON.stringify(modules));
  const words = ['--conditions=@cdf/source', '--import', 'tsx', join(DOCS, program), list];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: DOCS, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
    child.on('error', reject);
    child.on('close', (code) => {
      // The last line is the verdict: a process that ended before it has not run everything.
      const verdict = output.trimEnd().split('\n').at(-1) ?? '';
      if (code !== 0 || !verdict.startsWith('['))
        resolve([
          `the process that runs the blocks ended with ${code}: ${complaints.trim() || output.trim()}`,
        ]);
      else resolve(JSON.parse(verdict));
    });
  });
}
