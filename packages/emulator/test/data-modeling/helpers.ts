import { expect } from 'vitest';
import { type Answer, type Client, client, type Json } from '../helpers.js';

/** The view and the container that most tests use. */
export const VIEW = { type: 'view', space: 'demo', externalId: 'Thing', version: 'v1' } as const;
export const CONTAINER = { type: 'container', space: 'demo', externalId: 'Thing' } as const;
/** How properties of the view are named in filters and sorts. */
export const property = (name: string): string[] => ['demo', 'Thing/v1', name];
export const node = (externalId: string, space = 'demo'): Json => ({
  instanceType: 'node',
  space,
  externalId,
});
export const reference = (externalId: string, space = 'demo'): Json => ({ space, externalId });
export const core = (externalId: string): Json => ({
  type: 'view',
  space: 'cdf_cdm',
  externalId,
  version: 'v1',
});

const PROPERTIES = {
  name: { type: { type: 'text' }, nullable: false },
  tag: { type: { type: 'text' } },
  power: { type: { type: 'float64' } },
  count: { type: { type: 'int32' }, defaultValue: 1 },
  big: { type: { type: 'int64' } },
  seen: { type: { type: 'timestamp' } },
  labels: { type: { type: 'text', list: true } },
  kind: { type: { type: 'enum', values: { pump: {}, valve: {} } } },
  parent: { type: { type: 'direct' } },
  friends: { type: { type: 'direct', list: true } },
};

/** An emulator in which a space, a container and a view over all of it are. */
export interface Demo extends Client {
  /** A request below `/models`, which must succeed. */
  readonly ok: (path: string, body: unknown) => Promise<Json>;
  /** One that must be refused, with this status and text. */
  readonly refused: (
    path: string,
    body: unknown,
    text?: string | RegExp,
    status?: number,
  ) => Promise<Answer>;
  /** Writes nodes through the view, by their names. */
  readonly put: (nodes: Readonly<Record<string, Json>>, more?: object) => Promise<Json>;
  /** The values of a node as the view shows them; `undefined` when it does not. */
  readonly read: (externalId: string) => Promise<Json>;
  /** The names of the nodes that a filter lets through. */
  readonly names: (filter?: unknown, more?: object) => Promise<string[]>;
}

export async function demo(options: Parameters<typeof client>[0] = {}): Promise<Demo> {
  const made = client(options);
  const ok: Demo['ok'] = async (path, body) => {
    const answer = await made.post(`/models${path}`, body);
    if (answer.status !== 200)
      throw new Error(`${path} ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const refused: Demo['refused'] = async (path, body, text = '', status = 400) => {
    const answer = await made.post(`/models${path}`, body);
    expect({ status: answer.status, code: answer.body?.error?.code }).toEqual({
      status,
      code: status,
    });
    expect(answer.body.error.message).toMatch(text);
    return answer;
  };
  await ok('/spaces', { items: [{ space: 'demo' }] });
  await ok('/containers', {
    items: [{ space: 'demo', externalId: 'Thing', properties: PROPERTIES }],
  });
  const mapped = Object.keys(PROPERTIES).map((name) => [
    name,
    {
      container: CONTAINER,
      containerPropertyIdentifier: name,
      ...(name === 'parent' ? { source: VIEW } : {}),
    },
  ]);
  const properties = {
    ...Object.fromEntries(mapped),
    children: {
      connectionType: 'multi_reverse_direct_relation',
      source: VIEW,
      through: { source: VIEW, identifier: 'parent' },
    },
  };
  await ok('/views', {
    items: [{ space: 'demo', externalId: 'Thing', version: 'v1', properties }],
  });
  return {
    ...made,
    ok,
    refused,
    put: async (nodes, more = {}) =>
      await ok('/instances', {
        items: Object.entries(nodes).map(([externalId, values]) => ({
          ...node(externalId),
          sources: [{ source: VIEW, properties: { name: externalId.toUpperCase(), ...values } }],
        })),
        ...more,
      }),
    read: async (externalId) => {
      const { items } = await ok('/instances/byids', {
        items: [node(externalId)],
        sources: [{ source: VIEW }],
      });
      return items[0]?.properties.demo['Thing/v1'];
    },
    names: async (filter, more = {}) => {
      const { items } = await ok('/instances/list', {
        sources: [{ source: VIEW }],
        filter,
        ...more,
      });
      return items.map(({ externalId }: Json) => externalId);
    },
  };
}

/** The same with four things in it: b and c point at a, d at b. */
export async function filled(): Promise<Demo> {
  const made = await demo();
  await made.put({ a: { count: null } });
  await made.put({
    b: {
      power: 2,
      tag: 'b1',
      labels: ['l', 'm'],
      kind: 'pump',
      parent: reference('a'),
      friends: [reference('a')],
    },
  });
  await made.put({ c: { power: 5, tag: 'B2', labels: [], kind: 'valve', parent: reference('a') } });
  await made.put({ d: { parent: reference('b') } });
  return made;
}

/** A filter for one node. */
export const byName = (externalId: string): object => ({
  equals: { property: ['node', 'externalId'], value: externalId },
});
export const selected: Json = { sources: [{ source: VIEW, properties: ['name'] }] };
export const through = (identifier: string): object => ({ through: { source: VIEW, identifier } });
