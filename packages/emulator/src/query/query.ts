import { exactJsonText } from '../http/exact-json.js';
import { markOf } from '../http/position-cursor.js';
import { JsonText } from '../http/route.js';
import type { Entry, InstanceType } from '../instances/entry.js';
import type { Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { type QueryBody, readQuery } from './query-body.js';
import { orderOf, type SortItem } from './sort.js';
import { checkViewUse } from './sources.js';
import { Steps } from './steps.js';

/** POST /models/instances/query */
export function queryInstances(state: State, selections: Selections, body: unknown): JsonText {
  const query = readQuery(body, 'query');
  const steps = new Steps(query, state.schema, state.instances, queryMark('query', query));
  const [items, cursors]: [string[], string[]] = [[], []];
  // Steps that are not selected are checked as well.
  for (const name of query.with.keys()) steps.result(name);
  const emits = query.debug?.emitResults !== false;
  for (const [name, { sources, sort }] of query.select) {
    const { entries, nextCursor, instanceType } = steps.result(name);
    const selection = selections.get(sources, 'empty');
    checkViewUse(selection.views, instanceType);
    if (emits)
      items.push(
        `${JSON.stringify(name)}:[${sorted(entries, sort, state, query, instanceType).map(selection.textOf).join(',')}]`,
      );
    if (emits && nextCursor !== undefined) cursors.push(`${JSON.stringify(name)}:"${nextCursor}"`);
  }
  return answerText(query, selections, items, cursors);
}

/** The sort of a selection is that of the answer, whatever order the step has for its pages. */
function sorted(
  entries: readonly Entry[],
  sort: readonly SortItem[] | undefined,
  { schema, instances }: State,
  { parameters }: QueryBody,
  instanceType: InstanceType,
): readonly Entry[] {
  const order = orderOf(sort, { schema, instances, instanceType, parameters });
  if (order === undefined) return entries;
  const { positionOf, compare } = order;
  return [...entries].sort((left, right) => compare(positionOf(left), positionOf(right)));
}

/** The owner of a query's cursors: its steps and the values in them. */
export function queryMark(kind: string, query: QueryBody): string {
  return markOf([kind, [...query.with], query.parameters]);
}

export function answerText(
  { select, includeTyping, debug }: QueryBody,
  selections: Selections,
  items: readonly string[],
  cursors: readonly string[],
): JsonText {
  const types = [...select].map(([name, { sources }]) => [
    name,
    selections.get(sources, 'empty').typing(),
  ]);
  const typing = includeTyping ? `,"typing":${exactJsonText(Object.fromEntries(types))}` : '';
  const notices = debug === undefined ? '' : ',"debug":{"notices":[]}';
  return new JsonText(
    `{"items":{${items.join(',')}},"nextCursor":{${cursors.join(',')}}${typing}${notices}}`,
  );
}
