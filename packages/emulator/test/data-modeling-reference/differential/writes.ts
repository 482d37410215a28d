import type { Json } from '../../helpers.js';
import type { Dice } from './dice.js';
import { sourcesFor } from './filters.js';
import { value } from './values.js';
import type { Source, World } from './world.js';

/** A few writes in one request, among them some that must be refused. */
export function applyBody(dice: Dice, world: World): Json {
  const nodes = dice.some(world.nodes, 0, 3).map((id) => item(dice, world, id, 'node'));
  const edges = dice.some(world.edges, 0, 2).map((id) => item(dice, world, id, 'edge'));
  const options: Json = {};
  if (dice.chance(20)) options.replace = true;
  if (dice.chance(15)) options.autoCreateDirectRelations = false;
  if (dice.chance(50)) options.autoCreateStartNodes = true;
  if (dice.chance(50)) options.autoCreateEndNodes = true;
  if (dice.chance(20)) options.skipOnVersionConflict = true;
  if (dice.chance(2)) (nodes[0] ?? edges[0] ?? {}).space = 'nowhere';
  return { items: [...nodes, ...edges], ...options };
}

function item(dice: Dice, world: World, id: Json, instanceType: 'node' | 'edge'): Json {
  const result: Json = { instanceType, ...id };
  if (instanceType === 'edge') {
    // An edge keeps its ends and its type, so these follow from its name.
    const number = Number(id.externalId.slice(1));
    const isOther = dice.chance(2);
    result.type = world.nodes[number % 2];
    result.startNode = world.nodes[isOther ? 7 : number % 4];
    result.endNode = world.nodes[(number * 3 + 1) % 5];
  } else if (dice.chance(15)) result.type = dice.pick([...world.nodes.slice(0, 2), null]);
  if (dice.chance(10)) result.existingVersion = dice.int(0, 4);
  // One source of each kind at most: what two of them say of one property has no order.
  const usable = sourcesFor(world, instanceType);
  if (usable.length > 0 && dice.chance(85))
    result.sources = [written(dice, world, dice.pick(usable))];
  return result;
}

function written(dice: Dice, world: World, { reference, properties }: Source): Json {
  const isFull = dice.chance(70);
  const values: Json = {};
  for (const { name, type, nullable, isNumbered } of properties) {
    if (isNumbered) continue;
    if (!(isFull && !nullable) && dice.chance(40)) continue;
    const isNull = dice.chance(nullable ? 10 : 2);
    values[name] = isNull ? null : value(dice, type, world.nodes, 2);
  }
  if (dice.chance(1)) values.absent = 1;
  return { source: reference, properties: values };
}

export function deleteBody(dice: Dice, world: World): Json {
  const items = [
    ...dice.some(world.nodes, 0, 2).map((id) => ({ instanceType: 'node', ...id })),
    ...dice
      .some(world.edges, 1, 2)
      .map((id) => ({ instanceType: dice.chance(90) ? 'edge' : 'node', ...id })),
  ];
  return { items };
}
