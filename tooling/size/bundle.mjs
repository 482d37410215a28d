import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { build, defaultClientConditions } from 'vite';

const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>story</title></head>
  <body><main></main><script type="module" src="/main.js"></script></body>
</html>
`;
/**
 * `story` is the visitor's (visit.mjs): this line is the only one that a story weighs more than its
 * code.
 */
const MAIN = `import { run } from './story.js';
story(() => run(document.querySelector('main')));
`;

/**
 * A story built as an application is: a project with an index.html, a module script and installed
 * packages, by Vite with its default production settings. Every script of the output counts: the
 * application's own lines, its packages, and what Vite adds (the polyfill of module preload, and
 * the helper that loads lazy imports with their own imports).
 *
 * @param {string} source the story's module, which exports `run(element)`
 * @param {string} installed a folder with the `node_modules` of the project
 * @param {string[]} conditions further export conditions, such as the one that names sources
 * @returns {Promise<Bundle>}
 */
export async function bundle(source, installed, conditions = []) {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'story-')));
  try {
    await writeProject(project, source, installed);
    const built = await build({
      root: project,
      logLevel: 'error',
      // Setting conditions replaces the default ones: they are named only for the sources.
      ...(conditions.length > 0 && {
        resolve: { conditions: [...conditions, ...defaultClientConditions] },
      }),
      build: { write: false },
    });
    const page = built.output.find(({ fileName }) => fileName === 'index.html');
    return { page: String(page.source), scripts: scriptsOf(built) };
  } finally {
    await rm(project, { recursive: true });
  }
}

/**
 * The same story by Vite's bundler alone: without what Vite adds, which is in an application once,
 * whatever it loads lazily. It is what our code costs one that has it already, or that has another
 * bundler.
 *
 * @param {string} source
 * @param {string} installed
 * @param {string[]} conditions
 * @returns {Promise<Bundle>}
 */
export async function bundleAlone(source, installed, conditions = []) {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'story-')));
  try {
    await writeProject(project, source, installed);
    const bundler = await rolldown({
      input: join(project, 'main.js'),
      platform: 'browser',
      logLevel: 'silent',
      resolve: { conditionNames: [...conditions, 'browser', 'module', 'import', 'default'] },
    });
    const built = await bundler.generate({ format: 'esm', minify: true });
    await bundler.close();
    return { page: PAGE, scripts: scriptsOf(built) };
  } finally {
    await rm(project, { recursive: true });
  }
}

function scriptsOf({ output }) {
  return output
    .filter(({ fileName }) => fileName.endsWith('.js'))
    .map(({ fileName, code }) => ({
      name: fileName,
      text: code,
      size: gzipSync(code, { level: 9 }).length,
    }));
}

async function writeProject(project, source, installed) {
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'story', private: true, type: 'module' }),
  );
  await writeFile(join(project, 'index.html'), PAGE);
  await writeFile(join(project, 'main.js'), MAIN);
  await writeFile(join(project, 'story.js'), source);
  // On Windows a junction needs no special right; elsewhere the type is ignored.
  await symlink(join(installed, 'node_modules'), join(project, 'node_modules'), 'junction');
}

/** @param {{ size: number }[]} scripts */
export function sizeOf(scripts) {
  return scripts.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Problems of a story, in words. The limit is for the first load, the forbidden names are for every
 * script.
 *
 * @param {{ name: string, limit: number, absent: string[] }} story
 * @param {Bundle} bundled
 * @param {{ size: number }[]} first the scripts that the browser fetched until the story was done
 */
export function faults({ name, limit, absent }, { scripts }, first) {
  const size = sizeOf(first);
  const found = absent
    .filter((word) => scripts.some(({ text }) => text.includes(word)))
    .map((word) => `${name}: "${word}" is in the bundle`);
  return size > limit
    ? [`${name}: ${size} bytes on first load, ${limit} allowed`, ...found]
    : found;
}

/**
 * The limit for a story of this size: the goal once it is met, until then at most 1 % more than
 * now, so that growth is seen.
 *
 * @param {number} goal
 * @param {number} size
 */
export function limitFor(goal, size) {
  return size <= goal ? goal : Math.max(size, Math.floor((size * 1.01) / 50) * 50);
}

/** @typedef {{ name: string, text: string, size: number }} Script */
/** @typedef {{ page: string, scripts: Script[] }} Bundle */
