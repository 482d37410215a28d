// The promises of the types. `entries.ts`, which is written beside it, imports every entry.
import { type Asset, AssetsApi } from '@cdf/assets';
import { type CallOptions, CdfClient, CdfError, Token, type Transport } from '@cdf/sdk';
import { CogniteAsset } from '@cdf/sdk/cognite-core';
import type { CdfClient as LeanClient } from '@cdf/sdk/core';
import { nodes, p, type Read, view } from '@cdf/sdk/data-modeling';
import { type CdfHttp, cdfHttp } from '@cdf/sdk/http';

export const client: CdfClient = new CdfClient({
  clientName: 'types',
  project: 'p',
  cluster: 'c',
  credentials: new Token(() => 'token'),
});
export const lean: LeanClient = client;

export async function names(options: CallOptions): Promise<string[]> {
  const assets = await client.assets.list({ filter: { root: true } }, options);
  return assets.map((asset) => asset.name);
}
export function modular(transport: Transport): AssetsApi {
  return new AssetsApi(transport);
}
export async function walked(): Promise<number> {
  let count = 0;
  for await (const series of client.timeSeries.list()) count += series.isString ? 0 : 1;
  return count;
}
export async function columns(): Promise<Float64Array> {
  const points = await client.datapoints.retrieve({
    id: 1,
    aggregates: ['max'],
    granularity: '1h',
  });
  // @ts-expect-error only requested aggregates are there
  points.average;
  return points.max;
}
export async function charted(element: HTMLElement): Promise<string> {
  const chart = await (await client.timeSeries.list()).plot({ start: '1d-ago' });
  chart.mount(element);
  return chart.toSvg();
}
export async function related(): Promise<number> {
  const subtree = client.assets.select({ id: 1 }).subtree();
  return (await subtree.events()).length + (await subtree.files()).length;
}
export const http: CdfHttp = cdfHttp(client);
export async function functionIds(): Promise<number[]> {
  const { items } = await http
    .post('functions/list', { json: { limit: 1 } })
    .json<{ items: { id: number }[] }>();
  return items.map(({ id }) => id);
}
export function accounted(error: unknown): number {
  return CdfError.isInstance(error)
    ? error.successful.length + error.unknown.length + error.failed.length
    : 0;
}
/** A parent must be named, and named once. */
export function wrong(): void {
  // @ts-expect-error a name is missing
  void client.assets.create({ externalId: 'nameless' });
}
export type Plain = Asset;

const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  status: p.oneOf('on', 'off'),
  asset: p.ref(() => CogniteAsset),
  get orders() {
    return p.reverse(() => WorkOrder, 'pump');
  },
});
const WorkOrder = view('acme', 'WorkOrder', 'v1', {
  title: p.text(),
  due: p.timestamp().optional(),
  get pump() {
    return p.ref(() => Pump);
  },
});
export function status(pump: Read<typeof Pump>): 'on' | 'off' {
  return pump.status;
}
export async function modelled(): Promise<readonly (string | undefined)[]> {
  const pumps = nodes(client, Pump, { space: 'acme' });
  await pumps.upsert([{ externalId: 'P', name: 'P', status: 'on' }]);
  // @ts-expect-error not one of its values
  await pumps.list({ where: { status: 'broken' } });
  // @ts-expect-error not a relation
  await pumps.find({ with: { name: true } });
  const [found] = await pumps.find({
    where: { power: { gte: 10 } },
    with: { asset: true, orders: { with: { pump: true } } },
  });
  const due: Date | undefined = found?.orders[0]?.due;
  return [found?.asset?.name, found?.orders[0]?.pump?.name, due?.toISOString()];
}

const Machine = view('acme', 'Machine', 'v1', {
  kind: p.text(),
  power: p.float().optional(),
  get unit() {
    return p.ref(() => Unit);
  },
});
const Unit = view('acme', 'Unit', 'v1', {
  name: p.text(),
  get machines() {
    return p.reverse(() => Machine, 'unit');
  },
});
export async function joined(): Promise<(string | undefined)[]> {
  const units = nodes(client, Unit, { space: 'acme' });
  const [found] = await units.find({
    with: {
      machines: {
        where: { power: { gte: 5 }, or: [{ kind: 'x' }] },
        orderBy: { kind: 'asc' },
        limit: 5,
        with: { unit: { with: { machines: true } } },
      },
    },
  });
  // @ts-expect-error an unknown relation
  units.find({ with: { nope: true } });
  // @ts-expect-error neither true nor options
  units.find({ with: { machines: 'true' } });
  // @ts-expect-error an unknown property
  units.find({ with: { machines: { where: { kidn: 'x' } } } });
  // @ts-expect-error an operator that numbers do not have
  units.find({ with: { machines: { where: { power: { prefix: 'x' } } } } });
  // @ts-expect-error an unknown property
  units.find({ with: { machines: { orderBy: { nope: 'asc' } } } });
  // @ts-expect-error a misspelled option
  units.find({ with: { machines: { limit: 5, lmit: 5 } } });
  // @ts-expect-error an unknown relation, two levels down
  units.find({ with: { machines: { with: { unit: { with: { nope: true } } } } } });
  // @ts-expect-error a wrong member of an item
  await units.upsert([{ externalId: 'a', name: 5 }]);
  const kind: string | undefined = found?.machines[0]?.unit?.machines[0]?.kind;
  return [kind, found?.name];
}
