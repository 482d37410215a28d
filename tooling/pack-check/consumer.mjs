/** The files of the stranger's project, by name. */
export const consumer = {
  'import.mjs': `
import assert from 'node:assert/strict';
import { AssetsApi } from '@cdf/assets';
import { CdfClient, Token } from '@cdf/sdk';
import { CdfClient as LeanClient } from '@cdf/sdk/core';
import { memoryTransport } from '@cdf/core/testing';
import { startEmulator } from '@cdf/emulator';

const assets = new AssetsApi(memoryTransport({ 'POST /assets/list': () => ({ items: [{ id: 1, name: 'pump', rootId: 1 }] }) }));
assert.equal((await assets.list())[0].name, 'pump');

const emulator = await startEmulator();
try {
  const config = { clientName: 'pack-check', project: emulator.project, baseUrl: emulator.url, credentials: new Token('any') };
  assert.equal(typeof new LeanClient(config).assets.list, 'function');
  assert.equal(typeof new CdfClient(config).timeSeries.list, 'function');
} finally {
  await emulator.close();
}
`,
  'require.cjs': `
const assert = require('node:assert/strict');
const { CdfClient, Token } = require('@cdf/sdk');
assert.equal(typeof CdfClient, 'function');
assert.equal(typeof Token, 'function');
`,
  'types.ts': `
import { AssetsApi, type Asset } from '@cdf/assets';
import { CdfClient, type CallOptions, type Transport } from '@cdf/sdk';
import { CdfClient as LeanClient } from '@cdf/sdk/core';

export async function names(client: CdfClient, options: CallOptions): Promise<string[]> {
  const assets = await client.assets.list({ filter: { root: true } }, options);
  return assets.map((asset) => asset.name);
}
export function modular(transport: Transport): AssetsApi {
  return new AssetsApi(transport);
}
export async function typed(client: CdfClient): Promise<Float64Array> {
  const points = await client.datapoints.retrieve({ id: 1, aggregates: ['max'], granularity: '1h' });
  // @ts-expect-error only what was asked for is there
  points.average;
  return points.max;
}
export const lean = (client: CdfClient): LeanClient => client;
export type Plain = Asset;
`,
};
