import type { Json } from '../../helpers.js';
import type { Dice } from './dice.js';
import { element as anyElement, value as anyValue } from './values.js';
import type { Source, World } from './world.js';

const RANGES = new Set('text int32 int64 float32 float64 timestamp date'.split(' '));

// The reference does not say if the limits of a property hold for values of filters, so values stay
// within them.
const fits = (type: Json, given: Json): boolean =>
  type.maxTextSize === undefined ||
  [given].flat().every((text) => Buffer.byteLength(text) <= type.maxTextSize);

function element(dice: Dice, type: Json, targets: readonly Json[]): Json {
  const given = anyElement(dice, type, targets);
  return fits(type, given) ? given : 'a';
}

function value(dice: Dice, type: Json, targets: readonly Json[]): Json {
  const given = anyValue(dice, type, targets);
  const whole = type.list ? given.slice(0, type.maxListSize ?? 3) : given;
  return fits(type, whole) ? whole : type.list ? [] : 'a';
}

export interface Field {
  readonly path: readonly string[];
  readonly type: Json;
}

/** The properties that filters and sorts of one kind of instance can name. */
export interface FilterWorld {
  readonly dice: Dice;
  readonly world: World;
  readonly instanceType: 'node' | 'edge';
  readonly fields: readonly Field[];
  readonly sources: readonly Source[];
  /** In a search, lists are matched otherwise, and neither overlaps nor nested is offered. */
  readonly isSearch: boolean;
}

export function filterWorld(
  dice: Dice,
  world: World,
  instanceType: 'node' | 'edge',
  isSearch = false,
): FilterWorld {
  const sources = sourcesFor(world, instanceType);
  const fields = sources.flatMap(({ reference, properties }) =>
    properties.map(({ name, type }) => ({ path: pathOf(reference, name), type })),
  );
  return { dice, world, instanceType, fields, sources, isSearch };
}

export const sourcesFor = ({ views, containers }: World, instanceType: string): Source[] =>
  [...views, ...containers].filter(({ use }) => use === 'all' || use === instanceType);

const pathOf = (reference: Json, name: string): string[] => [
  reference.space,
  reference.type === 'view' ? `${reference.externalId}/${reference.version}` : reference.externalId,
  name,
];

export function filter(from: FilterWorld, depth = 2): Json {
  const { dice } = from;
  if (depth > 0 && dice.chance(35)) {
    if (dice.chance(30)) return { not: filter(from, depth - 1) };
    return { [dice.pick(['and', 'or'])]: dice.times(1, 3, () => filter(from, depth - 1)) };
  }
  return leaf(from);
}

function leaf(from: FilterWorld): Json {
  const { dice, fields } = from;
  if (fields.length === 0 || dice.chance(25)) return generalLeaf(from);
  if (dice.chance(3)) return badLeaf(from);
  const field = dice.pick(fields);
  const makers = [exists, equals, isIn, contains, prefix, range, overlaps, nested];
  const usable = makers.map((make) => make(from, field)).filter((made) => made !== undefined);
  return dice.pick(usable);
}

/** About the instance itself. */
function generalLeaf({ dice, world, instanceType, sources }: FilterWorld): Json {
  const own = instanceType === 'node' ? world.nodes : world.edges;
  const name = (): string => dice.pick(own).externalId;
  const property = (id: string): string[] => [instanceType, id];
  const source = sources.length === 0 ? undefined : dice.pick(sources);
  const choices: Json[] = [
    { matchAll: {} },
    { instanceReferences: dice.times(1, 3, () => dice.pick(own)) },
    { equals: { property: property('externalId'), value: name() } },
    { in: { property: property('externalId'), values: dice.times(1, 3, name) } },
    { prefix: { property: property('externalId'), value: name().slice(0, 1) } },
    { equals: { property: property('space'), value: dice.pick(['s', 't', 'nowhere']) } },
    { exists: { property: property('type') } },
    { equals: { property: property('type'), value: dice.pick(world.nodes) } },
    { range: { property: property('externalId'), gt: name() } },
  ];
  if (source !== undefined)
    choices.push({ hasData: [source.reference] }, { hasData: [source.reference] });
  if (instanceType === 'edge')
    choices.push({ equals: { property: property('startNode'), value: dice.pick(world.nodes) } });
  return dice.pick(choices);
}

/** A filter that must be refused. */
function badLeaf({ dice, fields, world }: FilterWorld): Json {
  const { path, type } = dice.pick(fields);
  const good = element(dice, type, world.nodes);
  return dice.pick<Json>([
    { and: [] },
    { equals: { property: [...path.slice(0, 2), 'absent'], value: 1 } },
    { equals: { property: [...path.slice(0, 2), 'externalId'], value: 'a' } },
    { equals: { property: path, value: type.list ? good : [good] } },
    { equals: { property: path, value: /float|int/.test(type.type) ? 'x' : 12 } },
    { like: { property: path, value: good } },
    { hasData: [{ type: 'view', space: 's', externalId: 'Absent', version: 'v1' }] },
    { exists: { property: path }, matchAll: {} },
    ...(type.list ? [] : [{ containsAny: { property: path, values: [good] } }]),
    ...(RANGES.has(type.type) && !type.list
      ? [{ range: { property: path, gt: good, gte: good } }]
      : []),
  ]);
}

const exists = (_: FilterWorld, { path }: Field): Json => ({ exists: { property: path } });

function equals({ dice, world, fields }: FilterWorld, { path, type }: Field): Json {
  const alike = fields.filter(
    (other) => other.type.type === type.type && Boolean(other.type.list) === Boolean(type.list),
  );
  const given = dice.chance(15)
    ? { property: dice.pick(alike).path }
    : value(dice, type, world.nodes);
  return { equals: { property: path, value: given } };
}

/** The service refuses `in` of enums, with a misleading text. */
function isIn({ dice, world }: FilterWorld, { path, type }: Field): Json {
  if (type.type === 'enum') return undefined;
  return {
    in: { property: path, values: dice.times(1, 3, () => element(dice, type, world.nodes)) },
  };
}

function contains({ dice, world }: FilterWorld, { path, type }: Field): Json {
  if (!type.list) return undefined;
  const values = dice.times(1, 3, () => element(dice, type, world.nodes));
  return { [dice.pick(['containsAny', 'containsAll'])]: { property: path, values } };
}

function prefix({ dice, world, isSearch }: FilterWorld, { path, type }: Field): Json {
  if (type.list && !isSearch)
    return { prefix: { property: path, value: value(dice, type, world.nodes) } };
  return type.type === 'text'
    ? { prefix: { property: path, value: dice.pick(['a', 'b', '', 'æ']) } }
    : undefined;
}

function bounds({ dice, world }: FilterWorld, type: Json): Json {
  const [low, high] = [dice.chance(60), dice.chance(60)];
  const given = (): Json => element(dice, type, world.nodes);
  return {
    ...(low || !high ? { [dice.pick(['gt', 'gte'])]: given() } : {}),
    ...(high ? { [dice.pick(['lt', 'lte'])]: given() } : {}),
  };
}

function range(from: FilterWorld, { path, type }: Field): Json {
  if (type.list || !RANGES.has(type.type)) return undefined;
  return { range: { property: path, ...bounds(from, type) } };
}

function overlaps(from: FilterWorld, { path, type }: Field): Json {
  if (type.list || from.isSearch || !RANGES.has(type.type)) return undefined;
  const ends = from.fields.filter((other) => other.type.type === type.type && !other.type.list);
  const endProperty = from.dice.pick(ends).path;
  return { overlaps: { startProperty: path, endProperty, ...bounds(from, type) } };
}

function nested(from: FilterWorld, { path, type }: Field): Json {
  if (type.type !== 'direct' || type.list || from.isSearch) return undefined;
  return { nested: { scope: path, filter: filter(filterWorld(from.dice, from.world, 'node'), 1) } };
}

/** Sort keys; the last one names each instance, so that the order is complete. */
export function sort({ dice, fields, instanceType }: FilterWorld): Json[] {
  const sortable = fields.filter(
    ({ type }) => !type.list && !['json', 'direct', 'enum', 'boolean'].includes(type.type),
  );
  const keys = dice.some(sortable, 0, 2).map(({ path }) => ({
    property: path,
    ...(dice.chance(50) ? { direction: dice.pick(['ascending', 'descending']) } : {}),
    ...(dice.chance(30) ? { nullsFirst: dice.chance(50) } : {}),
  }));
  return [...keys, { property: [instanceType, 'externalId'] }];
}
