import { markOf } from '../http/position-cursor.js';
import { JsonText } from '../http/route.js';
import type { Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { type QueryBody, readQuery } from './query-body.js';
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
  for (const [name, { sources }] of query.select) {
    const { entries, nextCursor, instanceType } = steps.result(name);
    const selection = selections.get(sources, 'empty');
    checkViewUse(selection.views, instanceType);
    if (emits) items.push(`${JSON.stringify(name)}:[${entries.map(selection.textOf).join(',')}]`);
    if (emits && nextCursor !== undefined) cursors.push(`${JSON.stringify(name)}:"${nextCursor}"`);
  }
  return answerText(query, selections, items, cursors);
}

/** What cursors of a query belong to: its steps and the values in them. */
export function queryMark(kind: string, query: QueryBody): string {
  return markOf([kind, [...query.with], query.parameters]);
}

export function answerText(
  { select, includeTyping, debug }: QueryBody,
  selections: Selections,
  items: readonly string[],
  cursors: readonly string[],
): JsonText {
  const types = [...select].map(([name, { sources }]) => [name, selections.get(sources, 'empty').typing()]);
  const typing = includeTyping ? `,"typing":${JSON.stringify(Object.fromEntries(types))}` : '';
  const notices = debug === undefined ? '' : ',"debug":{"notices":[]}';
  return new JsonText(`{"items":{${items.join(',')}},"nextCursor":{${cursors.join(',')}}${typing}${notices}}`);
}
