import type { Json } from '../../helpers.js';
import { checkKeys, limitOf } from './body.js';
import { withParameters } from './filter-check.js';
import { checkSort, checkSources, checkUse, pageOf, shown, sortedBy, typingOf } from './read.js';
import { type Answer, type Instance, isObject, refuse, type State, violation } from './state.js';
import { edgeStep, nodeStep, setStep, type Walk } from './steps.js';

const STEP_KEYS = {
  nodes: ['nodes', 'sort', 'limit'],
  edges: ['edges', 'sort', 'postSort', 'limit'],
  union: ['union', 'except', 'limit'],
  unionAll: ['unionAll', 'except', 'limit'],
  intersection: ['intersection', 'except', 'limit'],
} as const;
const NODE_KEYS = ['from', 'through', 'chainTo', 'direction', 'filter'];
const EDGE_KEYS = [
  'from',
  'maxDistance',
  'direction',
  'filter',
  'nodeFilter',
  'terminationFilter',
  'limitEach',
  'chainTo',
];

/** The operation of a step; unknown keys are refused. */
export function kindOf(step: Json, name: string): keyof typeof STEP_KEYS {
  if (!isObject(step)) violation(`with.${name} must be an object`);
  const kinds = (Object.keys(STEP_KEYS) as (keyof typeof STEP_KEYS)[]).filter(
    (kind) => step[kind] !== undefined,
  );
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) violation(`with.${name} must have one operation`);
  checkKeys(step, STEP_KEYS[kind], name);
  if (kind === 'nodes') checkKeys(step.nodes, NODE_KEYS, 'nodes');
  if (kind === 'edges') checkKeys(step.edges, EDGE_KEYS, 'edges');
  return kind;
}

export function queryInstances(state: State, body: Json): Answer {
  checkKeys(body, ['with', 'select', 'parameters', 'cursors', 'includeTyping', 'debug'], 'query');
  const steps: Json = withParameters(checkSteps(body.with, 'with'), body.parameters);
  const select = checkSteps(body.select, 'select');
  for (const name of Object.keys(select))
    if (!Object.hasOwn(steps, name)) refuse(`Unknown step '${name}' in select`);
  for (const [name, step] of Object.entries(steps)) kindOf(step, name);
  const { cursors, ...question } = body;
  const walk: Walk = {
    state,
    steps,
    done: new Map(),
    active: [],
    cut: (name, found, limit) => pageOf(found, limit, cursors?.[name], question),
    run,
  };
  for (const name of Object.keys(steps)) run(walk, name);
  const items: Json = {};
  const nextCursor: Json = {};
  const typing: Json = {};
  for (const [name, output] of Object.entries<Json>(select)) {
    checkKeys(output, ['sources', 'sort', 'limit'], name);
    const { page, kind, limit } = walk.done.get(name) ?? run(walk, name);
    const sources = selectSources(state, output.sources, kind);
    let chosen: readonly Instance[] = page.items;
    if (output.sort !== undefined)
      chosen = sortedBy(chosen, checkSort({ state, instanceType: kind }, output.sort));
    if (output.limit !== undefined && output.limit !== null) chosen = chosen.slice(0, output.limit);
    items[name] = chosen.map((instance) => shown(state, instance, sources));
    if (page.items.length === limit) nextCursor[name] = page.cursor;
    typing[name] = typingOf(state, sources);
  }
  return {
    status: 200,
    body: { items, nextCursor, ...(body.includeTyping === true ? { typing } : {}) },
  };
}

export function checkSteps(value: Json, name: string): Record<string, Json> {
  if (!isObject(value)) violation(`${name} must not be null`);
  const count = Object.keys(value).length;
  if (count < 1 || count > 50) violation(`${name} size must be between 1 and 50`);
  return value;
}

export function selectSources(state: State, value: Json, kind: 'node' | 'edge'): Json[] {
  for (const entry of Array.isArray(value) ? value : [])
    if (!Array.isArray(entry?.properties)) violation('properties must not be null');
  const sources = checkSources(state, value);
  for (const { source, properties } of sources) {
    checkUse(state, source, kind);
    const known = Object.keys(
      typingOf(state, [{ source }])[source.space][`${source.externalId}/${source.version}`],
    );
    for (const id of properties)
      if (id !== '*' && !known.includes(id)) refuse(`Unknown property '${id}' in select`);
  }
  return sources;
}

function run(walk: Walk, name: string): NonNullable<ReturnType<Walk['done']['get']>> {
  const done = walk.done.get(name);
  if (done !== undefined) return done;
  const step = Object.hasOwn(walk.steps, name) ? walk.steps[name] : undefined;
  if (step === undefined) refuse(`Unknown step '${name}'`);
  if (walk.active.includes(name))
    refuse(`The steps ${[...walk.active, name].join(', ')} form a cycle`);
  walk.active.push(name);
  const limit = limitOf(step.limit, 100, 10_000);
  const operation = kindOf(step, name);
  const part = {
    nodes: nodeStep,
    edges: edgeStep,
    union: setStep,
    unionAll: setStep,
    intersection: setStep,
  };
  const { found, kind, near } = part[operation](walk, step);
  const result = { page: walk.cut(name, found, limit), kind, near, limit, step };
  walk.active.pop();
  walk.done.set(name, result);
  return result;
}
