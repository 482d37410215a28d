// What types promise. `entries.ts`, which is written beside it, imports every entry.
import { type Asset, AssetsApi } from '@cdf/assets';
import { type CallOptions, CdfClient, CdfError, Token, type Transport } from '@cdf/sdk';
import type { CdfClient as LeanClient } from '@cdf/sdk/core';
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
  const points = await client.datapoints.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' });
  // @ts-expect-error only what was asked for is there
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
  const { items } = await http.post('functions/list', { json: { limit: 1 } }).json<{ items: { id: number }[] }>();
  return items.map(({ id }) => id);
}
export function accounted(error: unknown): number {
  return CdfError.isInstance(error) ? error.successful.length + error.unknown.length + error.failed.length : 0;
}
/** A parent must be named, and named once. */
export function wrong(): void {
  // @ts-expect-error a name is missing
  void client.assets.create({ externalId: 'nameless' });
}
export type Plain = Asset;
