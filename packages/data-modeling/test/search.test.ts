import { memoryTransport } from '@cdf/core/testing';
import { nodes } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, Pump, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

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
