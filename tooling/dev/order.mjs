import { basename } from 'node:path';

/** A test that takes longer waits for the second round. */
const SLOW_MS = 250;
/** What the first round may take of two cores. */
const BUDGET_MS = 1000;
/** A file that takes longer before its first test waits for the second round, however near it is. */
const LONG_LOAD_MS = 5000;
/** What a file takes at least, with what the round has loaded already. */
const FILE_MS = 150;
/** So far away is what another package tests. */
const OTHER_PACKAGE = 4;

/**
 * @typedef {object} Times what a test file took when it last ran, in milliseconds
 * @property {number} load what it imports and prepares
 * @property {Record<string, number>} tests by full name
 */

/**
 * What to run for a change, and in which order: first what is nearest and quick, as much as fits into about a second.
 *
 * @param {string[]} changed files
 * @param {Map<string, Map<string, number>>} distances of each test file to what it runs
 * @param {(test: string) => Times | undefined} timesOf
 * @returns {{ first: { file: string, without: string[] }[], rest: string[] }} `without` names tests of the file that are too slow;
 *   a file that has some is also in the rest
 */
export function order(changed, distances, timesOf) {
  const affected = [...distances].flatMap(([file, reached]) => {
    const far = changed.map((path) => (reached.has(path) ? farOf(file, path, reached.get(path)) : Infinity));
    const nearest = Math.min(...far);
    return nearest === Infinity ? [] : [{ file, nearest, ...quickPart(timesOf(file)) }];
  });
  affected.sort((left, right) => left.nearest - right.nearest || left.ms - right.ms);
  const first = [];
  let budget = BUDGET_MS;
  const packages = new Set(changed.map(packageOf));
  for (const { file, without, ms, isSlow } of affected) {
    // What other packages test is only quick to tell where the own one tests nothing.
    if (isSlow || (first.length > 0 && (ms > budget || !packages.has(packageOf(file))))) continue;
    budget -= ms;
    first.push({ file, without });
  }
  const whole = new Set(first.filter(({ without }) => without.length === 0).map(({ file }) => file));
  return { first, rest: affected.map(({ file }) => file).filter((file) => !whole.has(file)) };
}

/** A test is the nearest to what its name says: `hierarchy-plan.test.ts` to `hierarchy/plan.ts`. */
function farOf(test, path, distance) {
  if (test === path) return -Infinity;
  if (packageOf(test) !== packageOf(path)) return distance + OTHER_PACKAGE;
  const words = wordsOf(basename(test).replace(/\.test\.ts$/, ''));
  const said = new Set(wordsOf(path.replace(/\.\w+$/, '')));
  return words.every((word) => said.has(word)) ? -words.length : distance;
}

function wordsOf(path) {
  return path.split(/[/\\-]/);
}

function packageOf(path) {
  return /^.*?\/(?:packages|apps|tooling)\/[^/]+/.exec(path)?.[0];
}

function quickPart(times) {
  if (times === undefined) return { without: [], ms: BUDGET_MS, isSlow: false };
  const tests = Object.entries(times.tests);
  const without = tests.filter(([, ms]) => ms > SLOW_MS).map(([name]) => name);
  const quick = tests.reduce((sum, [, ms]) => sum + (ms > SLOW_MS ? 0 : ms), 0);
  return {
    without,
    ms: Math.max(times.load, FILE_MS) + quick,
    isSlow: without.length === tests.length || times.load > LONG_LOAD_MS,
  };
}

/** Matches the full names of all tests but these, so that a new test is run. @returns {RegExp | undefined} */
export function allBut(names) {
  if (names.length === 0) return undefined;
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?!(?:${escaped.join('|')})$)`);
}
