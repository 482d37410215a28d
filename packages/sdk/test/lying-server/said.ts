import { canonical } from './canonical.js';

/** An answer of the liar, as far as it is known. */
export interface Spoken {
  readonly body: unknown;
}

type Leaves = ReadonlySet<string>;

/** A point without a value, and an answer without a subject. */
const UNSPOKEN: Leaves = new Set([0, null, '', true, false, undefined, 'emulator'].map(canonical));
const LISTS = ['updates', 'projects', 'items'];

/**
 * Compares a result with the answers that it was made of. Each object of the result has to come from one item or point of an answer, and
 * each item and point of the answers to the requests in question has to be in the result.
 *
 * @param about the answers of which nothing may be lost
 * @param all these, and others that the result may have been made of
 * @returns problems
 */
export function unsaid(value: unknown, about: readonly Spoken[], all: readonly Spoken[]): string[] {
  const results = unitsOfResult(JSON.parse(canonical(value)));
  const sources = all.flatMap(({ body }) => unitsOfAnswer(body));
  const wrongs: string[] = [];
  const glued = results.find(({ leaves }) => !sources.some((source) => isWithin(leaves, source.leaves)));
  if (glued !== undefined) wrongs.push(`gives what was not said: ${glued.text}`);
  const lost = about
    .flatMap(({ body }) => unitsOfAnswer(body))
    .find((source) => !results.some(({ leaves }) => isWithin(leaves, source.leaves) && isLike(leaves, source.leaves)));
  if (lost !== undefined) wrongs.push(`has lost what was said: ${lost.text}`);
  return wrongs;
}

interface Unit {
  readonly text: string;
  readonly leaves: Leaves;
}

/**
 * The same for a result that is the whole of an answer.
 *
 * @param isPart whether the result may have less than the answer
 */
export function unsaidWhole(value: unknown, all: readonly Spoken[], isPart: boolean): string[] {
  const leaves = leavesOf(JSON.parse(canonical(value)));
  const isSaid = all.some(({ body }) => {
    const source = leavesOf(body);
    return isWithin(leaves, source) && (isPart || isWithin(source, leaves));
  });
  return isSaid ? [] : [`gives another answer than was said: ${canonical(value).slice(0, 200)}`];
}

/** The objects and values in the arrays of a result. */
function unitsOfResult(part: unknown): Unit[] {
  if (Array.isArray(part)) return part.flatMap(unitsOfResult);
  // An item that there is not.
  if (part === null) return [];
  return [{ text: canonical(part).slice(0, 200), leaves: leavesOf(part) }];
}

/** The items of an answer; points where the items have some. */
function unitsOfAnswer(body: unknown): Unit[] {
  const list = LISTS.map((name) => (body as Record<string, unknown> | null)?.[name]).find(Array.isArray);
  if (list === undefined) return body === undefined ? [] : unitsOfResult(body);
  return list.flatMap((item): Unit[] => {
    const { datapoints, upserts, ...rest } = (item ?? {}) as Record<string, unknown>;
    const points = datapoints ?? upserts;
    if (!Array.isArray(points)) return unitsOfResult(item);
    const series = leavesOf(rest);
    return points.map((point) => ({
      text: canonical(point).slice(0, 200),
      leaves: new Set([...series, ...leavesOf(point)]),
    }));
  });
}

/** The values of an object at any depth. */
function leavesOf(part: unknown, found = new Set<string>()): Set<string> {
  if (typeof part === 'object' && part !== null) for (const each of Object.values(part)) leavesOf(each, found);
  else found.add(canonical(part));
  return found;
}

function isWithin(leaves: Leaves, source: Leaves): boolean {
  return [...leaves].every((leaf) => source.has(leaf) || UNSPOKEN.has(leaf) || hasPath(source, leaf));
}

/** A leaf that is a path stands for a URL that has it: links differ each time in their last segment. */
function hasPath(source: Leaves, leaf: string): boolean {
  return leaf.startsWith('"/') && [...source].some((each) => each.includes(leaf.slice(1, -1)));
}

/** An empty object stands for empty ones alone. */
function isLike(leaves: Leaves, source: Leaves): boolean {
  return leaves.size > 0 || source.size === 0;
}
