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
