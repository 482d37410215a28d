import type { Json } from '../../helpers.js';
import { ordered, type Pair, unordered } from './compare.js';
import type { Dice } from './dice.js';

const TYPES: readonly Json[] = [
  { type: 'text' },
  { type: 'text', maxTextSize: 10 },
  { type: 'text', list: true, maxListSize: 5 },
  { type: 'text', collation: 'und' },
  { type: 'int32' },
  { type: 'int64', list: true },
  { type: 'float64' },
  { type: 'enum', values: { a: {}, b: {} } },
  { type: 'enum', values: { a: {}, b: {}, c: { name: 'C' } }, unknownValue: 'a' },
  { type: 'direct' },
  { type: 'direct', list: true },
  { type: 'json' },
  { type: 'enum', values: {} },
];
const SPACES = ['s', 's', 's', 't', 'nowhere'];
const IDS = ['A', 'B', 'C'];

/** One request about the schema, drawn from so few names that most meet something. */
export async function schemaAct(dice: Dice, both: Pair): Promise<void> {
  const space = (): string => dice.pick(SPACES);
  const id = (): string => dice.pick(IDS);
  const texts = (): Json =>
    dice.chance(20) ? { name: dice.pick(['Name', 'Other', 'x'.repeat(256)]) } : {};
  const container = (): Json => ({
    type: 'container',
    space: dice.pick(['s', 's', 't']),
    externalId: id(),
  });
  const view = (): Json => ({
    type: 'view',
    space: 's',
    externalId: id(),
    version: dice.pick(['v1', 'v1', 'v2']),
  });
  const bare = ({ type: _, ...reference }: Json): Json => reference;
  const acts: readonly (() => Promise<unknown>)[] = [
    async () =>
      await both.post('spaces', {
        items: [{ space: dice.pick(['s', 't', 'u', '9x', 'system']), ...texts() }],
      }),
    async () =>
      await both.post('containers', {
        items: dice.times(1, 2, () => containerBody(dice, space(), id(), texts())),
      }),
    async () => await both.post('containers', { items: [containerBody(dice, 's', id(), {})] }),
    async () =>
      await both.post('views', { items: [viewBody(dice, bare(view()), container, view, texts())] }),
    async () =>
      await both.post('views', { items: [viewBody(dice, bare(view()), container, view, {})] }),
    async () =>
      await both.post('datamodels', {
        items: [{ ...bare(view()), externalId: 'M', ...texts(), views: dice.times(0, 2, view) }],
      }),
    async () => await both.post('containers/delete', { items: [bare(container())] }),
    async () => await both.post('views/delete', { items: [bare(view())] }),
    async () =>
      await both.post('datamodels/delete', { items: [{ ...bare(view()), externalId: 'M' }] }),
    async () =>
      await both.post('spaces/delete', { items: [{ space: dice.pick(['t', 'u', 'nowhere']) }] }),
  ];
  await dice.pick(acts)();
}

function containerBody(dice: Dice, space: string, externalId: string, texts: Json): Json {
  const properties: Json = {};
  for (const name of dice.some(['p', 'q', 'r'], 1)) {
    const property: Json = { type: dice.pick(TYPES), ...(dice.chance(20) ? texts : {}) };
    if (dice.chance(20)) property.nullable = dice.chance(50);
    if (dice.chance(10)) property.immutable = true;
    if (dice.chance(5)) property.autoIncrement = true;
    properties[name] = property;
  }
  if (dice.chance(2)) properties.externalId = { type: { type: 'text' } };
  return {
    space,
    externalId,
    ...texts,
    properties,
    ...(dice.chance(5) ? { usedFor: dice.pick(['node', 'all']) } : {}),
  };
}

function viewBody(
  dice: Dice,
  reference: Json,
  container: () => Json,
  view: () => Json,
  texts: Json,
): Json {
  const properties: Json = {};
  for (const name of dice.some(['p', 'q', 'x'], 0))
    properties[name] = dice.pick<() => Json>([
      () => ({
        container: container(),
        containerPropertyIdentifier: dice.pick(['p', 'q', 'r']),
        ...texts,
      }),
      () => ({ container: container(), containerPropertyIdentifier: 'p' }),
      () => ({ type: { space: 's', externalId: 'edge-type' }, source: view(), ...texts }),
    ])();
  return {
    ...reference,
    ...texts,
    properties,
    ...(dice.chance(25) ? { implements: dice.times(1, 2, view) } : {}),
  };
}

/** All that can be read of the schema is the same. */
export async function compareSchema(both: Pair): Promise<void> {
  for (const kind of ['spaces', 'containers', 'datamodels'])
    await both.get(
      `${kind}?limit=1000${kind === 'datamodels' ? '&allVersions=true' : ''}`,
      unordered,
    );
  for (const inherited of [true, false])
    await both.get(
      `views?limit=1000&allVersions=true&includeInheritedProperties=${inherited}`,
      (body) => unordered({ items: body.items.map(mapped) }),
    );
  await both.get(
    'statistics',
    ({ spaces, containers, views, dataModels, containerProperties }) => ({
      ...{ spaces, containers, views, dataModels, containerProperties },
    }),
  );
}

/** The order of mapped containers is free. */
const mapped = (view: Json): Json => ({
  ...view,
  mappedContainers: view.mappedContainers.map((one: Json) => JSON.stringify(ordered(one))).sort(),
});
