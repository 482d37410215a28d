import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Thing = view('acme', 'Thing', 'v1', { name: p.text(), power: p.float().optional() });
const Link = view('acme', 'Link', 'v1', { flow: p.float().optional() }, { usedFor: 'edge' });
const settings = { space: 's' };
const end = { space: 's', externalId: 'n' };

function silent(): MemoryTransport {
  return memoryTransport(() => ({ items: [] }));
}

describe('an update that cannot be is rejected before anything is sent', () => {
  const things = (transport: MemoryTransport) => nodes(transport, Thing, settings);
  const links = (transport: MemoryTransport) => edges(transport, Link, settings);

  it.each<[string, (transport: MemoryTransport) => Promise<unknown>]>([
    ['another type', (to) => things(to).update({ externalId: 'a', power: 'x' as never })],
    ['an unknown property', (to) => things(to).update({ externalId: 'a', colour: 1 } as never)],
    [
      'a required property that is cleared',
      (to) => things(to).update({ externalId: 'a', name: null as never }),
    ],
    [
      'an item that is there twice',
      (to) => things(to).update([{ externalId: 'a' }, { externalId: 'a' }]),
    ],
    ['no version', (to) => things(to).update({ externalId: 'a' }, { checkVersions: true })],
    ['another type, of an edge', (to) => links(to).update({ externalId: 'a', flow: '1' as never })],
    [
      'an end that is no name',
      (to) => links(to).update({ externalId: 'a', endNode: 'n' } as never),
    ],
  ])('%s', async (_, update) => {
    const transport = silent();
    await expect(update(transport)).rejects.toMatchObject({ code: 'config' });
    expect(transport.requests).toEqual([]);
  });

  it('and ends that may be those of the edge are looked up', async () => {
    const transport = silent();
    const work = links(transport).update({ externalId: 'a', endNode: end } as never);
    await expect(work).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a list with a hole', () => {
  it('is rejected: JSON would have null in its place', async () => {
    const Tagged = view('acme', 'Tagged', 'v1', { tags: p.text().many() });
    const transport = silent();
    const tags = ['a'];
    tags[2] = 'c';
    await expect(
      nodes(transport, Tagged, settings).upsert({ externalId: 'a', tags }),
    ).rejects.toThrow('upsert nodes: item 0: "tags"[1]: expected a string, got undefined');
    expect(transport.requests).toEqual([]);
  });

  it('is rejected in conditions and among names, too', async () => {
    const transport = silent();
    const things = nodes(transport, Thing, settings);
    const names = ['a'];
    names[2] = 'c';
    await expect(things.list({ where: { name: { in: names } } })).rejects.toThrow('got undefined');
    const all = names.map((externalId) => ({ externalId }));
    await expect(things.retrieveMultiple(all)).rejects.toThrow('item 1');
    expect(transport.requests).toEqual([]);
  });
});
