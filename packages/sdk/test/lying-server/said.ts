import type { SeenRequest } from '../../../../tooling/lying-server/server.js';
import { canonical } from './canonical.js';

/** An answer of the liar, as far as it is known, and its request. */
export interface Spoken {
  readonly request?: Partial<SeenRequest>;
  readonly body: unknown;
}

/** `name=value` of every value of an object, at any depth. */
type Leaves = ReadonlySet<string>;

const LISTS = ['updates', 'projects', 'items'];
/** Names by which results have what answers call otherwise. */
const RENAMED: Readonly<Record<string, string>> = { average: 'value', values: 'value' };
/**
 * Protobuf does not write a zero or an empty string, an empty bucket has no average, and its count
 * is 0.
 */
const UNSPOKEN: Leaves = new Set([
  ...['value=0', 'value=""', 'value=null', '=0'],
  ...['max=0', 'min=0', 'count=0', 'sum=0'],
]);
/** The names of an item: an item on two pages is in the result once. */
const IDENTITIES = ['id=', 'externalId=', 'space='];
/**
 * Members of an answer itself, of a series beside its points, or of an instance beside its
 * properties.
 */
const BESIDE = ['step', 'instanceType', 'instanceId', 'nextCursor', 'deletedTime'];

/**
 * Compares a result with the answers that it was made of. Each object of the result has to come
 * from one item or point of an answer, as often as it was said at most; and each item and point of
 * the answers to the requests in question has to be in the result, with all that was said of it.
 *
 * @param about the answers that must be complete in the result
 * @param all these, and others that the result may have been made of
 * @param dropped names of values that the result does not have
 * @returns problems
 */
export function unsaid(
  value: unknown,
  about: readonly Spoken[],
  all: readonly Spoken[],
  dropped: readonly string[] = [],
): string[] {
  const results = unitsOfResult(JSON.parse(canonical(value)));
  const spoken = all.map((each) => ({
    request: questionOf(each.request),
    units: unitsOfAnswer(each.body),
  }));
  const wrongs: string[] = [];
  const counts = new Map<string, number>();
  for (const { text } of results) counts.set(text, (counts.get(text) ?? 0) + 1);
  const distinct = new Map(results.map((unit) => [unit.text, unit]));
  for (const [text, unit] of distinct) {
    const most = timesSaid(unit, spoken);
    if (most === 0) wrongs.push(`gives what was not said: ${text.slice(0, 300)}`);
    else if ((counts.get(text) as number) > most)
      wrongs.push(
        `gives ${counts.get(text)} times what was said ${most} times: ${text.slice(0, 300)}`,
      );
  }
  const lost = about
    .flatMap(({ body }) => unitsOfAnswer(body))
    .find(
      (source) => ![...distinct.values()].some(({ leaves }) => stands(leaves, source, dropped)),
    );
  if (lost !== undefined) wrongs.push(`has lost what was said: ${lost.text.slice(0, 300)}`);
  return wrongs.slice(0, 3);
}

interface Unit {
  readonly text: string;
  readonly leaves: Leaves;
  /** The leaves that must be in the result: for a point, without those of its series. */
  readonly own?: Leaves;
}

function questionOf(request: Spoken['request']): string {
  return canonical([request?.path, String(request?.query), request?.json]);
}

/** How often a unit may be in a result. A request that was repeated says the same once. */
function timesSaid(
  unit: Unit,
  spoken: readonly { readonly request: string; readonly units: readonly Unit[] }[],
): number {
  const byRequest = new Map<string, number>();
  for (const { request, units } of spoken) {
    const count = units.filter((source) => isWithin(unit.leaves, source.leaves)).length;
    byRequest.set(request, Math.max(count, byRequest.get(request) ?? 0));
  }
  const times = [...byRequest.values()];
  const isNamed = [...unit.leaves].some((leaf) => IDENTITIES.some((name) => leaf.startsWith(name)));
  return isNamed ? Math.max(0, ...times) : times.reduce((sum, count) => sum + count, 0);
}

/**
 * The same for a result that is the whole of an answer.
 *
 * @param added names of members of the result that the client knows by itself
 * @param dropped names of members of the answer that the result does not have
 */
export function unsaidWhole(
  value: unknown,
  all: readonly Spoken[],
  {
    added = [],
    dropped = [],
  }: {
    readonly added?: readonly string[] | undefined;
    readonly dropped?: readonly string[] | undefined;
  } = {},
): string[] {
  const result = canonical(without(JSON.parse(canonical(value)), added));
  const isSaid = all.some(({ body }) => canonical(without(body ?? null, dropped)) === result);
  return isSaid ? [] : [`gives another answer than was said: ${result.slice(0, 200)}`];
}

function without(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** The objects and values in the arrays of a result. `null` alone is a missing result. */
function unitsOfResult(part: unknown): Unit[] {
  if (part === null) return [];
  return unitsOf(part);
}

function unitsOf(part: unknown): Unit[] {
  if (Array.isArray(part)) return part.flatMap(unitsOf);
  return [{ text: canonical(part), leaves: leavesOf(part) }];
}

/** The items of an answer, of a query those of all steps; points where the items have some. */
function unitsOfAnswer(body: unknown): Unit[] {
  if (body === undefined || body === null) return [];
  const { items } = body as { items?: unknown };
  const list = LISTS.map((name) => (body as Record<string, unknown>)[name]).find(Array.isArray);
  if (list !== undefined) return list.flatMap(unitsOfItem);
  // A new file is answered alone.
  if (typeof items !== 'object' || items === null) return unitsOf(body);
  return Object.entries(items).flatMap(([step, own]) =>
    Array.isArray(own) ? own.flatMap((item) => unitsOf({ ...item, step })) : [],
  );
}

function unitsOfItem(item: unknown): Unit[] {
  const {
    datapoints,
    upserts,
    rest: _,
    list: _1,
    ...series
  } = (item ?? {}) as Record<string, unknown>;
  const points = datapoints ?? upserts;
  if (!Array.isArray(points)) return unitsOf(item);
  const beside = leavesOf(series);
  return points.map((point) => {
    const { rest: others, ...said } = (point ?? {}) as Record<string, unknown>;
    const own = leavesOf(said);
    // Aggregates that the liar does not know by name.
    return {
      text: canonical(said),
      leaves: new Set([...beside, ...own, ...aggregatesOf(others)]),
      own,
    };
  });
}

/** Aggregates of protobuf, by the numbers of their fields. */
const AGGREGATES: Readonly<Record<number, string>> = { 3: 'max', 4: 'min', 5: 'count', 6: 'sum' };

function aggregatesOf(fields: unknown): Leaves {
  const known = ((fields ?? []) as { readonly number: number; readonly value: unknown }[]).map(
    ({ number, value }) => `${AGGREGATES[number] ?? number}=${canonical(value)}`,
  );
  return new Set(known);
}

/** The values of an object at any depth. A list of values has them under its own name. */
function leavesOf(part: unknown, name = '', found = new Set<string>()): Set<string> {
  if (Array.isArray(part)) for (const each of part) leavesOf(each, name, found);
  else if (typeof part === 'object' && part !== null)
    for (const [key, each] of Object.entries(part)) leavesOf(each, key, found);
  else if (part !== undefined) found.add(`${RENAMED[name] ?? name}=${canonical(part)}`);
  return found;
}

function isWithin(leaves: Leaves, source: Leaves): boolean {
  return [...leaves].every(
    (leaf) =>
      source.has(leaf) || UNSPOKEN.has(leaf) || isBare(leaf, source) || hasPath(source, leaf),
  );
}

/** A value without a name, such as a count, may be that of any name. */
function isBare(leaf: string, source: Leaves): boolean {
  return leaf.startsWith('=') && [...source].some((each) => each.endsWith(leaf));
}

/**
 * A leaf that is a path stands for a URL that has it: links differ each time in their last segment.
 */
function hasPath(source: Leaves, leaf: string): boolean {
  const [, path] = /^downloadUrl="(.*)"$/.exec(leaf) ?? [];
  return (
    path !== undefined &&
    [...source].some((each) => each.startsWith('downloadUrl=') && each.includes(path))
  );
}

/**
 * Tells whether a part of a result has all that was said of an item. An empty object stands for
 * empty ones alone.
 */
function stands(
  leaves: Leaves,
  { leaves: all, own = all }: Unit,
  dropped: readonly string[],
): boolean {
  if (!isWithin(leaves, all) || (leaves.size === 0 && all.size > 0)) return false;
  if ([...leaves].every((leaf) => leaf.startsWith('='))) return true;
  return [...own].every((leaf) => {
    const name = leaf.slice(0, leaf.indexOf('='));
    return (
      leaves.has(leaf) ||
      UNSPOKEN.has(leaf) ||
      leaf.endsWith('=null') ||
      BESIDE.includes(name) ||
      dropped.includes(name)
    );
  });
}
