import { strict as assert } from 'node:assert';
import { AssetsApi } from '@cdf/assets';
import { compression, createTransport, hooks, OAuthInteractive, tracing } from '@cdf/core';
import { fileTokenStore } from '@cdf/core/node';
import { bindMethods } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { DatapointsApi } from '@cdf/datapoints';
import { toArrowIpc } from '@cdf/datapoints/arrow';
import { toParquet } from '@cdf/datapoints/parquet';
import { startEmulator } from '@cdf/emulator';
import { EventsApi, FilesApi } from '@cdf/events-files';
import { assetEvents } from '@cdf/events-files/events';
import { assetFiles } from '@cdf/events-files/files';
import { uploadDirectory } from '@cdf/events-files/node';
import { plot } from '@cdf/plot';
import { mountChart } from '@cdf/plot/browser';
import { interactiveHtml } from '@cdf/plot/html';
import { saveChart } from '@cdf/plot/node';
import { pngChart } from '@cdf/plot/png';
import { lineChart } from '@cdf/plot/svg';
import { CdfClient } from '@cdf/sdk';
import * as arrow from '@cdf/sdk/arrow';
import { CdfClient as CoreClient } from '@cdf/sdk/core';
import * as node from '@cdf/sdk/node';
import * as parquet from '@cdf/sdk/parquet';
import * as testing from '@cdf/sdk/testing';
import { CdfClient as LeanClient } from '@cdf/sdk-core';
import * as leanNode from '@cdf/sdk-core/node';
import * as leanTesting from '@cdf/sdk-core/testing';
import { TimeSeriesApi } from '@cdf/timeseries';

const imported = {
  AssetsApi,
  createTransport,
  OAuthInteractive,
  fileTokenStore,
  bindMethods,
  memoryTransport,
  compression,
  hooks,
  tracing,
  DatapointsApi,
  toArrowIpc,
  toParquet,
  startEmulator,
  EventsApi,
  FilesApi,
  assetEvents,
  assetFiles,
  uploadDirectory,
  plot,
  mountChart,
  interactiveHtml,
  saveChart,
  pngChart,
  lineChart,
  CdfClient,
  LeanClient,
  TimeSeriesApi,
};
for (const [name, value] of Object.entries(imported)) assert.equal(typeof value, 'function', name);
for (const entry of [arrow, node, parquet, testing, leanNode, leanTesting]) assert.ok(Object.keys(entry).length > 0);
assert.equal(CoreClient, LeanClient);
assert.equal(arrow.toArrowIpc, toArrowIpc);
assert.equal(node.saveChart, saveChart);
assert.equal(testing.memoryTransport, memoryTransport);

const transport = memoryTransport({
  'POST /assets/list': () => ({ items: [{ id: 1, name: 'pump', rootId: 1 }] }),
});
assert.equal((await new AssetsApi(transport).list())[0].name, 'pump');
console.log(`${process.version} done`);
