/**
 * What users ship, story by story: our code, the same with the official client, what it should weigh one day and the most it may
 * weigh now (gzip, bytes), and what must not be found in the bundle. A limit moves only in the commit that needs it, with the reason.
 */
const CONFIG =
  "{ clientName: 'app', project: 'p', baseUrl: 'https://x.cognitedata.com', credentials: new Token(() => '') }";
const OFFICIAL =
  "new CogniteClient({ appId: 'app', project: 'p', baseUrl: 'https://x.cognitedata.com', oidcTokenProvider: async () => '' })";

export const stories = [
  {
    name: 'list assets with a token',
    goal: 9_000,
    limit: 27_000,
    absent: ['/events', '/timeseries', '/files', 'authorization_code', 'client_credentials', '<svg'],
    ours: `import { AssetsApi } from '@cdf/assets'; import { createTransport, Token } from '@cdf/core';
export const run = () => new AssetsApi(createTransport(${CONFIG})).list();`,
    official: `import { CogniteClient } from '@cognite/sdk'; export const run = () => ${OFFICIAL}.assets.list();`,
  },
  {
    name: 'events of a subtree',
    goal: 11_000,
    limit: 28_500,
    absent: ['/timeseries', 'initmultipartupload', 'authorization_code', '<svg'],
    ours: `import { AssetsApi } from '@cdf/assets'; import { createTransport, Token } from '@cdf/core'; import { assetEvents, EventsApi } from '@cdf/events-files/events';
const transport = createTransport(${CONFIG});
export const run = () => new AssetsApi(transport, { events: assetEvents(new EventsApi(transport)) }).select({ id: 1 }).subtree().events();`,
    official: `import { CogniteClient } from '@cognite/sdk'; export const run = () => ${OFFICIAL}.events.list({ filter: { assetSubtreeIds: [{ id: 1 }] } }).autoPagingToArray({ limit: Infinity });`,
  },
  {
    name: 'read data points of one series',
    goal: 13_000,
    limit: 35_500,
    absent: ['/assets/list', '/events', '/files', 'authorization_code', '<svg'],
    ours: `import { createTransport, Token } from '@cdf/core'; import { DatapointsApi } from '@cdf/datapoints';
export const run = () => new DatapointsApi(createTransport(${CONFIG})).retrieve({ id: 1 });`,
    official: `import { CogniteClient } from '@cognite/sdk'; export const run = () => ${OFFICIAL}.datapoints.retrieve({ items: [{ id: 1 }] });`,
  },
  {
    name: 'the lean client',
    goal: 24_000,
    limit: 65_500,
    absent: ['<svg', 'resvg', 'parquet'],
    ours: `import { CdfClient, Token } from '@cdf/sdk-core'; export const run = () => new CdfClient(${CONFIG});`,
    official: `import { CogniteClient } from '@cognite/sdk'; export const run = () => ${OFFICIAL};`,
  },
  {
    name: 'the full client, plotting',
    goal: 45_000,
    limit: 94_000,
    absent: ['resvg'],
    ours: `import { CdfClient, Token } from '@cdf/sdk';
export const run = async (element) => (await (await new CdfClient(${CONFIG}).timeSeries.list()).plot()).mount(element);`,
  },
];
