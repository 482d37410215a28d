import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const Station = view('acme', 'Station', 'v1', {
  name: p.text(),
  get next() {
    return p.ref(() => Station);
  },
  get others() {
    return p.ref(() => Station).many();
  },
});

const at = (externalId: string) => ({ space: 'plant', externalId });
const station = (externalId: string, ...targets: readonly string[]) => ({
  externalId,
  name: 'n',
  others: targets.map(at),
});

interface Sent {
  readonly externalId: string;
  readonly sources: readonly [
    { readonly properties: { readonly others: readonly { externalId: string }[] } },
  ];
}

/** A project that notes its transactions and refuses unknown targets. */
function project() {
  const known = new Set<string>();
  const sizes: number[] = [];
  const order: string[] = [];
  const transport = memoryTransport({
    'POST /models/views/byids': () => ({ items: [] }),
    'POST /models/instances': ({ body }) => {
      const { items } = body as { items: Sent[] };
      sizes.push(items.length);
      for (const { externalId } of items) known.add(externalId);
      for (const { sources } of items)
        for (const target of sources[0].properties.others ?? [])
          if (!known.has(target.externalId)) throw new Error(`${target.externalId} is unknown`);
      order.push(...items.map(({ externalId }) => externalId));
      return {
        items: items.map(({ externalId }) => ({
          ...at(externalId),
          version: 1,
          wasModified: true,
        })),
      };
    },
  });
  return { sizes, order, stations: nodes(transport, Station, { space: 'plant' }) };
}

const ORDER = { dependencies: 'order' } as const;

describe('an upsert in the order of dependencies', () => {
  it('writes a circle before what refers to it', async () => {
    const leaves = Array.from({ length: 1_100 }, (_, i) => station(`leaf-${i}`, 'hub-1'));
    const { stations, order } = project();
    await stations.upsert([...leaves, station('hub-1', 'hub-2'), station('hub-2', 'hub-1')], ORDER);
    expect(order.slice(0, 3)).toEqual(['hub-1', 'hub-2', 'leaf-0']);
  });

  it('writes a circle in one transaction, where it fits', async () => {
    const others = Array.from({ length: 999 }, (_, i) => station(`other-${i}`));
    const circle = [station('a', 'b'), station('b', 'c'), station('c', 'a')];
    const { stations, sizes } = project();
    await stations.upsert([...others, ...circle], ORDER);
    expect(sizes).toEqual([999, 3]);
  });

  it('leaves items as they are that are in order', async () => {
    const items = [station('a'), station('b', 'a'), station('c', 'a'), station('d', 'b', 'c')];
    const { stations, order } = project();
    await stations.upsert(items, ORDER);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes a chain and a circle of 20,000, whatever the stack', async () => {
    for (const last of [[], ['n0']]) {
      const count = 20_000;
      const items = Array.from({ length: count }, (_, i) =>
        i + 1 < count ? station(`n${i}`, `n${i + 1}`) : station(`n${i}`, ...last),
      );
      const { stations, order } = project();
      const work = stations.upsert(items, ORDER);
      if (last.length > 0) await expect(work).rejects.toThrow('is unknown');
      else await work;
      if (last.length === 0) expect(order[0]).toBe(`n${count - 1}`);
    }
  });

  it('has every target before what refers to it, or in one circle with it', async () => {
    const graph = fc.array(fc.array(fc.nat(24), { maxLength: 2 }), {
      minLength: 1,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(graph, async (links) => {
        const targets = links.map((each) => each.filter((target) => target < links.length));
        const { stations, order } = project();
        await stations.upsert(
          targets.map((each, i) => station(`${i}`, ...each.map(String))),
          ORDER,
        );
        const reach = targets.map((_, start) => {
          const found = new Set<number>();
          const open = [start];
          for (let place = open.pop(); place !== undefined; place = open.pop())
            for (const target of targets[place] ?? [])
              if (!found.has(target)) open.push(target) && found.add(target);
          return found;
        });
        const position = targets.map((_, i) => order.indexOf(`${i}`));
        expect([...order].sort()).toEqual(targets.map((_, i) => `${i}`).sort());
        for (const [place, each] of targets.entries())
          for (const target of each)
            if (!reach[target]?.has(place) && target !== place)
              expect(position[target]).toBeLessThan(position[place] as number);
      }),
      { numRuns: 300 },
    );
  });
});
