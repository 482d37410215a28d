// Helpers as users write them, without return types: the declarations of this file name what
// `@cdf/sdk` gives, and no other package.
import {
  AssetHierarchy,
  and,
  CdfClient,
  CdfError,
  type CdfClient as Client,
  compression,
  equals,
  hooks,
  type Interceptor,
  prefix,
  type SeriesPlotOptions,
  Token,
  tracing,
  ts,
  type UploadOptions,
  type UploadSession,
} from '@cdf/sdk';

export const connect = () =>
  new CdfClient({
    clientName: 'app',
    project: 'p',
    cluster: 'c',
    credentials: new Token(async () => 'token'),
  });

export const pump = (client: Client) => client.assets.retrieve({ externalId: 'pump' });
export const roots = (client: Client) => client.assets.list({ filter: { root: true } });
export const plant = (client: Client) => client.assets.select({ externalId: 'plant' }).subtree();
export const plantTree = async (client: Client) => (await plant(client)).tree();
export const plantEvents = async (client: Client) =>
  plant(client).events({ filter: { type: 'alarm' } });
export const plantSeries = async (client: Client) => plant(client).timeSeries();
export const manuals = async (client: Client) => (await pump(client))?.files();
export const createPlant = (client: Client) =>
  client.assets.createHierarchy([{ name: 'plant', externalId: 'plant' }], { dryRun: true });
export const checkPlant = () =>
  new AssetHierarchy([{ name: 'plant', externalId: 'plant' }]).validate();
export const countAssets = (client: Client) => client.assets.aggregate.uniqueValues('source');
export const aggregates = ({ events }: Client) => events.aggregate;

export const pressure = async (client: Client) => {
  const series = await client.timeSeries.retrieve({ externalId: 'pressure' });
  if (series === undefined) throw new Error('the pressure is not there');
  return series;
};
export const plotDefaults = {
  aggregates: ['average'],
  granularity: '1h',
} satisfies SeriesPlotOptions;
export const pressureChart = async (client: Client) => (await pressure(client)).plot(plotDefaults);
export const allCharts = async (client: Client) =>
  (await client.timeSeries.list({ limit: 5 })).plot();
export const mounted = async (client: Client, element: HTMLElement) =>
  (await pressureChart(client)).mount(element);
export const chartParts = async (client: Client) => {
  const chart = await pressureChart(client);
  return { spec: chart.toJSON(), vega: chart.toVegaLite(), save: chart.save, png: chart.toPng };
};

export const raw = (client: Client) => client.datapoints.retrieve({ id: 1 });
export const hourly = (client: Client) =>
  client.datapoints.retrieve({ id: 1, aggregates: ['average', 'max'], granularity: '1h' });
export const several = (client: Client) =>
  client.datapoints.retrieve({
    items: [{ id: 1 }, { id: 2, aggregates: ['min'], granularity: '1d' }],
  });
export const rows = async (client: Client) => [...(await hourly(client))];
export const columnsOf = async (client: Client) => ({ ...(await hourly(client)) });
export const long = async (client: Client) =>
  (await several(client)).filter(({ length }) => length > 10);
export const found = async (client: Client) => (await several(client)).get({ id: 1 });
export const latest = async (client: Client) => (await pressure(client)).latest();
export const daily = async (client: Client) =>
  (await pressure(client)).datapoints({ aggregates: ['sum'], granularity: '1d' });
export const table = async (client: Client) => (await several(client)).toTable();
export const columns = async (client: Client) => (await table(client)).describe();
export const batches = (client: Client) => client.datapoints.stream({ items: [{ id: 1 }] });
export const formula = (client: Client) =>
  client.datapoints.synthetic.query({ expressions: [power()] });
export const power = () => ts('voltage').mul(ts('current'));

export const { mul } = power();
export const { list, search } = connect().timeSeries;
export const { create, update, upsert } = connect().events;
export const { select, createHierarchy } = connect().assets;
export const { retrieve, insertMany } = connect().datapoints;

export const changes = (client: Client) =>
  client.timeSeries.subscriptions.consume({ externalId: 'all' });
export const subscription = (client: Client) =>
  client.timeSeries.subscriptions.retrieve({ externalId: 'all' });

export const uploads = (client: Client) =>
  client.files.upload(new Blob(['text']), { name: 'notes.txt' });
export const resumable = (client: Client) => {
  const sessions: UploadSession[] = [];
  const options: UploadOptions = { onSession: (session) => void sessions.push(session) };
  return {
    options,
    resume: () => client.files.resumeUpload(sessions[0] as UploadSession, new Blob(['text'])),
  };
};
export const download = (client: Client) => client.files.downloadUrls([{ id: 1 }]);

export const isAlarm = () => and(equals('type', 'alarm'), prefix('externalId', 'a'));
export const alarms = (client: Client) => client.events.list({ advancedFilter: isAlarm() });
export const eventTable = async (client: Client) => (await alarms(client)).toTable();
export const upserted = (client: Client) =>
  client.events.upsert([{ externalId: 'a', type: 'alarm' }]);

export const account = (error: unknown) => (CdfError.isInstance(error) ? error : undefined);
export const failures = (error: unknown) => account(error)?.errors;
export const who = (client: Client) => client.token.inspect();
export const seam = (client: Client) => client.transport;
export const detached = ({ events: { list, retrieve, create } }: Client) => ({
  list,
  retrieve,
  create,
});

export const stamped =
  (name: string): Interceptor =>
  (next) =>
  (request) =>
    next({ ...request, headers: { ...request.headers, 'x-stamp': name } });
export const interceptors = () => [
  compression(),
  tracing(),
  hooks({ onRetry: () => {} }),
  stamped('a'),
];
