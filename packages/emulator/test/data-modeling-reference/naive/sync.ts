import type { Json } from '../../helpers.js';
import { stringifyExact } from '../exact-json.js';
import { checkKeys, limitOf } from './body.js';
import { withParameters } from './filter-check.js';
import { checkSteps, kindOf, selectSources } from './query.js';
import { checkSort, shown, sortedBy, typingOf } from './read.js';
import { type Answer, type Instance, refuse, type State } from './state.js';
import { filterOf } from './steps.js';

interface Cursor {
  /** Changes up to this one have been told. */
  readonly since: number;
  /** The last change at the first call. */
  readonly started: number;
  /** In the backfill of a two-phase sync: ids of the instances that have been told. */
  readonly told?: readonly number[];
  readonly question: string;
}

/** Changes of steps without `from`: each changed instance in its last state, deletions included. */
export function syncInstances(state: State, body: Json): Answer {
  checkKeys(
    body,
    [
      'with',
      'select',
      'parameters',
      'cursors',
      'includeTyping',
      'debug',
      'allowExpiredCursorsAndAcceptMissedDeletes',
    ],
    'sync',
  );
  const steps: Json = withParameters(checkSteps(body.with, 'with'), body.parameters);
  const select = checkSteps(body.select, 'select');
  for (const [name, step] of Object.entries<Json>(steps)) checkStep(step, name);
  const items: Json = {};
  const nextCursor: Json = {};
  const typing: Json = {};
  for (const [name, output] of Object.entries<Json>(select)) {
    if (!Object.hasOwn(steps, name)) refuse(`Unknown step '${name}' in select`);
    checkKeys(output, ['sources'], name);
    const sources = selectSources(
      state,
      output.sources,
      steps[name].nodes === undefined ? 'edge' : 'node',
    );
    const { page, cursor } = changes(state, steps[name], body.cursors?.[name]);
    items[name] = page.map((instance) => shown(state, instance, sources));
    nextCursor[name] = JSON.stringify(cursor);
    typing[name] = typingOf(state, sources);
  }
  return {
    status: 200,
    body: { items, nextCursor, ...(body.includeTyping === true ? { typing } : {}) },
  };
}

function checkStep(step: Json, name: string): void {
  const { mode, backfillSort, skipAlreadyDeleted: _, ...rest } = step;
  if (rest.sort !== undefined) refuse(`Unexpected field - ${name}.sort`);
  const kind = kindOf(rest, name);
  if (kind !== 'nodes' && kind !== 'edges') refuse('A sync has steps of nodes and of edges only');
  if (step[kind].from !== undefined)
    throw new Error('the naive model syncs no step that starts from another');
  if (mode !== undefined && !['onePhase', 'twoPhase', 'noBackfill'].includes(mode))
    refuse(`Unknown mode '${mode}'`);
  if (backfillSort !== undefined && mode !== 'twoPhase')
    refuse('Backfill sort can only be used with two-phase sync.');
}

function changes(
  state: State,
  step: Json,
  given: Json,
): { readonly page: Instance[]; readonly cursor: Cursor } {
  const kind = step.nodes === undefined ? ('edge' as const) : ('node' as const);
  const limit = limitOf(step.limit, 100, 2000);
  const passes = filterOf({ state, instanceType: kind }, (step.nodes ?? step.edges).filter);
  const { limit: _, ...asked } = step;
  const question = stringifyExact(asked);
  const now = state.next - 1;
  const start: Cursor = {
    since: step.mode === 'noBackfill' ? now : 0,
    started: now,
    question,
    ...(step.mode === 'twoPhase' ? { told: [] } : {}),
  };
  const cursor: Cursor = typeof given === 'string' ? JSON.parse(given) : start;
  if (cursor.question !== question) refuse('The cursor belongs to another request');
  const all = [...state.instances.values(), ...state.deleted].filter(
    (instance) => instance.instanceType === kind && passes(instance),
  );
  if (cursor.told !== undefined) {
    const keys = checkSort({ state, instanceType: kind }, step.backfillSort, 'backfillSort');
    const told = new Set(cursor.told);
    const rest = all.filter(
      ({ id, deletedTime }) => id <= cursor.started && deletedTime === undefined && !told.has(id),
    );
    const page = sortedBy(rest, keys).slice(0, limit);
    const ended = { since: cursor.started, started: cursor.started, question };
    if (page.length < limit) return { page, cursor: ended };
    return { page, cursor: { ...cursor, told: [...told, ...page.map(({ id }) => id)] } };
  }
  const isHidden = ({ deletedTime, change }: Instance): boolean =>
    deletedTime !== undefined && change <= cursor.started && step.skipAlreadyDeleted !== false;
  const page = all
    .filter((instance) => instance.change > cursor.since && !isHidden(instance))
    .sort((left, right) => left.change - right.change)
    .slice(0, limit);
  const since = page.length === limit ? (page.at(-1)?.change ?? now) : now;
  return { page, cursor: { ...cursor, since } };
}
