import type { CallOptions } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, graph, nodes, p, runGraph, view } from '@cdf/data-modeling';
import { AssetsApi, DatapointsApi, EventsApi, FilesApi, TimeSeriesApi } from '@cdf/sdk';
import { expect, it } from 'vitest';

// One object of options, for several calls one after the other, is that of the call each time.

const Pump = view('acme', 'Pump', 'v1', { name: p.text() });
const walk = graph((g) => ({ pumps: g.pick(g.nodes(Pump), ['name']) }));
const at = { externalId: 'a' };

async function first(pages: AsyncIterable<unknown>): Promise<unknown> {
  for await (const page of pages) return page;
  return undefined;
}

type Call = (options: CallOptions) => PromiseLike<unknown>;
function calls(): Record<string, Call> {
  const transport = memoryTransport(() => ({ items: [] }));
  const assets = new AssetsApi(transport);
  const series = new TimeSeriesApi(transport);
  const { subscriptions } = series;
  const points = new DatapointsApi(transport);
  const events = new EventsApi(transport);
  const files = new FilesApi(transport);
  const pumps = nodes(transport, Pump, { space: 's' });
  const { instances, views } = new DataModelingApi(transport);
  const range = { ...at, start: 1, end: 2 };
  return {
    'a list': (options) => events.list({}, options),
    'a list of everything': (options) => assets.list({ limit: Infinity }, options),
    'a list in a loop': (options) => first(events.list({}, options)),
    retrieve: (options) => events.retrieve(at, options),
    'retrieve of an asset': (options) => assets.retrieve(at, {}, options),
    retrieveMultiple: (options) => events.retrieveMultiple([at], {}, options),
    search: (options) => events.search({ search: { description: 'a' } }, options),
    count: (options) => events.aggregate.count({}, options),
    create: (options) => events.create([{ type: 'a' }], options),
    update: (options) => events.update([{ ...at, update: {} }], {}, options),
    upsert: (options) => events.upsert([at], {}, options),
    delete: (options) => events.delete([at], {}, options),
    createHierarchy: (options) => assets.createHierarchy([{ ...at, name: 'a' }], {}, options),
    'data points': (options) => points.retrieve(range, options),
    'latest points': (options) => points.retrieveLatest(at, options),
    'a stream of points': (options) => first(points.stream(range, options)),
    insert: (options) => points.insert(at, [{ timestamp: 1, value: 1 }], options),
    insertMany: (options) =>
      points.insertMany([{ ...at, datapoints: [{ timestamp: 1, value: 1 }] }], options),
    deleteRanges: (options) => points.deleteRanges([range], options),
    'synthetic points': (options) => points.synthetic.query({ expression: '1' }, options),
    'list of subscriptions': (options) => subscriptions.list({}, options),
    'retrieve of a subscription': (options) => subscriptions.retrieve(at, options),
    'create of a subscription': (options) =>
      subscriptions.create({ ...at, partitionCount: 1, timeSeriesIds: [] }, options),
    'update of a subscription': (options) =>
      subscriptions.update({ ...at, update: { name: { set: 'a' } } }, options),
    'delete of a subscription': (options) => subscriptions.delete([at], {}, options),
    consume: (options) => first(subscriptions.consume(at, {}, options)),
    upload: (options) => files.upload(new Blob(['a']), { name: 'a' }, options),
    download: (options) => files.download(at, options),
    downloadUrls: (options) => files.downloadUrls([at], {}, options),
    'list of nodes': (options) => pumps.list({}, options),
    find: (options) => pumps.find({}, options),
    'retrieve of a node': (options) => pumps.retrieve(at, options),
    changes: (options) => first(pumps.changes({}, options)),
    'upsert of nodes': (options) => pumps.upsert([{ ...at, name: 'a' }], {}, options),
    runGraph: (options) => runGraph(transport, walk, options),
    'wire shapes': (options) => instances.list({}, options),
    'views of the schema': (options) => views.list({}, options),
  };
}

it.each(Object.keys(calls()))('%s takes its options as they are at the call', async (name) => {
  const options: { signal?: AbortSignal } = { signal: AbortSignal.abort(new Error('stop')) };
  const done = Promise.resolve((calls()[name] as Call)(options));
  delete options.signal;
  await expect(done).rejects.toThrow();
  const error = await done.catch((each: unknown) => each);
  expect(JSON.stringify([String(error), String((error as Error).cause)])).toMatch(/stop|abort/);
});
