import { type Asset, type AssetList, AssetsApi } from '@cdf/assets';
import { memoryTransport } from '@cdf/core/testing';
import { graph, nodes, p, runGraph, view } from '@cdf/sdk/data-modeling';
import { expect, expectTypeOf, it } from 'vitest';

// Libraries declare what they call as `() => T | Promise<T>`, and take T for what a page has then.
declare function useQuery<T>(options: { queryFn: () => T | Promise<T> }): { data: T | undefined };

const Pump = view('acme', 'Pump', 'v1', { name: p.text() });
const assets = () => new AssetsApi(memoryTransport(() => ({ items: [{ id: 1, name: 'a' }] })));

it('a list is a promise to libraries that take one', () => {
  const use = () => {
    const { data } = useQuery({ queryFn: () => assets().list() });
    expectTypeOf(data).toEqualTypeOf<AssetList | undefined>();
    expectTypeOf(data?.map((asset) => asset.name)).toEqualTypeOf<string[] | undefined>();
    const transport = memoryTransport({});
    const { data: pumps } = useQuery({ queryFn: () => nodes(transport, Pump).list() });
    expectTypeOf(pumps?.[0]?.name).toEqualTypeOf<string | undefined>();
    const walk = graph((g) => ({ pumps: g.pick(g.nodes(Pump), ['name']) }));
    const { data: page } = useQuery({ queryFn: () => runGraph(transport, walk) });
    expectTypeOf(page?.pumps[0]?.name).toEqualTypeOf<string | undefined>();
  };
  expect(use).toBeTypeOf('function');
});

it('tells when it has ended, either way', async () => {
  const told: string[] = [];
  const list: Promise<Asset[]> = assets().list();
  expect(await list.finally(() => told.push('done'))).toHaveLength(1);
  const broken = new AssetsApi(
    memoryTransport(() => {
      throw new Error('no');
    }),
  );
  await expect(broken.list().finally(() => told.push('failed'))).rejects.toThrow('no');
  expect(told).toEqual(['done', 'failed']);
  expect(Object.prototype.toString.call(list)).toBe('[object Listing]');
});
