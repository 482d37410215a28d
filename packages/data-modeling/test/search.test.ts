import { memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, Pump, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

describe('edges', () => {
  const Pipe = view(
    'acme',
    'Pipe',
    'v1',
    { medium: p.text(), since: p.timestamp() },
    { usedFor: 'edge' },
  );
  const at = (externalId: string) => ({ space: 'plant', externalId });
  const feed = (externalId: string, medium: string) => ({
    ...{ externalId, medium, since: new Date(5), type: at('feeds') },
    ...{ startNode: at(`${externalId}-start`), endNode: at('end') },
  });

  it('are found by words, and by their ends', async () => {
    await push(project.transport, [Pipe]);
    const feeds = edges(project.transport, Pipe, { space: 'plant' });
    await feeds.upsert([feed('f1', 'hot water'), feed('f2', 'cold water'), feed('f3', 'steam')]);
    const found = await feeds.search('water', { orderBy: { externalId: 'asc' } });
    expect(found.map(({ medium }) => medium)).toEqual(['hot water', 'cold water']);
    const where = { startNode: at('f2-start') };
    const [cold, ...others] = await feeds.search('water', { where });
    expect([cold?.externalId, cold?.endNode, others]).toEqual(['f2', at('end'), []]);
  });

  it('from elsewhere are as they were read', async () => {
    const feeds = edges(project.transport, Pipe, { space: 'plant' });
    const read = await feeds.retrieveMultiple([{ externalId: 'f1' }]);
    const [again] = feeds.asList(JSON.parse(JSON.stringify(read)));
    expect(again).toEqual(read[0]);
    expect(again?.since).toEqual(new Date(5));
  });
});

describe('a search', () => {
  it('has the order that is asked for', async () => {
    const pumps = nodes(project.transport, Pump, { space: 'plant' });
    const powers = [3, 1, 2];
    await pumps.upsert(
      powers.map((power) => ({ externalId: `p${power}`, name: 'pump', status: 'on', power })),
    );
    for (const [direction, expected] of [
      ['asc', [1, 2, 3]],
      ['desc', [3, 2, 1]],
    ] as const) {
      const found = await pumps.search('pump', {
        orderBy: { power: direction, externalId: 'asc' },
      });
      expect(found.map(({ power }) => power)).toEqual(expected);
    }
  });

  it('is rejected for what the API does not take in it, before anything is sent', async () => {
    const transport = memoryTransport(() => ({ items: [] }));
    const pumps = nodes(transport, Pump);
    const rejected = (message: string) => ({
      code: 'config',
      message: expect.stringContaining(message),
    });
    const nulls = { orderBy: { power: { direction: 'asc', nulls: 'first' } } } as const;
    await expect(pumps.search('pump', nulls)).rejects.toMatchObject(rejected('power'));
    const where = { or: [{ name: 'n' }, { tags: { prefix: ['a'] } }] };
    await expect(pumps.search('pump', { where })).rejects.toMatchObject(rejected('"tags"'));
    await expect(pumps.aggregate({ where, count: true })).rejects.toMatchObject(rejected('"tags"'));
    expect(transport.requests).toEqual([]);
  });
});
