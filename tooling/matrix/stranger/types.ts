// Every entry, so that every declaration file is checked; and what types promise.
import { type Asset, AssetsApi } from '@cdf/assets';
import type * as core from '@cdf/core';
import type * as coreNode from '@cdf/core/node';
import type * as resource from '@cdf/core/resource';
import type * as testing from '@cdf/core/testing';
import type * as datapoints from '@cdf/datapoints';
import type * as arrow from '@cdf/datapoints/arrow';
import type * as parquet from '@cdf/datapoints/parquet';
import type * as emulator from '@cdf/emulator';
import type * as eventsFiles from '@cdf/events-files';
import type * as events from '@cdf/events-files/events';
import type * as files from '@cdf/events-files/files';
import type * as eventsFilesNode from '@cdf/events-files/node';
import type * as plot from '@cdf/plot';
import type * as plotBrowser from '@cdf/plot/browser';
import type * as html from '@cdf/plot/html';
import type * as plotNode from '@cdf/plot/node';
import type * as png from '@cdf/plot/png';
import type * as drawing from '@cdf/plot/svg';
import { type CallOptions, CdfClient, CdfError, Token, type Transport } from '@cdf/sdk';
import type * as sdkArrow from '@cdf/sdk/arrow';
import type { CdfClient as LeanClient } from '@cdf/sdk/core';
import type * as sdkNode from '@cdf/sdk/node';
import type * as sdkParquet from '@cdf/sdk/parquet';
import type * as sdkTesting from '@cdf/sdk/testing';
import type * as sdkCore from '@cdf/sdk-core';
import type * as sdkCoreNode from '@cdf/sdk-core/node';
import type * as sdkCoreTesting from '@cdf/sdk-core/testing';
import type * as timeseries from '@cdf/timeseries';

export type Entries = [
  typeof core,
  typeof coreNode,
  typeof resource,
  typeof testing,
  typeof datapoints,
  typeof arrow,
  typeof parquet,
  typeof emulator,
  typeof eventsFiles,
  typeof events,
  typeof files,
  typeof eventsFilesNode,
  typeof plot,
  typeof plotBrowser,
  typeof html,
  typeof plotNode,
  typeof png,
  typeof drawing,
  typeof sdkArrow,
  typeof sdkNode,
  typeof sdkParquet,
  typeof sdkTesting,
  typeof sdkCore,
  typeof sdkCoreNode,
  typeof sdkCoreTesting,
  typeof timeseries,
];

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
export function accounted(error: unknown): number {
  return CdfError.isInstance(error) ? error.successful.length + error.unknown.length + error.failed.length : 0;
}
/** A parent must be named, and named once. */
export function wrong(): void {
  // @ts-expect-error a name is missing
  void client.assets.create({ externalId: 'nameless' });
}
export type Plain = Asset;
