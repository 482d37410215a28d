// Waits for changes. First the nearest quick tests are run and judged; then, until the next change, all others that run what changed.
//   npm run dev [-- <part of a test file's path>...]
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { TestGraph } from './graph.mjs';
import { allBut, order } from './order.mjs';
import { readTimes } from './times.mjs';

const FOLDERS = ['packages', 'apps', 'tooling'];
/** An editor writes a file in several steps. */
const SETTLE_MS = 30;
const TIMES = './tooling/dev/times.mjs';
const PLAIN = './tooling/vitest/plain-reporter.mjs';
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const parts = process.argv.slice(2);
const isWanted = (path) => parts.length === 0 || parts.some((part) => path.includes(part));

/** The process that runs the slower and farther tests. */
let rest;
let changed = new Set();
let changedAt = 0;
let timer;
let isRunning = false;

const vitest = await createVitest('test', {
  root,
  watch: false,
  // The files of one round share what they import, which is most of what a quick one takes.
  isolate: false,
  silent: 'passed-only',
  reporters: ['minimal', TIMES],
});
await vitest.standalone();
const graph = new TestGraph(root, isWanted);
for (const folder of FOLDERS)
  watch(join(root, folder), { recursive: true }, (_event, name) => note(join(root, folder, name)));
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    stopRest();
    process.exit();
  });
console.log(`${graph.distances.size} test files wait for a change.`);
await warmUp();

/** Transforms what the tests import while nobody waits for it: for the first change of a package this is half of the time. */
async function warmUp() {
  const { ssr } = vitest.projects[0].vite.environments;
  const reached = new Set([...graph.distances.values()].flatMap((distances) => [...distances.keys()]));
  for (const path of reached) {
    if (changed.size > 0 || isRunning) return;
    // What is only named in a string need not be code that vitest can read.
    await ssr.transformRequest(path).catch(() => undefined);
  }
}

function note(path) {
  if (!/\.(ts|mjs|js|json|md|css|html)$/.test(path)) return;
  if (/\/(node_modules|dist|etc|site|\.turbo)\//.test(path)) return;
  if (changed.size === 0) changedAt = performance.now();
  changed.add(path);
  stopRest();
  clearTimeout(timer);
  timer = setTimeout(() => void runChanged(), SETTLE_MS);
}

async function runChanged() {
  if (isRunning) {
    // What runs began before the change. Asked once, vitest waits for the test that runs; asked twice, it does not.
    void vitest.cancelCurrentRun('keyboard-input');
    void vitest.cancelCurrentRun('keyboard-input');
    return;
  }
  isRunning = true;
  const paths = [...changed];
  const since = changedAt;
  changed = new Set();
  try {
    for (const path of paths) vitest.invalidateFile(path);
    graph.update(paths);
    const times = readTimes();
    const { first, rest: others } = order(paths, graph.distances, (file) => times[relative(root, file)]);
    const what = shortList(paths.map((path) => relative(root, path)));
    const verdict = await runFirst(first);
    // A change in the meantime is judged by itself, and then this one with it.
    if (changed.size > 0) for (const path of paths) changed.add(path);
    else {
      console.log(`\n${what}: ${verdict} in ${((performance.now() - since) / 1000).toFixed(1)} s`);
      if (others.length > 0) startRest(others);
    }
  } catch (error) {
    // Such as a file that is gone again: the next save finds the rest in place.
    console.error(error);
  } finally {
    isRunning = false;
    if (changed.size > 0) void runChanged();
  }
}

async function runFirst(first) {
  if (first.length === 0) return 'no quick test runs it: 0 passed, 0 failed';
  const [project] = vitest.projects;
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    first.map(({ file, without }) => project.createSpecification(file, { testNamePattern: allBut(without) })),
  );
  const files = new Set(first.map(({ file }) => file));
  const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
  for (const module of testModules.filter(({ moduleId }) => files.has(moduleId))) {
    for (const test of module.children.allTests()) count[test.result().state] += 1;
    // A file that could not be loaded has no tests.
    if (module.state() === 'failed' && module.errors().length > 0) count.failed += 1;
  }
  const names = first.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
  return `${count.passed} passed, ${count.failed} failed (${shortList(names)})`;
}

function shortList(names) {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** Runs whole files in a process of its own, which can be ended at any time. */
function startRest(files) {
  const began = performance.now();
  const names = files.map((file) => relative(root, file));
  const words = ['--silent=passed-only', '--reporter=minimal', `--reporter=${TIMES}`, `--reporter=${PLAIN}`];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...words, ...names], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (chunk) => {
    printed += chunk;
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  rest = child;
  child.on('close', (status) => {
    if (rest !== child) return;
    rest = undefined;
    if (status !== 0) process.stdout.write(printed);
    const lines = printed.trimEnd().split('\n');
    // Not simply the last one: what goes to the two outputs comes in any order.
    const verdict = lines.findLast((line) => /\d+ passed, \d+ failed/.test(line)) ?? lines.at(-1);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`slower and farther tests, ${files.length} files: ${verdict} in ${seconds} s`);
  });
}

function stopRest() {
  const child = rest;
  rest = undefined;
  // With all that its tests have started.
  if (child !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
}
