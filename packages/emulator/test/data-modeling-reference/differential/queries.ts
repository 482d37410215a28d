import type { Json } from '../../helpers.js';
import { type Pair, unorderedSteps } from './compare.js';
import type { Dice } from './dice.js';
import { filter, filterWorld, sort } from './filters.js';
import type { World } from './world.js';

interface Drawn {
  readonly steps: Json;
  readonly kinds: Map<string, 'node' | 'edge'>;
}

/**
 * A query of up to six steps. Steps have a complete sort or so high a limit that it does not
 * matter.
 */
export async function query(dice: Dice, both: Pair, world: World): Promise<void> {
  const drawn: Drawn = { steps: {}, kinds: new Map() };
  for (const index of Array.from({ length: dice.int(1, 6) }).keys())
    addStep(dice, world, drawn, `s${index}`);
  const select: Json = {};
  for (const [name, kind] of drawn.kinds)
    if (dice.chance(80)) select[name] = output(dice, world, kind);
  if (Object.keys(select).length === 0) select.s0 = {};
  if (dice.chance(2)) select.absent = {};
  const body: Json = { with: drawn.steps, select, includeTyping: dice.chance(20) };
  await both.post('instances/query', body, unorderedSteps);
  await pages(both, body);
}

/** Reads the first step, which has no origin, by its cursors. */
async function pages(both: Pair, body: Json): Promise<void> {
  if (body.with.s0.sort === undefined || body.select.s0 === undefined) return;
  let cursors: readonly Json[] = [{}, {}];
  for (let page = 0; page < 20; page += 1) {
    const [left, right] = cursors;
    const answers = await both.both(
      'instances/query',
      { ...body, cursors: left },
      { ...body, cursors: right },
      unorderedSteps,
    );
    cursors = answers.map((answer) => ({ s0: answer.body.nextCursor?.s0 }));
    if (cursors[0].s0 === undefined) return;
  }
}

function addStep(dice: Dice, world: World, drawn: Drawn, name: string): void {
  const { steps, kinds } = drawn;
  const names = [...kinds.keys()];
  const kind = dice.pick(['node', 'node', 'edge', 'edge', 'set'] as const);
  if (kind === 'set' && names.length > 0) {
    const of = kinds.get(dice.pick(names)) as 'node' | 'edge';
    const same = names.filter((other) => kinds.get(other) === of);
    const members = dice.some(dice.chance(97) ? same : names, 1, 3);
    const except = dice.chance(30) ? { except: dice.some(same, 1, 1) } : {};
    steps[name] = { [dice.pick(['union', 'intersection'])]: members, ...except, limit: 1000 };
    kinds.set(name, of);
    return;
  }
  const own = kind === 'set' ? 'node' : kind;
  const from = names.length > 0 && dice.chance(75) ? dice.pick(names) : undefined;
  steps[name] = own === 'node' ? nodeStep(dice, world, drawn, from) : edgeStep(dice, world, from);
  kinds.set(name, own);
}

function nodeStep(dice: Dice, world: World, { kinds }: Drawn, from: string | undefined): Json {
  const fields = filterWorld(dice, world, 'node');
  const nodes: Json = {};
  if (dice.chance(50)) nodes.filter = filter(fields, 1);
  if (from !== undefined) {
    nodes.from = from;
    if (kinds.get(from) === 'edge') nodes.chainTo = dice.pick(['destination', 'source']);
    else {
      const relations = fields.sources.flatMap(({ reference, properties }) =>
        properties
          .filter(({ type }) => type.type === 'direct')
          .map(({ name }) => ({ source: reference, identifier: name })),
      );
      if (relations.length === 0) delete nodes.from;
      else {
        nodes.through = dice.pick(relations);
        nodes.direction = dice.pick(['outwards', 'inwards']);
      }
    }
  }
  return { nodes, ...window(dice, sort(fields)) };
}

const window = (dice: Dice, keys: Json): Json =>
  dice.chance(60) ? { sort: keys, limit: dice.pick([1, 2, 3, 10_000]) } : { limit: 1000 };

function edgeStep(dice: Dice, world: World, from: string | undefined): Json {
  const fields = filterWorld(dice, world, 'edge');
  const nodes = filterWorld(dice, world, 'node');
  const edges: Json = { direction: dice.pick(['outwards', 'inwards']) };
  if (dice.chance(30)) edges.filter = filter(fields, 1);
  if (dice.chance(20)) edges.nodeFilter = filter(nodes, 0);
  if (from === undefined) return { edges, ...window(dice, sort(fields)) };
  edges.from = from;
  if (dice.chance(20)) edges.terminationFilter = filter(nodes, 0);
  if (dice.chance(70)) edges.maxDistance = dice.int(1, 3);
  if (edges.maxDistance !== 1) {
    const postSort = dice.chance(50) ? { postSort: sort(fields) } : {};
    return { edges, ...postSort, limit: 1000 };
  }
  const part = window(dice, sort(fields));
  if (part.sort !== undefined && dice.chance(30)) edges.limitEach = dice.int(1, 2);
  return { edges, ...part };
}

function output(dice: Dice, world: World, kind: 'node' | 'edge'): Json {
  const views = filterWorld(dice, world, kind).sources.filter(
    ({ reference }) => reference.type === 'view',
  );
  const sources = dice.some(views, 0, 2).map(({ reference, properties }) => ({
    source: reference,
    properties: dice.chance(50) ? ['*'] : dice.some(properties, 1).map(({ name }) => name),
  }));
  return sources.length === 0 ? {} : { sources };
}
