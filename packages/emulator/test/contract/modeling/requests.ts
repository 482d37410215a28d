import fc from 'fast-check';
import type { Json } from '../../helpers.js';
import { CONTAINER, key, PROPERTIES, property, VIEW } from './fixture.js';

type Arbitrary = fc.Arbitrary<Json>;

export const word = (first = 'A'): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 1, maxLength: 12 })
    .map((rest) => `${first}${rest}`);
const instance = fc.constantFrom('a', 'b', 'c');
const text = fc
  .string({ maxLength: 20, unit: 'grapheme' })
  .filter((value) => !value.includes('\0'));
const flag = fc.boolean();
const time = fc
  .date({ min: new Date('0002-01-01'), max: new Date('9998-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const described = {
  name: fc.string({ maxLength: 255 }),
  description: fc.string({ maxLength: 50 }),
};

/** Values of the properties of the model. */
const VALUES: Readonly<Record<string, Arbitrary>> = {
  name: text,
  power: fc.double({ noNaN: true, noDefaultInfinity: true }),
  count: fc.integer(),
  on: flag,
  seen: time,
  day: time.map((value) => value.slice(0, 10)),
  labels: fc.array(text, { maxLength: 3 }),
  parent: instance.map(key),
  friends: fc.array(instance.map(key), { maxLength: 3 }),
  more: fc.dictionary(word(), fc.oneof(fc.integer(), text), { maxKeys: 3, noNullPrototype: true }),
};
const names = Object.keys(PROPERTIES);
const listed = new Set(['labels', 'friends']);
const ordered = ['name', 'power', 'count', 'seen', 'day'];

function leaf(name: string): Arbitrary {
  const own = fc.constant(property(name));
  const value = VALUES[name] as Arbitrary;
  const choices: Arbitrary[] = [
    fc.record({ property: own }).map((exists) => ({ exists })),
    fc.record({ property: own, value }).map((equals) => ({ equals })),
  ];
  if (ordered.includes(name)) {
    choices.push(fc.record({ property: own, gte: value, lt: value }).map((range) => ({ range })));
    choices.push(
      fc
        .record({ property: own, values: fc.array(value, { maxLength: 3 }) })
        .map((inside) => ({ in: inside })),
    );
  }
  if (name === 'name')
    choices.push(fc.record({ property: own, value }).map((prefix) => ({ prefix })));
  if (listed.has(name)) {
    choices.push(
      fc.record({ property: own, values: value }).map((containsAny) => ({ containsAny })),
    );
    choices.push(
      fc.record({ property: own, values: value }).map((containsAll) => ({ containsAll })),
    );
  }
  return fc.oneof(...choices);
}

const leaves: Arbitrary = fc.oneof(
  ...names.map(leaf),
  fc.constantFrom<Json>({ matchAll: {} }, { hasData: [VIEW] }, { hasData: [CONTAINER] }),
  fc
    .array(instance.map(key), { maxLength: 3 })
    .map((instanceReferences) => ({ instanceReferences })),
);
export const filters: Arbitrary = fc.letrec((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
    tie('filter').map((not) => ({ not })),
    tie('filter').map((filter) => ({ nested: { scope: property('parent'), filter } })),
  ),
})).filter;

const typed: Arbitrary = fc.oneof(
  fc
    .constantFrom(
      'boolean',
      'int32',
      'int64',
      'float32',
      'float64',
      'timestamp',
      'date',
      'json',
      'timeseries',
      'file',
    )
    .map((type) => ({ type })),
  fc.record(
    { type: fc.constant('text'), list: flag, collation: fc.constantFrom('ucs_basic', 'und', 'nb') },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    { type: fc.constant('direct'), list: flag, container: fc.constant(CONTAINER) },
    { requiredKeys: ['type'] },
  ),
  fc
    .dictionary(word(), fc.record(described, { requiredKeys: [] }), {
      minKeys: 1,
      maxKeys: 4,
      noNullPrototype: true,
    })
    .map((values) => ({ type: 'enum', values })),
);
const containerProperty: Arbitrary = fc.record(
  { type: typed, nullable: flag, immutable: flag, ...described },
  { requiredKeys: ['type'] },
);
const dictionary = (value: Arbitrary, minKeys = 0): Arbitrary =>
  fc.dictionary(word('p'), value, { minKeys, maxKeys: 4, noNullPrototype: true });
export const container: Arbitrary = fc
  .record(
    {
      space: fc.constant('demo'),
      externalId: word('New'),
      ...described,
      usedFor: fc.constantFrom('node', 'edge', 'all', 'record'),
      properties: dictionary(containerProperty, 1),
      constraints: dictionary(fc.constant({ constraintType: 'requires', require: CONTAINER })),
      indexes: fc.constant({}),
    },
    { requiredKeys: ['space', 'externalId', 'properties'] },
  )
  .map((made: Json) => {
    if (made.usedFor === 'record') {
      delete made.constraints;
      delete made.indexes;
    } else if (made.indexes !== undefined) {
      const [first] = Object.entries<Json>(made.properties);
      if (first !== undefined && first[1].type.type !== 'json')
        made.indexes = { i: { properties: [first[0]] } };
    }
    return made;
  });

const viewProperty: Arbitrary = fc.oneof(
  fc.record(
    {
      container: fc.constant(CONTAINER),
      containerPropertyIdentifier: fc.constantFrom(...names),
      ...described,
    },
    { requiredKeys: ['container', 'containerPropertyIdentifier'] },
  ),
  fc.record(
    {
      connectionType: fc.constantFrom('single_edge_connection', 'multi_edge_connection'),
      type: fc.constant(key('link')),
      source: fc.constant(VIEW),
      edgeSource: fc.constant(VIEW),
      direction: fc.constantFrom('outwards', 'inwards'),
      ...described,
    },
    { requiredKeys: ['type', 'source'] },
  ),
  fc.record({
    connectionType: fc.constantFrom(
      'single_reverse_direct_relation',
      'multi_reverse_direct_relation',
    ),
    source: fc.constant(VIEW),
    through: fc.record({
      source: fc.constantFrom<Json>(VIEW, CONTAINER),
      identifier: fc.constantFrom('parent', 'friends'),
    }),
  }),
);
export const view: Arbitrary = fc.record(
  {
    space: fc.constant('demo'),
    externalId: word('New'),
    version: word('v'),
    ...described,
    filter: filters,
    implements: fc.constantFrom([], [VIEW]),
    properties: dictionary(viewProperty),
  },
  { requiredKeys: ['space', 'externalId', 'version'] },
);
export const dataModel: Arbitrary = fc.record(
  {
    space: fc.constant('demo'),
    externalId: word('New'),
    version: word('v'),
    ...described,
    views: fc.uniqueArray(fc.oneof(fc.constant<Json>(VIEW), view), {
      maxLength: 3,
      selector: ({ externalId }) => externalId,
    }),
  },
  { requiredKeys: ['space', 'externalId', 'version'] },
);

const values = fc.record(VALUES, { requiredKeys: [] });
export const write: Arbitrary = fc
  .tuple(
    fc.constantFrom('node', 'edge'),
    fc
      .string({ minLength: 1, maxLength: 256, unit: 'grapheme' })
      .filter((id) => !id.includes('\0') && id.length <= 256),
    fc.option(
      fc.record(
        { source: fc.constantFrom<Json>(VIEW, CONTAINER), properties: values },
        { requiredKeys: ['source'] },
      ),
      { nil: undefined },
    ),
    fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  )
  .map(([instanceType, externalId, source, existingVersion]) => ({
    instanceType,
    space: 'demo',
    externalId: `new-${externalId}`.slice(0, 256),
    ...(instanceType === 'edge'
      ? { type: key('link'), startNode: key('a'), endNode: key('b') }
      : {}),
    ...(source === undefined || instanceType === 'edge' ? {} : { sources: [source] }),
    ...(existingVersion === undefined ? {} : { existingVersion }),
  }));

export const instanceKey: Arbitrary = fc.oneof(
  instance.map((externalId) => ({ instanceType: 'node', ...key(externalId) })),
  fc.constant({ instanceType: 'edge', ...key('e') }),
);
export const source = fc.record(
  {
    source: fc.constant(VIEW),
    targetUnits: fc.constant([{ property: 'power', unit: { unitSystemName: 'SI' } }]),
  },
  { requiredKeys: ['source'] },
);
const selectedSource = fc.record({
  source: fc.constant(VIEW),
  properties: fc.oneof(fc.constant(['*']), fc.subarray(names)),
});
export const sorts = (search: boolean): Arbitrary =>
  fc.array(
    fc.record(
      {
        property: fc.constantFrom(...ordered, 'on', 'parent').map(property),
        direction: fc.constantFrom('ascending', 'descending'),
        ...(search ? {} : { nullsFirst: flag }),
      },
      { requiredKeys: ['property'] },
    ),
    { maxLength: 5 },
  );
const limit = fc.integer({ min: 1, max: 1000 });
const direction = fc.constantFrom('outwards', 'inwards');
const rootNodes = fc.record({ filter: filters }, { requiredKeys: [] }).map((nodes) => ({ nodes }));
const further: Arbitrary = fc.oneof(
  direction.map((way) => ({
    nodes: { from: 'p', through: { source: VIEW, identifier: 'parent' }, direction: way },
  })),
  fc
    .record(
      {
        from: fc.constant('p'),
        direction,
        maxDistance: fc.integer({ min: 1, max: 5 }),
        nodeFilter: filters,
      },
      { requiredKeys: ['from'] },
    )
    .map((edges) => ({ edges })),
);
export const select = (sync: boolean): Arbitrary =>
  fc.record(
    {
      p: fc.record(
        { sources: fc.array(selectedSource, { maxLength: 2 }), ...(sync ? {} : { limit }) },
        { requiredKeys: [] },
      ),
      k: fc.constant({}),
    },
    { requiredKeys: ['p'] },
  );
export const steps: Arbitrary = fc.record({
  p: fc
    .tuple(rootNodes, fc.record({ sort: sorts(false), limit }, { requiredKeys: [] }))
    .map(([step, more]) => ({ ...step, ...more })),
  k: fc.oneof(
    further,
    fc.constant({ union: ['p'], except: [], limit: 5 }),
    fc.constant({ unionAll: ['p', { intersection: ['p'] }] }),
  ),
});
export const syncSteps: Arbitrary = fc.record({
  p: fc
    .tuple(
      rootNodes,
      fc.record(
        {
          limit,
          mode: fc.constantFrom('onePhase', 'twoPhase', 'noBackfill'),
          skipAlreadyDeleted: flag,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([step, more]) => ({ ...step, ...more })),
  k: further,
});
export const aggregates: Arbitrary = fc.array(
  fc.oneof(
    fc.constantFrom({ count: {} }, { count: { property: 'name' } }),
    fc
      .constantFrom('avg', 'min', 'max', 'sum')
      .chain((name) =>
        fc.constantFrom('power', 'count').map((own) => ({ [name]: { property: own } })),
      ),
    fc
      .integer({ min: 1, max: 100 })
      .map((interval) => ({ histogram: { property: 'power', interval } })),
  ),
  { maxLength: 5 },
);
