import { p, push, view } from '@cdf/data-modeling';
import type { CdfClient } from '@cdf/sdk-core';

// Views of the graph that is lied about: with relations of every kind, and one with 64-bit
// integers.

export const SPACE = 'liar';
export const FEEDS = { space: SPACE, externalId: 'feeds' };

export const Site = view(SPACE, 'Site', 'v1', {
  name: p.text(),
  get machines() {
    return p.reverse(() => Machine, 'site');
  },
});

export const Machine = view(SPACE, 'Machine', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  status: p.text().optional(),
  site: p.ref(() => Site),
  get spares() {
    return p.ref(() => Machine).many();
  },
  get orders() {
    return p.reverse(() => Order, 'machines');
  },
  get feeds() {
    return p.edges(() => Machine, { type: FEEDS, properties: () => Feed });
  },
});

const Order = view(SPACE, 'Order', 'v1', { name: p.text(), machines: p.ref(() => Machine).many() });

export const Feed = view(
  SPACE,
  'Feed',
  'v1',
  { name: p.text(), flow: p.float() },
  { usedFor: 'edge' },
);

export const Device = view(SPACE, 'Device', 'v1', { name: p.text(), serial: p.bigint() });

/** Pages of two need seven of each for the fourth page, which is where cursors can alternate. */
const Team = view(SPACE, 'Team', 'v1', { name: p.text() });
const Shift = view(SPACE, 'Shift', 'v1', { name: p.text() });

const VIEWS = [Site, Machine, Order, Feed, Device, Team, Shift] as const;
/** The names of the spaces, containers, views and data models that there are. */
export const NAMES = ['Site', 'Machine', 'Order', 'Feed', 'Device', 'Team', 'Shift'] as const;

export async function pushViews(honest: CdfClient): Promise<void> {
  await push(honest, VIEWS);
}

export const at = (externalId: string): { space: string; externalId: string } => ({
  space: SPACE,
  externalId,
});
const MACHINES = 7;
const node = (
  externalId: string,
  model: { externalId: string; version: string },
  properties: object,
): object => ({
  ...{ instanceType: 'node', ...at(externalId) },
  sources: [
    {
      source: { type: 'view', space: SPACE, externalId: model.externalId, version: model.version },
      properties,
    },
  ],
});

/** A small graph: sites, machines, the machines that they feed, orders and devices. */
export async function fillGraph(honest: CdfClient): Promise<void> {
  await pushViews(honest);
  const { dataModeling: api } = honest;
  await api.spaces.upsert(
    NAMES.map((name) => ({
      space: `liar-${name.toLowerCase()}`,
      name: `Space of ${name}`,
      description: name,
    })),
  );
  const views = VIEWS.map(({ space, externalId, version }) => ({
    type: 'view' as const,
    space,
    externalId,
    version,
  }));
  await api.dataModels.upsert(
    NAMES.map((name) => ({
      space: SPACE,
      externalId: name,
      version: 'v1',
      name: `Model of ${name}`,
      views,
    })),
  );
  const indexes = Array.from({ length: MACHINES }, (_, index) => index);
  const machine = (index: number): string => `machine-${index % MACHINES}`;
  await api.instances.apply({
    autoCreateDirectRelations: true,
    autoCreateStartNodes: true,
    autoCreateEndNodes: true,
    items: [
      ...[0, 1, 2].map((index) => node(`site-${index}`, Site, { name: `Site ${index}` })),
      ...indexes.map((index) =>
        node(machine(index), Machine, {
          name: `Machine ${index}`,
          power: index + 0.5,
          status: `status ${index % 3}`,
          site: at(`site-${index % 3}`),
          spares: [at(machine(index + 1)), at(machine(index + 3))],
        }),
      ),
      ...[0, 1, 2, 3].map((index) =>
        node(`order-${index}`, Order, {
          name: `Order ${index}`,
          machines: [at(machine(index)), at(machine(index + 2))],
        }),
      ),
      ...indexes.map((index) =>
        node(`device-${index}`, Device, { name: `Device ${index}`, serial: 1000 + index }),
      ),
      ...indexes.map((index) => ({
        ...{ instanceType: 'edge', ...at(`feed-${index}`), type: FEEDS },
        startNode: at(machine(index)),
        endNode: at(machine(index + 1)),
        sources: [
          {
            source: { type: 'view', space: SPACE, externalId: 'Feed', version: 'v1' },
            properties: { name: `Feed ${index}`, flow: index + 0.25 },
          },
        ],
      })),
    ],
  });
}
