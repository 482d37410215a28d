import type { Json } from '../../helpers.js';
import { limitOf } from './body.js';
import { checkFilter } from './filter-check.js';
import { hasData, matches } from './filter-match.js';
import { type Context, type Property, resolve, storedOf } from './properties.js';
import { checkSort, checkUse, instanceTypeOf, shown, sortedBy, typingOf } from './read.js';
import { type Answer, type Instance, isObject, needView, type State, violation } from './state.js';
import { effectiveProperties } from './views.js';

export function searchInstances(state: State, body: Json): Answer {
  const { context, found, score } = hits(state, body);
  const limit = limitOf(body.limit, 1000, 1000);
  const keys = checkSort(context, body.sort);
  const ranked = sortedBy(found, keys);
  if (keys.length === 0) ranked.sort((left, right) => score(right) - score(left));
  const sources = [{ source: body.view }];
  const items = ranked.slice(0, limit).map((instance) => shown(state, instance, sources));
  const typing = body.includeTyping === true ? { typing: typingOf(state, sources) } : {};
  return { status: 200, body: { items, ...typing } };
}

interface Hits {
  readonly context: Context;
  readonly found: Instance[];
  /** How many tokens of the query an instance has. */
  readonly score: (instance: Instance) => number;
}

/** The instances that a search or an aggregate is about. */
export function hits(state: State, body: Json): Hits {
  if (!isObject(body) || !isObject(body.view)) violation('view must not be null');
  const instanceType = instanceTypeOf(body.instanceType);
  const view = needView(state, body.view);
  checkUse(state, body.view, instanceType);
  const context: Context = { state, instanceType, view };
  if (body.operator !== undefined && body.operator !== 'AND' && body.operator !== 'OR')
    violation('operator must be AND or OR');
  const filter = body.filter ?? { matchAll: {} };
  checkFilter(context, filter);
  const properties = searched(context, view, body.properties);
  const tokens = tokensOf(body.query ?? '');
  const score = (instance: Instance): number => {
    const words = properties
      .flatMap((property) => textsOf(storedOf(instance, property)))
      .flatMap(tokensOf);
    return tokens.filter((token, index) =>
      words.some((word) => (index === tokens.length - 1 ? word.startsWith(token) : word === token)),
    ).length;
  };
  const needed = body.operator === 'AND' ? tokens.length : Math.min(1, tokens.length);
  const found = [...state.instances.values()]
    .filter(
      (instance) => instance.instanceType === instanceType && hasData(state, body.view, instance),
    )
    .filter((instance) => matches(context, filter, instance) && score(instance) >= needed);
  return { context, found, score };
}

/** The text properties that are searched. */
function searched(context: Context, view: Json, names: Json): Property[] {
  if (names !== undefined && names !== null) {
    if (!Array.isArray(names) || names.length > 200)
      violation('properties size must be between 0 and 200');
    return names.map((name) => resolve(context, [name]));
  }
  return Object.entries(effectiveProperties(context.state, view))
    .filter(([, { container }]) => container !== undefined)
    .map(([name]) => resolve(context, [name]))
    .filter(({ type }) => type.type === 'text');
}

const textsOf = (value: Json): string[] =>
  [value].flat().filter((text) => typeof text === 'string');

const LETTER = /[\p{L}\p{M}]/u;
const DIGIT = /\p{N}/u;
const JOINED = /[\p{L}\p{M}\p{N}_]/u;

/**
 * Words in lower case. `.` and `'` join two letters or two digits, `:` two letters, `,` two digits.
 */
function tokensOf(text: string): string[] {
  const letters = [...text.toLowerCase()];
  const words = [''];
  for (const [index, letter] of letters.entries()) {
    const [before, after] = [letters[index - 1] ?? '', letters[index + 1] ?? ''];
    const both = (kind: RegExp): boolean => kind.test(before) && kind.test(after);
    const joins =
      JOINED.test(letter) ||
      (/[.']/.test(letter) && (both(LETTER) || both(DIGIT))) ||
      (letter === ':' && both(LETTER)) ||
      (letter === ',' && both(DIGIT));
    if (joins) words[words.length - 1] += letter;
    else words.push('');
  }
  return words.filter((word) => word !== '');
}
