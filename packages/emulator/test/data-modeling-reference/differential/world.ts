import type { Json } from '../../helpers.js';
import type { Dice } from './dice.js';
import { element } from './values.js';

export interface WorldProperty {
  readonly name: string;
  readonly type: Json;
  readonly nullable: boolean;
  /** Numbered by the server: a value that is given in the same request has no order with it. */
  readonly isNumbered: boolean;
}

/** A view or a container that instances are written through and read by. */
export interface Source {
  readonly reference: Json;
  readonly use: 'node' | 'edge' | 'all';
  readonly properties: readonly WorldProperty[];
}

/** A schema and names of instances. */
export interface World {
  readonly requests: readonly (readonly [string, Json])[];
  readonly containers: readonly Source[];
  readonly views: readonly Source[];
  readonly nodes: readonly Json[];
  readonly edges: readonly Json[];
}

const KINDS = [
  'text boolean int32 int64 float32 float64 timestamp date json direct enum timeseries file sequence'.split(
    ' ',
  ),
  // These are met more often, since filters and traversals live on them.
  'text int32 float64 direct direct timestamp'.split(' '),
].flat();

export function world(dice: Dice): World {
  const nodes = Array.from({ length: 8 }, (_, index) => ({
    space: index < 6 ? 's' : 't',
    externalId: `n${index}`,
  }));
  const edges = Array.from({ length: 6 }, (_, index) => ({ space: 's', externalId: `e${index}` }));
  const bodies: Json[] = [];
  const containers = dice.times(1, 3, (index) => container(dice, index, bodies));
  const views: Source[] = [];
  const viewBodies = containers.flatMap((own, index) => {
    const others = containers.filter((other) => other !== own && fits(own, other));
    return [view(dice, `V${index}`, [own, ...dice.some(others, 0, 1)], views)];
  });
  if (dice.chance(50)) viewBodies.push(child(dice, views, containers));
  const requests = [
    ['spaces', { items: ['s', 't'].map((space) => ({ space })) }],
    ['containers', { items: bodies }],
    ['views', { items: viewBodies }],
  ] as const;
  return { requests, containers, views, nodes, edges };
}

const fits = (left: Source, right: Source): boolean =>
  [left.use, right.use].includes('all') || left.use === right.use;

function container(dice: Dice, index: number, bodies: Json[]): Source {
  const reference = { type: 'container', space: dice.pick(['s', 't']), externalId: `C${index}` };
  const use = index === 0 ? 'node' : dice.pick(['node', 'edge', 'all'] as const);
  const properties: Json = {};
  for (const number of Array.from({ length: dice.int(1, 6) }).keys())
    properties[`p${number}`] = property(dice);
  const { type: _, ...id } = reference;
  const constraints: Json = {};
  const text = Object.keys(properties).find(
    (name) => properties[name].type.type === 'text' && !properties[name].type.list,
  );
  if (text !== undefined && dice.chance(10))
    constraints.unique = {
      constraintType: 'uniqueness',
      properties: [text],
      bySpace: dice.chance(50),
    };
  const [first] = bodies;
  if (first !== undefined && first.usedFor === use && dice.chance(20))
    constraints.needs = {
      constraintType: 'requires',
      require: { type: 'container', space: first.space, externalId: first.externalId },
    };
  bodies.push({ ...id, usedFor: use, properties, constraints });
  return {
    reference,
    use,
    properties: Object.entries(properties).map(([name, one]) => plain(name, one)),
  };
}

const plain = (
  name: string,
  { type, nullable = true, autoIncrement = false }: Json,
): WorldProperty => ({
  name,
  type,
  nullable,
  isNumbered: autoIncrement,
});

function property(dice: Dice): Json {
  const kind = dice.pick(KINDS);
  const type: Json = { type: kind };
  if (kind === 'enum') type.values = { pump: {}, valve: { name: 'Valve' } };
  else if (dice.chance(30)) type.list = true;
  if (type.list && dice.chance(20)) type.maxListSize = 2;
  if (kind === 'text' && dice.chance(15)) type.maxTextSize = 3;
  const result: Json = { type };
  if (dice.chance(15)) result.nullable = false;
  if (dice.chance(8)) result.immutable = true;
  const hasDefault =
    !type.list && !/direct|json|timeseries|file|sequence|int64/.test(kind) && dice.chance(20);
  if (hasDefault) {
    const standard = element(dice, type, []);
    if (type.maxTextSize === undefined || Buffer.byteLength(standard) <= 3)
      result.defaultValue = standard;
  } else if (!type.list && kind.startsWith('int') && dice.chance(15)) result.autoIncrement = true;
  return result;
}

function view(
  dice: Dice,
  externalId: string,
  over: readonly Source[],
  views: Source[],
  parents: readonly Source[] = [],
): Json {
  const reference = { type: 'view', space: 's', externalId, version: 'v1' };
  const properties: Json = {};
  const own: WorldProperty[] = [];
  for (const [index, { reference: from, properties: all }] of over.entries())
    for (const { name, ...rest } of dice.some(all, 1)) {
      const id = index === 0 ? name : `${name}_${index}`;
      properties[id] = { container: from, containerPropertyIdentifier: name };
      own.push({ ...rest, name: id });
    }
  const [first] = over;
  const inherited = parents.flatMap((parent) => parent.properties);
  const last = new Map([...inherited, ...own].map((one) => [one.name, one]));
  const uses = [...over, ...parents].map(({ use }) => use);
  const use = uses.find((one) => one !== 'all') ?? 'all';
  views.push({ reference, use, properties: [...last.values()] });
  const { type: _, ...id } = reference;
  const filter =
    dice.chance(15) && first !== undefined && parents.length === 0
      ? { filter: { hasData: [first.reference] } }
      : {};
  return { ...id, ...filter, properties, implements: parents.map((parent) => parent.reference) };
}

function child(dice: Dice, views: Source[], containers: readonly Source[]): Json {
  const [first, ...rest] = views as [Source, ...Source[]];
  const parents = [
    first,
    ...dice.some(
      rest.filter((other) => fits(first, other)),
      0,
      1,
    ),
  ];
  const over = dice.some(
    containers.filter((one) => parents.every((parent) => fits(one, parent))),
    0,
    1,
  );
  return view(dice, 'Child', over, views, parents);
}
