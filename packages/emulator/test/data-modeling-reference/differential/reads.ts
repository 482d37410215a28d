import type { Json } from '../../helpers.js';
import { type Pair, unordered } from './compare.js';
import type { Dice } from './dice.js';
import { type FilterWorld, filter, filterWorld, sort } from './filters.js';
import type { World } from './world.js';
import { applyBody, deleteBody } from './writes.js';

/** Sends the schema, makes all nodes in one order, and writes for a while. */
export async function populate(dice: Dice, both: Pair, world: World): Promise<void> {
  for (const [path, body] of world.requests) await both.post(path, body);
  await both.post('instances', {
    items: world.nodes.map((id) => ({ instanceType: 'node', ...id })),
  });
  for (const body of dice.times(2, 6, () => applyBody(dice, world)))
    await both.post('instances', body);
}

/** One more write or deletion. */
export async function change(dice: Dice, both: Pair, world: World): Promise<void> {
  if (dice.chance(75)) await both.post('instances', applyBody(dice, world));
  else await both.post('instances/delete', deleteBody(dice, world));
}

/**
 * The schema changes while instances are there: properties come, views go and come back, rows go
 * with a container.
 */
export async function reschema(dice: Dice, both: Pair, world: World): Promise<void> {
  const [containers, views] = [world.requests[1]?.[1].items, world.requests[2]?.[1].items];
  const acts = [
    async () => {
      const { space, externalId } = dice.pick<Json>(containers);
      const type = dice.pick([{ type: 'text' }, { type: 'int32', list: true }, { type: 'direct' }]);
      await both.post('containers', {
        items: [{ space, externalId, properties: { added: { type } } }],
      });
    },
    async () => {
      const view = dice.pick<Json>(views);
      const { space, externalId, version } = view;
      await both.post('views/delete', { items: [{ space, externalId, version }] });
      if (dice.chance(80)) await both.post('views', { items: [view] });
    },
    async () => {
      // The reference does not say how a constraint treats rows that lost others.
      if (containers.some(({ constraints }: Json) => Object.keys(constraints).length > 0)) return;
      const container = dice.pick<Json>(containers);
      const { space, externalId } = container;
      await both.post('containers/delete', { items: [{ space, externalId }] });
      await both.post('containers', { items: [container] });
    },
  ];
  both.loosen();
  await dice.pick(acts)();
}

function sourcesOf(dice: Dice, from: FilterWorld): Json[] {
  const views = from.sources.filter(({ reference }) => reference.type === 'view');
  return dice.some(views, 0, 2).map(({ reference }) => ({ source: reference }));
}

export async function byIds(dice: Dice, both: Pair, world: World): Promise<void> {
  const all = [
    ...world.nodes.map((id) => ({ instanceType: 'node', ...id })),
    ...world.edges.map((id) => ({ instanceType: 'edge', ...id })),
  ];
  const sources = sourcesOf(dice, filterWorld(dice, world, 'node'));
  await both.post('instances/byids', {
    items: dice.some(all, 1),
    sources,
    includeTyping: dice.chance(30),
  });
  await both.post(
    'instances/inspect',
    { items: all, inspectionOperations: { involvedContainers: {} } },
    (body) => ({
      items: body.items.map((item: Json) => ({
        ...item,
        inspectionResults: item.inspectionResults.involvedContainers
          .map(({ externalId }: Json) => externalId)
          .sort(),
      })),
    }),
  );
}

/** A list, to its last page; without a sort its order is free. */
export async function list(dice: Dice, both: Pair, world: World): Promise<void> {
  const instanceType = dice.pick(['node', 'node', 'edge'] as const);
  const from = filterWorld(dice, world, instanceType);
  const body: Json = {
    instanceType,
    sources: sourcesOf(dice, from),
    includeTyping: dice.chance(30),
  };
  if (dice.chance(85)) body.filter = filter(from);
  if (dice.chance(30)) {
    await both.post('instances/list', body, unordered);
    return;
  }
  body.sort = sort(from);
  body.limit = dice.pick([1, 2, 3, 5, 1000]);
  let cursors: readonly Json[] = [undefined, undefined];
  do {
    const [left, right] = cursors;
    const answers = await both.both(
      'instances/list',
      { ...body, cursor: left },
      { ...body, cursor: right },
    );
    cursors = answers.map((answer) => answer.body.nextCursor);
  } while (cursors[0] !== undefined);
}

const WORDS = ['a', 'b', 'A b', 'ab', 'æ', '3.5', 'c', 'b_a', 'b_', 'z a', ''];

export async function search(dice: Dice, both: Pair, world: World): Promise<void> {
  const instanceType = dice.pick(['node', 'node', 'edge'] as const);
  const from = filterWorld(dice, world, instanceType, true);
  const views = from.sources.filter(({ reference }) => reference.type === 'view');
  if (views.length === 0) return;
  const { reference: view, properties } = dice.pick(views);
  const body: Json = { view, instanceType, operator: dice.pick(['AND', 'OR']) };
  if (dice.chance(70)) body.query = dice.pick(WORDS);
  if (dice.chance(50)) body.filter = filter(from, 1);
  const texts = properties.filter(({ type }) => type.type === 'text').map(({ name }) => name);
  if (texts.length > 0 && dice.chance(30)) body.properties = dice.some(texts, 1);
  if (dice.chance(50)) {
    await both.post('instances/search', {
      ...body,
      sort: [{ property: [instanceType, 'externalId'] }],
    });
    return;
  }
  await both.post('instances/search', body, unordered);
}

export async function aggregate(dice: Dice, both: Pair, world: World): Promise<void> {
  const instanceType = dice.pick(['node', 'node', 'edge'] as const);
  const from = filterWorld(dice, world, instanceType, true);
  const views = from.sources.filter(({ reference }) => reference.type === 'view');
  if (views.length === 0) return;
  const { reference: view, properties } = dice.pick(views);
  const numbers = properties
    .filter(({ type }) => /int|float/.test(type.type) && !type.list)
    .map(({ name }) => name);
  const aggregates: Json[] = [{ count: {} }];
  for (const property of dice.some(numbers, 0, 2)) {
    const name = dice.pick(['avg', 'min', 'max', 'sum', 'histogram']);
    aggregates.push({
      [name]: {
        property,
        ...(name === 'histogram' ? { interval: dice.pick([1, 2.5, 1000]) } : {}),
      },
    });
  }
  if (dice.chance(50)) aggregates.push({ count: { property: dice.pick(properties).name } });
  const body: Json = { view, instanceType, aggregates, operator: 'AND' };
  const groups = properties.filter(({ type }) => /text|direct|boolean|int|enum/.test(type.type));
  if (groups.length > 0 && dice.chance(50))
    body.groupBy = dice.some(groups, 1, 2).map(({ name }) => name);
  if (dice.chance(40)) body.filter = filter(from, 1);
  if (dice.chance(30)) body.query = dice.pick(WORDS);
  await both.post('instances/aggregate', body, (answer) => unordered(rounded(answer)));
}

/** Sums of floats depend on the order of the terms. */
function rounded(value: Json): Json {
  if (typeof value === 'number') return Number(value.toPrecision(10));
  // A float that is a great integer reads as one.
  if (typeof value === 'string' && /^-?\d+n$/.test(value))
    return Number(Number(value.slice(0, -1)).toPrecision(10));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
}
