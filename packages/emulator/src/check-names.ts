import { EmulatorError } from './errors.js';

/** How far a name may be from the one that was meant, as a part of its length. */
const LIKENESS = 0.5;

/** Refuses members with unknown names, and says which one was meant. @throws {EmulatorError} */
export function refuseOthers(
  given: object,
  known: object,
  problem: (name: string) => string,
  all: string,
): void {
  const names = Object.keys(known);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const [nearest] = names
      .map((each) => ({ each, far: unlikeness(name, each) }))
      .sort((a, b) => a.far - b.far);
    const hint =
      nearest !== undefined && nearest.far <= LIKENESS
        ? `did you mean ${nearest.each}?`
        : `${all} ${names.join(', ')}`;
    throw new EmulatorError(`${problem(name)}; ${hint}`);
  }
}

/** 0 for names that are the same but for case, 1 for those that share nothing. */
function unlikeness(left: string, right: string): number {
  const [one, other] = [left.toLowerCase(), right.toLowerCase()];
  if (one === other) return 0;
  // `data` for `dataFolder`, as on the command line.
  if (one.length >= 4 && other.includes(one)) return LIKENESS / 2;
  return edits(one, other) / Math.max(one.length, other.length);
}

/** How many letters have to be put in, taken out or changed. */
function edits(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let column = 0; column < right.length; column += 1) {
      const change = (row[column] ?? 0) + (letter === right[column] ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
