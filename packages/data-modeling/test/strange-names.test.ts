import { memoryTransport } from '@cdf/core/testing';
import { edges, graph, nodes, p, param, runGraph, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

/** A view whose properties have names that nodes, JSON and queries use themselves. */
const Odd = view('acme', 'Odd', 'v1', {
  name: p.text(),
  get rel() {
    return p.ref(() => Odd);
  },
  toJSON: p.text().optional(),
  parameter: p.text().optional(),
  serial: p.bigint().optional(),
  details: p.json().optional(),
  seen: p.timestamp().optional(),
  version: p.int().optional().storedIn({ property: 'version_' }),
});
const Named = view('acme', 'Named', 'v1', {
  name: p.text(),
  get constructor() {
    return p.ref(() => Named).many();
  },
});
const Link = view(
  'acme',
  'OddLink',
  'v1',
  { version: p.int().optional().storedIn({ property: 'version_' }) },
  { usedFor: 'edge' },
);

let project: Project;
beforeAll(async () => {
  project = await startProject({}, [Odd, Named, Link]);
});
afterAll(() => project[Symbol.asyncDispose]());

const at = (externalId: string) => ({ space: 'plant', externalId });
const odd = () => nodes(project.transport, Odd, { space: 'plant' });

describe('properties named like members of objects', () => {
  it('are written beside 64-bit integers', async () => {
    const serial = 2n ** 53n + 1n;
    await odd().upsert({ externalId: 'json', name: 'n', toJSON: 'x', serial });
    expect(await odd().retrieve({ externalId: 'json' })).toMatchObject({ toJSON: 'x', serial });
  });

  it('are relations without a value', async () => {
    const names = nodes(project.transport, Named, { space: 'plant' });
    // Compilers take the constructor that every object has for the relation.
    await names.upsert([
      { externalId: 'bare', name: 'n' },
      { externalId: 'whole', name: 'n', constructor: [at('bare')] },
    ] as never);
    const found: readonly unknown[] = await names.find({
      with: { constructor: true },
      orderBy: { externalId: 'asc' },
    } as never);
    expect(found).toMatchObject([{ constructor: [] }, { constructor: [{ externalId: 'bare' }] }]);
  });
});

describe('a property called parameter', () => {
  const where = { rel: { parameter: 'p' } };

  it('is one of the other side of a relation', async () => {
    await odd().upsert([
      { externalId: 'far', name: 'far', parameter: 'p' },
      { externalId: 'near', name: 'near', rel: at('far') },
    ]);
    const found = { externalId: 'near' };
    expect(await odd().list({ where })).toMatchObject([found]);
    const question = graph((g) => ({ odd: g.pick(g.nodes(Odd, { where })) }));
    expect(await runGraph(project.transport, question)).toMatchObject({ odd: [found] });
  });

  it('leaves param() what it is', async () => {
    const question = graph((g) => ({ odd: g.pick(g.nodes(Odd, { where: { rel: param('to') } })) }));
    const parameters = { to: at('far') };
    expect(await runGraph(project.transport, question, { parameters })).toMatchObject({
      odd: [{ externalId: 'near' }],
    });
  });
});

describe('JSON with a member called epochMilliseconds', () => {
  it('is written as it is', async () => {
    const details = { at: { epochMilliseconds: 5, by: 'plc' } };
    await odd().upsert({ externalId: 'details', name: 'n', details });
    expect((await odd().retrieve({ externalId: 'details' }))?.details).toEqual(details);
  });
});

describe('an instant of Temporal', () => {
  it('is a value of a condition by itself', async () => {
    class Instant {
      get epochMilliseconds(): number {
        return 0;
      }
    }
    const transport = memoryTransport(() => ({ items: [] }));
    await nodes(transport, Odd).list({ where: { seen: new Instant() as never } });
    const { body } = transport.requests[0] as { body: { filter: object } };
    expect(body.filter).toEqual({
      equals: { property: ['acme', 'Odd/v1', 'seen'], value: '1970-01-01T00:00:00.000Z' },
    });
  });
});

describe('a property called version', () => {
  it('hides the version of a node, so that checkVersions is rejected: of nodes and edges', async () => {
    await odd().upsert({ externalId: 'v', name: 'first', version: 100 });
    const read = await odd().retrieve({ externalId: 'v' });
    const rejected = { code: 'config', message: expect.stringContaining('"version"') };
    const write = { externalId: 'v', name: 'stale', version: read?.version } as const;
    await expect(odd().upsert(write, { checkVersions: true })).rejects.toMatchObject(rejected);
    await expect(odd().update(write, { checkVersions: true })).rejects.toMatchObject(rejected);
    const link = edges(project.transport, Link, { space: 'plant' });
    const ends = { type: at('t'), startNode: at('v'), endNode: at('v') };
    await expect(
      link.upsert({ externalId: 'l', ...ends, version: 1 }, { checkVersions: true }),
    ).rejects.toMatchObject(rejected);
  });
});
