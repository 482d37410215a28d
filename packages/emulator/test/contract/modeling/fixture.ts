import { type Client, client, type Json } from '../../helpers.js';
import type { Example } from '../examples.js';

const NOW = Date.UTC(2024, 5, 1);
export const VIEW = { type: 'view', space: 'demo', externalId: 'Thing', version: 'v1' } as const;
export const CONTAINER = { type: 'container', space: 'demo', externalId: 'Thing' } as const;
export const key = (externalId: string): Json => ({ space: 'demo', externalId });
export const property = (name: string): string[] => ['demo', 'Thing/v1', name];
const node = (externalId: string): Json => ({ instanceType: 'node', ...key(externalId) });
const edge = {
  instanceType: 'edge',
  ...key('e'),
  type: key('link'),
  startNode: key('a'),
  endNode: key('b'),
};

/** The properties of the container, by their types. */
export const PROPERTIES: Readonly<Record<string, Json>> = {
  name: { type: { type: 'text' } },
  power: { type: { type: 'float64', unit: { externalId: 'pressure:bar' } } },
  count: { type: { type: 'int32' }, defaultValue: 1 },
  on: { type: { type: 'boolean' } },
  seen: { type: { type: 'timestamp' } },
  day: { type: { type: 'date' } },
  labels: { type: { type: 'text', list: true } },
  parent: { type: { type: 'direct' } },
  friends: { type: { type: 'direct', list: true } },
  more: { type: { type: 'json' } },
};

const mapped = Object.keys(PROPERTIES).map((name) => [
  name,
  {
    container: CONTAINER,
    containerPropertyIdentifier: name,
    ...(name === 'parent' ? { source: VIEW } : {}),
  },
]);
const children = {
  connectionType: 'multi_reverse_direct_relation',
  source: VIEW,
  through: { source: VIEW, identifier: 'parent' },
};
const links = { type: key('link'), source: VIEW, direction: 'outwards' };
const view = {
  ...key('Thing'),
  version: 'v1',
  properties: { ...Object.fromEntries(mapped), children, links },
};
const container = {
  ...key('Thing'),
  properties: PROPERTIES,
  constraints: { unique: { properties: ['day', 'seen'] } },
  indexes: { name: { properties: ['name'] } },
};

/** An emulator in which a small model with some instances is. */
export async function modelingFixture(): Promise<Client> {
  const made = client({ now: () => NOW });
  const write = async (path: string, items: Json[]): Promise<void> => {
    const { status, body } = await made.post(`/models${path}`, { items });
    if (status !== 200) throw new Error(JSON.stringify(body));
  };
  await write('/spaces', [{ space: 'demo' }, { space: 'empty' }]);
  await write('/containers', [container]);
  await write('/views', [view]);
  await write('/datamodels', [{ ...key('M'), version: '1', views: [VIEW] }]);
  const thing = (externalId: string, properties: Json): Json => ({
    ...node(externalId),
    sources: [{ source: VIEW, properties }],
  });
  await write('/instances', [
    thing('a', {
      name: 'A',
      power: 1.5,
      labels: ['l'],
      more: { a: 1 },
      seen: '2024-01-01T00:00:00Z',
    }),
    thing('b', {
      name: 'B',
      parent: key('a'),
      friends: [key('a'), key('b')],
      on: true,
      day: '2024-01-01',
    }),
    { ...node('c'), type: key('kind') },
    edge,
  ]);
  return made;
}

const filter = {
  and: [{ hasData: [VIEW] }, { not: { equals: { property: property('name'), value: 'x' } } }],
};
const sort = [{ property: property('name'), direction: 'descending', nullsFirst: true }];
const targetUnits = [{ property: 'power', unit: { externalId: 'pressure:pa' } }];
const debug = { emitResults: true, timeout: 1000, profile: false };
const source = { source: VIEW, targetUnits };
const selected = { source: VIEW, properties: ['name', 'power'], targetUnits };
const through = { source: VIEW, identifier: 'parent' };
const identifiers = {
  items: [{ space: 'demo', containerExternalId: 'Thing', identifier: 'unique' }],
};
const text = { name: 'Name', description: 'd' };

/** A valid request for each operation, with as many of its members as go together. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'POST /models/spaces': { body: { items: [{ space: 'new', ...text }] } },
  'GET /models/spaces': { path: '/models/spaces?limit=2&includeGlobal=true' },
  'POST /models/spaces/byids': { body: { items: [{ space: 'demo' }] } },
  'POST /models/spaces/delete': { body: { items: [{ space: 'empty' }] } },
  'POST /models/containers': {
    body: {
      items: [
        {
          ...key('New'),
          ...text,
          usedFor: 'node',
          properties: {
            p: {
              type: { type: 'text', list: false, collation: 'ucs_basic' },
              nullable: true,
              immutable: false,
              ...text,
            },
          },
          constraints: { c: { constraintType: 'requires', require: CONTAINER } },
          indexes: {
            i: { indexType: 'btree', properties: ['p'], cursorable: true, bySpace: true },
          },
        },
      ],
    },
  },
  'GET /models/containers': { path: '/models/containers?limit=2&space=demo&includeGlobal=true' },
  'POST /models/containers/byids': { body: { items: [key('Thing')] } },
  'POST /models/containers/delete': { body: { items: [key('Thing')] } },
  'POST /models/containers/constraints/delete': { body: identifiers },
  'POST /models/containers/constraints/retry': { body: identifiers },
  'POST /models/containers/indexes/delete': {
    body: { items: [{ space: 'demo', containerExternalId: 'Thing', identifier: 'name' }] },
  },
  'POST /models/containers/indexes/retry': { body: identifiers },
  'POST /models/containers/properties/retry': { body: identifiers },
  'POST /models/containers/inspect': {
    body: {
      items: [key('Thing')],
      inspectionOperations: {
        involvedViews: { allVersions: true },
        totalInvolvedViewCount: { allVersions: true, includeUnavailableViews: true },
      },
    },
  },
  'POST /models/views': {
    body: {
      items: [
        {
          ...key('New'),
          version: 'v2',
          ...text,
          filter: { hasData: [CONTAINER] },
          implements: [VIEW],
          properties: {
            own: {
              container: CONTAINER,
              containerPropertyIdentifier: 'parent',
              source: VIEW,
              ...text,
            },
          },
        },
      ],
    },
  },
  'GET /models/views': { path: '/models/views?limit=2&space=demo&allVersions=true' },
  'POST /models/views/byids': { body: { items: [{ ...key('Thing'), version: 'v1' }] } },
  'POST /models/views/delete': { body: { items: [{ ...key('Thing'), version: 'v1' }] } },
  'POST /models/datamodels': {
    body: { items: [{ ...key('New'), version: '1', ...text, views: [VIEW] }] },
  },
  'GET /models/datamodels': { path: '/models/datamodels?limit=2&inlineViews=true&space=demo' },
  'POST /models/datamodels/byids': { body: { items: [{ ...key('M'), version: '1' }] } },
  'POST /models/datamodels/delete': { body: { items: [{ ...key('M'), version: '1' }] } },
  'POST /models/instances': {
    body: {
      items: [
        {
          ...node('new'),
          existingVersion: 0,
          type: key('kind'),
          sources: [{ source: VIEW, properties: { name: 'N' } }],
        },
      ],
      delete: [{ ...node('b'), existingVersion: 5 }],
      autoCreateDirectRelations: true,
      autoCreateStartNodes: true,
      autoCreateEndNodes: true,
      skipOnVersionConflict: false,
      replace: true,
    },
  },
  'POST /models/instances/list': {
    body: {
      instanceType: 'node',
      sources: [source],
      filter,
      sort,
      limit: 2,
      includeTyping: true,
      debug,
    },
  },
  'POST /models/instances/byids': {
    body: { items: [node('a')], sources: [source], includeTyping: true },
  },
  'POST /models/instances/search': {
    body: {
      view: VIEW,
      query: 'a',
      instanceType: 'node',
      properties: ['name'],
      targetUnits,
      filter,
      includeTyping: true,
      sort: [{ property: property('name'), direction: 'ascending' }],
      operator: 'AND',
      limit: 5,
    },
  },
  'POST /models/instances/aggregate': {
    body: {
      view: VIEW,
      instanceType: 'node',
      query: 'a',
      properties: ['name'],
      limit: 5,
      aggregates: [
        { count: { property: 'name' } },
        { histogram: { property: 'power', interval: 2 } },
      ],
      groupBy: ['name'],
      filter,
      operator: 'OR',
      targetUnits,
      includeTyping: true,
    },
  },
  'POST /models/instances/delete': { body: { items: [{ ...node('a'), existingVersion: 3 }] } },
  'POST /models/instances/query': {
    body: {
      with: {
        p: { nodes: { filter: { matchAll: {} } }, sort, limit: 5 },
        k: {
          nodes: { from: 'p', through, direction: 'inwards', chainTo: 'destination' },
          limit: 5,
        },
        e: { edges: { from: 'p', maxDistance: 1, direction: 'outwards', limitEach: 3 }, limit: 5 },
      },
      select: { p: { sources: [selected], limit: 4 }, k: {}, e: {} },
      parameters: { x: 'y' },
      cursors: {},
      includeTyping: true,
      debug,
    },
  },
  'POST /models/instances/sync': {
    body: {
      with: {
        p: {
          nodes: { filter },
          limit: 5,
          mode: 'twoPhase',
          backfillSort: sort,
          skipAlreadyDeleted: true,
        },
        e: { edges: { direction: 'outwards' }, limit: 5 },
      },
      select: { p: { sources: [selected] }, e: {} },
      parameters: { x: 'y' },
      cursors: {},
      includeTyping: true,
      allowExpiredCursorsAndAcceptMissedDeletes: true,
      debug,
    },
  },
  'POST /models/instances/inspect': {
    body: {
      items: [node('a')],
      inspectionOperations: {
        involvedViews: { allVersions: true },
        involvedContainers: { allVersions: true },
      },
    },
  },
  'GET /models/statistics': {},
  'GET /models/statistics/spaces': {},
  'POST /models/statistics/spaces/byids': { body: { items: [{ space: 'demo' }] } },
};
