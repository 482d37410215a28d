import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, edges, nodes, p, view } from '@cdf/data-modeling';
import {
  AssetsApi,
  DatapointsApi,
  EventsApi,
  eventIntervals,
  FilesApi,
  TimeSeriesApi,
} from '@cdf/sdk';
import { describe, expect, it } from 'vitest';

// A map, or a promise that was not awaited, has no members: as options it would mean "no options",
// and a list would read everything.

const Pump = view('acme', 'Pump', 'v1', { name: p.text() });
const scope = { reach: 'self', assets: [{ id: 1 }] } as const;
const at = { externalId: 'a' };
const transport = memoryTransport(() => ({ items: [] }));
const assets = new AssetsApi(transport);
const series = new TimeSeriesApi(transport);
const points = new DatapointsApi(transport);
const events = new EventsApi(transport);
const files = new FilesApi(transport);
const pumps = nodes(transport, Pump, { space: 's' });
const Link = view('acme', 'Link', 'v1', { name: p.text() }, { usedFor: 'edge' });
const links = edges(transport, Link, { space: 's' });
const { instances, views } = new DataModelingApi(transport);

type Call = (options: never) => unknown;
const METHODS: Record<string, Call> = {
  'assets.list': (options) => assets.list(options),
  'events.list': (options) => events.list(options),
  'timeSeries.list': (options) => series.list(options),
  'files.list': (options) => files.list(options),
  'events.search': (options) => events.search(options),
  'assets.aggregate.count': (options) => assets.aggregate.count(options),
  'events.retrieveMultiple': (options) => events.retrieveMultiple([at], options),
  'events.delete': (options) => events.delete([at], options),
  'events.update': (options) => events.update([{ ...at, update: {} }], options),
  'events.upsert': (options) => events.upsert([at], options),
  'assets.createHierarchy': (options) => assets.createHierarchy([{ ...at, name: 'a' }], options),
  'selection.children': (options) => assets.select({ id: 1 }).children(options),
  'timeSeries.listByAssets': (options) => series.listByAssets(scope, options),
  'events.listByAssets': (options) => events.listByAssets(scope, options),
  'selection.subtree': (options) => assets.select({ id: 1 }).subtree(options),
  'points.retrieve': (options) => points.retrieve(options),
  'points.retrieveLatest': (options) => points.retrieveLatest(options),
  'points.synthetic.query': (options) => points.synthetic.query(options),
  'subscriptions.list': (options) => series.subscriptions.list(options),
  'subscriptions.delete': (options) => series.subscriptions.delete([at], options),
  'subscriptions.consume': (options) => series.subscriptions.consume(at, options),
  'files.upload': (options) => files.upload(new Blob(['a']), options),
  'files.downloadUrls': (options) => files.downloadUrls([at], options),
  'nodes.list': (options) => pumps.list(options),
  'nodes.find': (options) => pumps.find(options),
  'nodes.search': (options) => pumps.search('a', options),
  'nodes.aggregate': (options) => pumps.aggregate(options),
  'nodes.changes': (options) => pumps.changes(options),
  'nodes.upsert': (options) => pumps.upsert([{ ...at, name: 'a' }], options),
  'edges.list': (options) => links.list(options),
  'instances.list': (options) => instances.list(options),
  'views.list': (options) => views.list(options),
  eventIntervals: (options) => eventIntervals([], options),
};

async function outcome(call: Call, options: unknown): Promise<unknown> {
  try {
    const given = call(options as never);
    if (Symbol.asyncIterator in Object(given))
      for await (const _ of given as AsyncIterable<unknown>) break;
    return (await given) ?? 'done';
  } catch (error) {
    return error;
  }
}

const OTHERS: Record<string, () => unknown> = {
  'a map': () => new Map([['filter', {}]]),
  'a set': () => new Set(['a']),
  'a promise': () => Promise.resolve({ limit: 1 }),
  'parameters of a URL': () => new URLSearchParams('limit=1'),
  'a date': () => new Date(0),
  text: () => 'limit',
};

describe.each(Object.entries(METHODS))('%s', (_, call) => {
  it.each(Object.entries(OTHERS))('refuses %s as options, and sends nothing', async (__, make) => {
    const { length } = transport.requests;
    expect(await outcome(call, make())).toBeInstanceOf(ConfigError);
    expect(transport.requests).toHaveLength(length);
  });
});
