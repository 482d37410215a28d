import { type Client, client, HOUR, type Json } from '../helpers.js';

/** An emulator with one of everything, and the ids of it. */
export interface Fixture extends Client {
  readonly ids: Readonly<
    Record<
      'asset' | 'child' | 'event' | 'series' | 'file' | 'picture' | 'multi' | 'dataSet',
      number
    >
  >;
  readonly uploadId: string;
  /** Puts the part of the open multipart upload again. */
  readonly uploadPart: () => Promise<unknown>;
}

/** A valid request. */
export interface Example {
  /** With a query or a path where it needs one. */
  readonly path?: string;
  readonly body?: Json;
}

const NOW = Date.UTC(2024, 5, 1);

export async function fixture(): Promise<Fixture> {
  const made = client({ now: () => NOW });
  const { post, emulator } = made;
  const first = async (path: string, item: object): Promise<number> =>
    (await post(path, { items: [item] })).body.items[0].id;
  const dataSet = await first('/datasets', { externalId: 'set', name: 'Set' });
  await post('/labels', { items: [{ externalId: 'label', name: 'Label' }] });
  const asset = await first('/assets', {
    externalId: 'asset',
    name: 'Asset',
    metadata: { k: 'v' },
    labels: [{ externalId: 'label' }],
  });
  const child = await first('/assets', { externalId: 'child', name: 'Child', parentId: asset });
  const event = await first('/events', {
    externalId: 'event',
    type: 't',
    assetIds: [asset],
    startTime: 1,
    endTime: 2,
  });
  const series = await first('/timeseries', {
    externalId: 'series',
    name: 'Series',
    assetId: asset,
    unit: 'bar',
    unitExternalId: 'pressure:bar',
  });
  await post('/timeseries/data', {
    items: [
      {
        externalId: 'series',
        datapoints: [
          { timestamp: HOUR, value: 1 },
          { timestamp: 2 * HOUR, value: 2 },
        ],
      },
    ],
  });
  await post('/timeseries/subscriptions', {
    items: [{ externalId: 'subscription', partitionCount: 1, timeSeriesIds: ['series'] }],
  });
  const uploaded = async (file: object): Promise<number> => {
    const { body } = await post('/files', file);
    await emulator.fetch(body.uploadUrl, { method: 'PUT', body: 'content' });
    return body.id;
  };
  const file = await uploaded({ externalId: 'file', name: 'file.txt', assetIds: [asset] });
  const picture = await uploaded({ externalId: 'picture', name: 'p.jpg', mimeType: 'image/jpeg' });
  const multi = (
    await post('/files/initmultipartupload?parts=1', { externalId: 'multi', name: 'multi' })
  ).body;
  const uploadPart = (): Promise<Response> =>
    emulator.fetch(multi.uploadUrls[0], { method: 'PUT', body: 'part' });
  await uploadPart();
  return {
    ...made,
    ids: { asset, child, event, series, file, picture, multi: multi.id, dataSet },
    uploadId: multi.uploadId,
    uploadPart,
  };
}

const point = {
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [10, 60] },
  properties: {},
};
const times = { createdTime: { min: 0, max: NOW }, lastUpdatedTime: { min: 0, max: NOW } };

/** A valid request for each operation, with as many of its members as go together. */
export function examples({ ids, uploadId }: Fixture): Readonly<Record<string, Example>> {
  const { asset, child, event, series, file, dataSet } = ids;
  const common = { description: 'd', dataSetId: dataSet, metadata: { a: 'b' }, source: 's' };
  const byIds = (externalId: string): Json => ({
    items: [{ externalId }],
    ignoreUnknownIds: false,
  });
  const fileBody = {
    ...common,
    externalId: 'new',
    name: 'n',
    directory: '/d',
    mimeType: 'text/plain',
    assetIds: [asset],
    sourceCreatedTime: 1,
    sourceModifiedTime: 2,
    securityCategories: [1],
    labels: [{ externalId: 'label' }],
    geoLocation: point,
  };
  const { description: _none, ...newFile } = fileBody;
  const assetFilter = {
    name: 'Asset',
    parentIds: [asset],
    parentExternalIds: ['asset'],
    assetSubtreeIds: [{ id: asset }],
    dataSetIds: [{ id: dataSet }],
    metadata: { k: 'v' },
    source: 's',
    ...times,
    root: false,
    externalIdPrefix: 'a',
    labels: { containsAny: [{ externalId: 'label' }] },
  };
  const eventFilter = {
    startTime: { min: 0, max: 5 },
    endTime: { min: 0, max: 5 },
    activeAtTime: { min: 0, max: 5 },
    metadata: { a: 'b' },
    assetIds: [asset],
    assetExternalIds: ['asset'],
    assetSubtreeIds: [{ id: asset }],
    dataSetIds: [{ id: dataSet }],
    source: 's',
    type: 't',
    subtype: 's',
    ...times,
    externalIdPrefix: 'e',
  };
  const seriesFilter = {
    name: 'Series',
    unit: 'bar',
    unitExternalId: 'pressure:bar',
    unitQuantity: 'Pressure',
    isString: false,
    isStep: false,
    metadata: { a: 'b' },
    assetIds: [asset],
    assetExternalIds: ['asset'],
    rootAssetIds: [asset],
    assetSubtreeIds: [{ id: asset }],
    dataSetIds: [{ id: dataSet }],
    externalIdPrefix: 's',
    ...times,
  };
  const fileFilter = {
    name: 'file.txt',
    directoryPrefix: '/d',
    mimeType: 'text/plain',
    metadata: { a: 'b' },
    assetIds: [asset],
    assetExternalIds: ['asset'],
    rootAssetIds: [asset],
    dataSetIds: [{ id: dataSet }],
    assetSubtreeIds: [{ id: asset }],
    source: 's',
    ...times,
    uploadedTime: { min: 0, max: 5 },
    sourceCreatedTime: { min: 0, max: 5 },
    sourceModifiedTime: { min: 0, max: 5 },
    externalIdPrefix: 'f',
    uploaded: true,
    labels: { containsAny: [{ externalId: 'label' }] },
  };
  return {
    'GET /token/inspect': {},
    'GET /assets': { path: '/assets?limit=10&root=true&partition=1/2' },
    'POST /assets': {
      body: {
        items: [
          {
            ...common,
            externalId: 'new',
            name: 'n',
            parentId: asset,
            labels: [{ externalId: 'label' }],
            geoLocation: point,
          },
        ],
      },
    },
    'GET /assets/{id}': { path: `/assets/${child}` },
    'POST /assets/list': {
      body: {
        filter: assetFilter,
        limit: 10,
        aggregatedProperties: ['path'],
        partition: '1/2',
        sort: [{ property: ['name'], order: 'asc', nulls: 'last' }],
        advancedFilter: { prefix: { property: ['name'], value: 'A' } },
      },
    },
    'POST /assets/aggregate': {
      body: {
        aggregate: 'uniqueValues',
        properties: [{ property: ['name'] }],
        filter: assetFilter,
      },
    },
    'POST /assets/byids': { body: { ...byIds('asset'), aggregatedProperties: ['childCount'] } },
    'POST /assets/update': {
      body: {
        items: [
          {
            id: asset,
            update: {
              name: { set: 'm' },
              externalId: { set: 'x' },
              description: { setNull: true },
              metadata: { add: { c: 'd' }, remove: ['k'] },
              source: { set: 's' },
              labels: { add: [{ externalId: 'label' }] },
            },
          },
        ],
      },
    },
    'POST /assets/search': {
      body: { filter: assetFilter, search: { name: 'a', description: 'd', query: 'q' }, limit: 10 },
    },
    'POST /assets/delete': {
      body: { items: [{ id: child }], recursive: true, ignoreUnknownIds: true },
    },
    'GET /events': { path: '/events?limit=10&type=t&sort=["startTime:desc"]' },
    'POST /events': {
      body: {
        items: [
          {
            ...common,
            externalId: 'new',
            startTime: 1,
            endTime: 2,
            type: 't',
            subtype: 's',
            assetIds: [asset],
          },
        ],
      },
    },
    'GET /events/{id}': { path: `/events/${event}` },
    'POST /events/list': {
      body: {
        filter: eventFilter,
        limit: 10,
        partition: '1/2',
        sort: [{ property: ['type'], order: 'desc' }],
      },
    },
    'POST /events/aggregate': { body: { aggregate: 'count', filter: eventFilter } },
    'POST /events/byids': { body: byIds('event') },
    'POST /events/update': {
      body: {
        items: [
          {
            id: event,
            update: {
              externalId: { set: 'x' },
              startTime: { set: 1 },
              endTime: { setNull: true },
              type: { set: 't' },
              assetIds: { add: [child] },
              metadata: { set: { a: 'b' } },
            },
          },
        ],
      },
    },
    'POST /events/search': {
      body: { filter: eventFilter, search: { description: 'd' }, limit: 10 },
    },
    'POST /events/delete': { body: byIds('event') },
    'POST /files': { body: newFile },
    'GET /files': { path: '/files?limit=10&name=file.txt' },
    'POST /files/initmultipartupload': {
      path: '/files/initmultipartupload?parts=2',
      body: newFile,
    },
    'POST /files/uploadlink': { body: { items: [{ externalId: 'file' }] } },
    'POST /files/multiuploadlink': {
      path: '/files/multiuploadlink?parts=2',
      body: { items: [{ externalId: 'file' }] },
    },
    'GET /files/{id}': { path: `/files/${file}` },
    'POST /files/list': { body: { filter: fileFilter, limit: 10, partition: '1/2' } },
    'POST /files/byids': { body: byIds('file') },
    'POST /files/search': { body: { filter: fileFilter, search: { name: 'file' } } },
    'POST /files/delete': { body: byIds('file') },
    'POST /files/downloadlink': { body: { items: [{ externalId: 'file' }] } },
    'GET /files/icon': { path: '/files/icon?externalId=picture' },
    'POST /files/update': {
      body: {
        items: [
          {
            id: file,
            update: {
              externalId: { set: 'x' },
              directory: { set: '/e' },
              source: { set: 's' },
              mimeType: { set: 'm' },
              assetIds: { set: [child] },
              labels: { add: [{ externalId: 'label' }] },
              sourceCreatedTime: { set: 1 },
            },
          },
        ],
      },
    },
    'POST /files/aggregate': { body: { filter: fileFilter } },
    'POST /files/completemultipartupload': { body: { externalId: 'multi', uploadId } },
    'GET /timeseries': { path: '/timeseries?limit=10&externalIdPrefix=s' },
    'POST /timeseries': {
      body: {
        items: [
          {
            externalId: 'new',
            name: 'n',
            isString: false,
            isStep: true,
            metadata: { a: 'b' },
            unit: 'bar',
            unitExternalId: 'pressure:bar',
            assetId: asset,
            description: 'd',
            securityCategories: [1],
            dataSetId: dataSet,
          },
        ],
      },
    },
    'POST /timeseries/byids': { body: byIds('series') },
    'POST /timeseries/list': {
      body: { filter: seriesFilter, limit: 10, partition: '1/2', sort: [{ property: ['name'] }] },
    },
    'POST /timeseries/aggregate': {
      body: {
        aggregate: 'uniqueValues',
        properties: [{ property: ['name'] }],
        filter: seriesFilter,
      },
    },
    'POST /timeseries/search': {
      body: {
        filter: seriesFilter,
        search: { name: 'n', description: 'd', query: 'q' },
        limit: 10,
      },
    },
    'POST /timeseries/update': {
      body: {
        items: [
          {
            id: series,
            update: {
              externalId: { set: 'x' },
              name: { set: 'n' },
              unit: { setNull: true },
              isStep: { set: true },
              metadata: { add: { a: 'b' }, remove: [] },
              securityCategories: { add: [1] },
            },
          },
        ],
      },
    },
    'POST /timeseries/delete': { body: byIds('series') },
    'POST /timeseries/data': {
      body: {
        items: [
          { externalId: 'series', datapoints: [{ timestamp: 5, value: 1.5, status: { code: 0 } }] },
        ],
      },
    },
    'POST /timeseries/data/list': {
      body: {
        items: [
          {
            externalId: 'series',
            start: 0,
            end: 'now',
            limit: 10,
            aggregates: ['average'],
            granularity: '1h',
            targetUnit: 'pressure:pa',
            includeStatus: true,
            ignoreBadDataPoints: true,
            treatUncertainAsBad: false,
          },
        ],
        start: 0,
        end: NOW,
        limit: 10,
        aggregates: ['count'],
        granularity: '1d',
        timeZone: 'UTC',
        ignoreUnknownIds: false,
      },
    },
    'POST /timeseries/data/latest': {
      body: {
        items: [{ externalId: 'series', before: 'now', includeStatus: true }],
        ignoreUnknownIds: true,
      },
    },
    'POST /timeseries/data/delete': {
      body: { items: [{ externalId: 'series', inclusiveBegin: 0, exclusiveEnd: HOUR + 1 }] },
    },
    'POST /timeseries/subscriptions': {
      body: {
        items: [
          {
            externalId: 'new',
            name: 'n',
            description: 'd',
            dataSetId: dataSet,
            partitionCount: 2,
            timeSeriesIds: ['series'],
          },
        ],
      },
    },
    'GET /timeseries/subscriptions': { path: '/timeseries/subscriptions?limit=10' },
    'GET /timeseries/subscriptions/members': {
      path: '/timeseries/subscriptions/members?externalId=subscription',
    },
    'POST /timeseries/subscriptions/byids': { body: byIds('subscription') },
    'POST /timeseries/subscriptions/update': {
      body: {
        items: [
          {
            externalId: 'subscription',
            update: { name: { set: 'n' }, timeSeriesIds: { remove: ['series'] } },
          },
        ],
      },
    },
    'POST /timeseries/subscriptions/delete': { body: byIds('subscription') },
    'POST /timeseries/subscriptions/data/list': {
      body: {
        externalId: 'subscription',
        partitions: [{ index: 0 }],
        limit: 10,
        initializeCursors: '1d-ago',
        pollTimeoutSeconds: 0,
        includeStatus: true,
        ignoreBadDataPoints: true,
        treatUncertainAsBad: true,
      },
    },
    'POST /timeseries/synthetic/query': {
      body: {
        items: [
          {
            expression: "ts{externalId='series'} * 2",
            start: 0,
            end: 'now',
            limit: 10,
            timeZone: 'UTC',
          },
        ],
      },
    },
    'POST /datasets': {
      body: {
        items: [
          {
            externalId: 'new',
            name: 'n',
            description: 'd',
            metadata: { a: 'b' },
            writeProtected: false,
          },
        ],
      },
    },
    'POST /datasets/list': {
      body: {
        filter: { metadata: { a: 'b' }, ...times, externalIdPrefix: 's', writeProtected: false },
        limit: 10,
      },
    },
    'POST /datasets/aggregate': { body: { filter: { externalIdPrefix: 's' } } },
    'POST /datasets/byids': { body: byIds('set') },
    'POST /datasets/update': {
      body: {
        items: [
          {
            id: dataSet,
            update: {
              name: { set: 'n' },
              externalId: { set: 'x' },
              metadata: { add: { a: 'b' }, remove: [] },
              writeProtected: { set: false },
            },
          },
        ],
      },
    },
    'POST /labels': {
      body: { items: [{ externalId: 'new', name: 'n', description: 'd', dataSetId: dataSet }] },
    },
    'POST /labels/list': {
      body: {
        filter: { name: 'Label', externalIdPrefix: 'l', dataSetIds: [{ id: dataSet }] },
        limit: 10,
      },
    },
    'POST /labels/byids': { body: byIds('label') },
    'POST /labels/delete': { body: { items: [{ externalId: 'label' }] } },
    'POST /units/byids': {
      body: { items: [{ externalId: 'temperature:deg_c' }], ignoreUnknownIds: true },
    },
    'GET /units/systems': {},
    'GET /units/{externalId}': { path: '/units/temperature%3Adeg_c' },
    'GET /units': {},
  };
}
