import { expect } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Pair } from './compare.js';
import type { Dice } from './dice.js';
import { filterWorld } from './filters.js';
import { change } from './reads.js';
import type { World } from './world.js';

const nameOf = ({ instanceType, space, externalId }: Json): string =>
  `${instanceType} ${space}/${externalId}`;

/**
 * A sync of a step and of one that starts from it: an instance that changed, and that a query with
 * the same steps finds now, has come in its last state. The naive model only answers the query.
 */
export async function syncDependents(dice: Dice, both: Pair, world: World): Promise<void> {
  const parents = { nodes: { filter: parentFilter(dice, world) } };
  const steps: Json = { p: parents, c: dependent(dice, world) };
  const limits = { p: dice.pick([1, 3, 100]), c: dice.pick([1, 3, 100]) };
  const select = { p: {}, c: {} };
  const copy = new Map<string, number>();
  let cursors: Json;
  let before = new Map<string, number>();
  for (const writes of dice.times(2, 5, () => dice.int(0, 3))) {
    for (let page = 0; page < 100; page += 1) {
      const limited = { p: { ...steps.p, limit: limits.p }, c: { ...steps.c, limit: limits.c } };
      const request = { with: limited, select, ...(cursors === undefined ? {} : { cursors }) };
      const { status, body } = await both.emulator('POST', 'instances/sync', request);
      expect([status, body.error?.message]).toEqual([200, undefined]);
      cursors = body.nextCursor;
      for (const item of body.items.c) copy.set(nameOf(item), item.version);
      if (body.items.p.length < limits.p && body.items.c.length < limits.c) break;
    }
    const now = versions(both);
    const wide = { p: { ...steps.p, limit: 10_000 }, c: { ...steps.c, limit: 10_000 } };
    const found = both.naive.call('POST', 'instances/query', { with: wide, select }).body.items.c;
    const changed = found.filter((item: Json) => before.get(nameOf(item)) !== item.version);
    const told = changed.map((item: Json) => [nameOf(item), copy.get(nameOf(item))]);
    expect(told, both.asked.join('\n') + JSON.stringify(steps)).toEqual(
      changed.map((item: Json) => [nameOf(item), item.version]),
    );
    before = now;
    for (let write = 0; write < writes; write += 1) await change(dice, both, world);
  }
}

function parentFilter(dice: Dice, world: World): Json {
  return dice.pick([
    { matchAll: {} },
    { instanceReferences: dice.some(world.nodes, 1, 4) },
    { equals: { property: ['node', 'space'], value: 's' } },
    { exists: { property: ['node', 'type'] } },
  ]);
}

function dependent(dice: Dice, world: World): Json {
  const relations = filterWorld(dice, world, 'node').sources.flatMap(({ reference, properties }) =>
    properties
      .filter(({ type }) => type.type === 'direct')
      .map(({ name, type }) => ({ name, type, reference })),
  );
  if (relations.length === 0 || dice.chance(40))
    return { edges: { from: 'p', direction: dice.pick(['outwards', 'inwards']), maxDistance: 1 } };
  const { name, type, reference } = dice.pick(relations);
  const direction = type.list ? 'outwards' : dice.pick(['outwards', 'inwards']);
  return { nodes: { from: 'p', through: { source: reference, identifier: name }, direction } };
}

/** The versions of all that lives. */
function versions(both: Pair): Map<string, number> {
  const all = ['node', 'edge'].flatMap(
    (instanceType) => both.naive.call('POST', 'instances/list', { instanceType }).body.items,
  );
  return new Map(all.map((item: Json) => [nameOf(item), item.version]));
}
