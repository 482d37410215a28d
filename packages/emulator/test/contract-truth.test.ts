import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { type Client, client, clientOf, HOUR, type Json } from './helpers.js';

/**
 * Behaviour of the live service and its official clients where the OpenAPI document says nothing or
 * something else.
 */
const SHARED = new URL('../../../../shared/contract/', import.meta.url);

const rawText = async ({ emulator }: Client, path: string, body?: object): Promise<string> => {
  const response = await emulator.fetch(`${emulator.url}/api/v1/projects/emulator${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'api-key': 'emulator-key' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return await response.text();
};

describe('requests', () => {
  it('files/search honours limit', async () => {
    const { post } = client();
    for (const name of ['a', 'b', 'c']) await post('/files', { name });
    expect((await post('/files/search', { limit: 2 })).body.items).toHaveLength(2);
    expect((await post('/files/search', {})).body.items).toHaveLength(3);
    expect(await post('/files/search', { limit: 0 })).toMatchObject({ status: 400 });
  });

  it('events/aggregate takes the older fields for unique values', async () => {
    const { post } = client();
    await post('/events', {
      items: [{ type: 'Alarm', subtype: 's' }, { type: 'alarm' }, { type: 'trip' }],
    });
    const unique = async (fields: string[]): Promise<Json> =>
      (await post('/events/aggregate', { aggregate: 'uniqueValues', fields })).body.items;
    expect(await unique(['type'])).toEqual([
      { count: 2, value: 'alarm', values: ['alarm'] },
      { count: 1, value: 'trip', values: ['trip'] },
    ]);
    expect(await unique(['subtype'])).toMatchObject([{ count: 1, value: 's' }]);
    expect(
      await post('/events/aggregate', { aggregate: 'uniqueValues', fields: ['nothing'] }),
    ).toMatchObject({
      status: 400,
    });
  });

  it('the relation of a geoLocation is taken in any case', async () => {
    const { post } = client();
    const geometry = { type: 'Point', coordinates: [10, 60] };
    await post('/assets', {
      items: [{ name: 'a', geoLocation: { type: 'Feature', geometry, properties: {} } }],
    });
    for (const relation of ['INTERSECTS', 'intersects', 'Intersects']) {
      const { body } = await post('/assets/list', {
        filter: { geoLocation: { relation, shape: geometry } },
      });
      expect(body.items).toHaveLength(1);
    }
    const wrong = await post('/assets/list', {
      filter: { geoLocation: { relation: 'NEAR', shape: geometry } },
    });
    expect(wrong.status).toBe(400);
  });

  it.each([
    ['/assets', { parentIds: [0] }],
    ['/assets', { assetSubtreeIds: [{ id: 0 }] }],
    ['/assets', { dataSetIds: [{ id: 0 }] }],
    ['/assets', { rootIds: [{ id: 0 }] }],
    ['/events', { assetIds: [0] }],
    ['/events', { assetSubtreeIds: [{ id: 0 }] }],
    ['/files', { assetIds: [0] }],
    ['/files', { rootAssetIds: [0] }],
    ['/timeseries', { assetIds: [0] }],
    ['/timeseries', { rootAssetIds: [0] }],
    ['/labels', { dataSetIds: [{ id: 0 }] }],
  ])('%s/list accepts ids of 0 in %j, and they match nothing', async (path, filter) => {
    const { post } = client({ seed: 'small' });
    expect(await post(`${path}/list`, { filter })).toMatchObject({
      status: 200,
      body: { items: [] },
    });
    const [[name, [zero]]] = Object.entries(filter) as [[string, [Json]]];
    const negative = { [name]: [typeof zero === 'number' ? -1 : { id: -1 }] };
    expect(await post(`${path}/list`, { filter: negative })).toMatchObject({ status: 400 });
  });

  it('an id of 0 beside a real one changes nothing', async () => {
    const { post } = client();
    const { id } = (await post('/assets', { items: [{ name: 'a' }] })).body.items[0];
    await post('/events', { items: [{ assetIds: [id] }, {}] });
    expect((await post('/events/list', { filter: { assetIds: [0, id] } })).body.items).toHaveLength(
      1,
    );
  });

  it('a limit above 100 of subscriptions and of their members is capped', async () => {
    const { post, get } = client();
    const names = Array.from({ length: 101 }, (_, index) => `s${index}`);
    await post('/timeseries', { items: names.map((externalId) => ({ externalId })) });
    for (const externalId of names)
      await post('/timeseries/subscriptions', {
        items: [{ externalId, partitionCount: 1, timeSeriesIds: ['s0'] }],
      });
    const update = { timeSeriesIds: { set: names.slice(0, 100) } };
    await post('/timeseries/subscriptions/update', { items: [{ externalId: 's0', update }] });
    const more = { timeSeriesIds: { add: names.slice(100) } };
    await post('/timeseries/subscriptions/update', { items: [{ externalId: 's0', update: more }] });
    for (const path of [
      '/timeseries/subscriptions?',
      '/timeseries/subscriptions/members?externalId=s0&',
    ]) {
      const { status, body } = await get(`${path}limit=1000`);
      expect(status).toBe(200);
      expect(body.items).toHaveLength(100);
      expect(body.nextCursor).toBeTypeOf('string');
    }
  });

  it.each(['/assets', '/events', '/timeseries', '/datasets'])(
    '%s stores metadata that is numbers or booleans as strings',
    async (path) => {
      const { post } = client();
      const metadata = { whole: 1, part: 1.5, yes: true, text: 'a' };
      const name = path === '/events' ? {} : { name: 'a' };
      const created = await post(path, { items: [{ ...name, externalId: 'a', metadata }] });
      expect(created.body.items[0].metadata).toEqual({
        whole: '1',
        part: '1.5',
        yes: 'true',
        text: 'a',
      });
      const update = { metadata: { add: { whole: 2 } } };
      const updated = await post(`${path}/update`, { items: [{ externalId: 'a', update }] });
      expect(updated.body.items[0].metadata).toEqual({
        whole: '2',
        part: '1.5',
        yes: 'true',
        text: 'a',
      });
      const wrong = await post(path, { items: [{ ...name, metadata: { list: [1] } }] });
      expect(wrong.status).toBe(400);
    },
  );

  it('files store metadata that is numbers or booleans as strings', async () => {
    const { post } = client();
    const { body } = await post('/files', { name: 'a', metadata: { whole: 1, yes: true } });
    expect(body.metadata).toEqual({ whole: '1', yes: 'true' });
  });
});

describe('answers', () => {
  it('assets leave an empty list of labels out', async () => {
    const { post } = client();
    await post('/labels', { items: [{ externalId: 'l', name: 'l' }] });
    const { body } = await post('/assets', { items: [{ name: 'a', externalId: 'a', labels: [] }] });
    expect(body.items[0]).not.toHaveProperty('labels');
    const patched = async (labels: object): Promise<Json> =>
      (await post('/assets/update', { items: [{ externalId: 'a', update: { labels } }] })).body
        .items[0];
    expect((await patched({ add: [{ externalId: 'l' }] })).labels).toEqual([{ externalId: 'l' }]);
    expect(await patched({ remove: [{ externalId: 'l' }] })).not.toHaveProperty('labels');
  });

  it('data of subscriptions always has the lists that clients read', async () => {
    const { post } = client();
    await post('/timeseries', { items: [{ externalId: 's' }] });
    await post('/timeseries/subscriptions', {
      items: [{ externalId: 'sub', partitionCount: 1, timeSeriesIds: ['s'] }],
    });
    const read = async (cursor?: string): Promise<Json> =>
      (
        await post('/timeseries/subscriptions/data/list', {
          externalId: 'sub',
          partitions: [{ index: 0, cursor }],
          pollTimeoutSeconds: 0,
        })
      ).body;
    const first = await read();
    expect(first).toMatchObject({
      updates: [],
      subscriptionChanges: { added: [{ externalId: 's' }], removed: [] },
    });
    await post('/timeseries/data', {
      items: [{ externalId: 's', datapoints: [{ timestamp: 1, value: 2 }] }],
    });
    await post('/timeseries/data/delete', {
      items: [{ externalId: 's', inclusiveBegin: 1, exclusiveEnd: 2 }],
    });
    const second = await read(first.partitions[0].nextCursor);
    expect(second.subscriptionChanges).toEqual({ added: [], removed: [] });
    expect(second.updates).toMatchObject([
      { upserts: [{ timestamp: 1, value: 2 }], deletes: [] },
      { upserts: [], deletes: [{ inclusiveBegin: 1, exclusiveEnd: 2 }] },
    ]);
    const third = await read(second.partitions[0].nextCursor);
    expect(third).toMatchObject({
      updates: [],
      subscriptionChanges: { added: [], removed: [] },
      hasNext: false,
    });
  });

  it('string series say isStep: false and no unit', async () => {
    const { post } = client();
    await post('/timeseries', {
      items: [{ externalId: 's', isString: true, isStep: true, unit: 'x' }],
    });
    for (const path of ['/timeseries/data/list', '/timeseries/data/latest']) {
      const { body } = await post(path, { items: [{ externalId: 's' }] });
      expect(body.items[0]).toMatchObject({ isString: true, type: 'string', isStep: false });
      expect(body.items[0]).not.toHaveProperty('unit');
    }
  });

  it('whole floats have a fraction, and counts have none', async () => {
    const made = client();
    const { post } = made;
    await post('/timeseries', { items: [{ externalId: 's', unitExternalId: 'pressure:bar' }] });
    const points = [
      { timestamp: HOUR, value: 1 },
      { timestamp: HOUR + 1, value: 3 },
      { timestamp: HOUR + 2, value: 1e22 },
    ];
    await post('/timeseries/data', { items: [{ externalId: 's', datapoints: points }] });
    await post('/timeseries/data/delete', {
      items: [{ externalId: 's', inclusiveBegin: HOUR + 2, exclusiveEnd: HOUR + 3 }],
    });
    const end = 3 * HOUR;
    const raw = await rawText(made, '/timeseries/data/list', { items: [{ externalId: 's', end }] });
    expect(raw).toContain(
      `{"timestamp":${HOUR},"value":1.0},{"timestamp":${HOUR + 1},"value":3.0}`,
    );
    const latest = await rawText(made, '/timeseries/data/latest', {
      items: [{ externalId: 's', before: end }],
    });
    expect(latest).toContain('"value":3.0');
    const aggregates = [
      'average',
      'sum',
      'max',
      'count',
      'countGood',
      'durationGood',
      'totalVariation',
      'minDatapoint',
    ];
    const asked = { externalId: 's', end, aggregates, granularity: '1h' };
    const aggregated = await rawText(made, '/timeseries/data/list', { items: [asked] });
    for (const text of [
      '"average":2.0',
      '"sum":4.0',
      '"max":3.0',
      '"totalVariation":2.0',
      '"value":1.0',
    ])
      expect(aggregated).toContain(text);
    expect(aggregated).toMatch(/"count":2[,}]/);
    expect(aggregated).toMatch(/"countGood":2[,}]/);
    expect(aggregated).toMatch(/"durationGood":1[,}]/);
    const synthetic = await rawText(made, '/timeseries/synthetic/query', {
      items: [{ expression: "ts{externalId='s'} * 2", end }],
    });
    expect(synthetic).toContain(`{"timestamp":${HOUR},"value":2.0}`);
    const units = await rawText(made, '/units/temperature:k');
    expect(units).toContain('"conversion":{"multiplier":1.0,"offset":0.0}');
  });

  it('an unknown unit is the error object with missing', async () => {
    const { post, get } = client();
    const missing = [{ externalId: 'no:unit' }];
    const error = { error: { code: 400, message: 'Units not found: no:unit', missing } };
    expect(await get('/units/no:unit')).toMatchObject({ status: 400, body: error });
    expect(await post('/units/byids', { items: missing })).toMatchObject({
      status: 400,
      body: error,
    });
    const created = await post('/timeseries', {
      items: [{ externalId: 's', unitExternalId: 'no:unit' }],
    });
    expect(created).toMatchObject({ status: 400, body: { error: { code: 400, missing } } });
    await post('/timeseries', { items: [{ externalId: 's', unitExternalId: 'pressure:bar' }] });
    const read = await post('/timeseries/data/list', {
      items: [{ externalId: 's', targetUnit: 'no:unit' }],
    });
    expect(read).toMatchObject({ status: 400, body: { error: { code: 400, missing } } });
  });

  it('length violations say that the size must be', async () => {
    const { post } = client();
    const long = await post('/assets', { items: [{ name: 'x'.repeat(141) }] });
    expect(long.body.error.message).toContain('[items[0].name size must be between 1 and 140]');
    const many = await post('/assets', { items: [] });
    expect(many.body.error.message).toContain('[items size must be between 1 and 1000]');
  });
});

describe('aggregates that are carried', () => {
  const withPoints = async (hours: readonly number[], more: object = {}): Promise<Client> => {
    const made = client();
    await made.post('/timeseries', { items: [{ externalId: 's', ...more }] });
    const datapoints = hours.map((hour) => ({ timestamp: hour * HOUR, value: hour }));
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    return made;
  };
  const rows = async ({ post }: Client, query: object): Promise<Json> =>
    (await post('/timeseries/data/list', { items: [{ externalId: 's', ...query }] })).body.items[0];

  it('stepInterpolation is in an empty bucket that directly follows one with points, and nothing else is', async () => {
    const made = await withPoints([0.5, 6.5, 15.5]);
    const query = {
      start: 0,
      end: 24 * HOUR,
      granularity: '3h',
      aggregates: ['stepInterpolation', 'count'],
    };
    const { datapoints } = await rows(made, query);
    expect(datapoints).toEqual([
      { timestamp: 0, count: 1 },
      { timestamp: 3 * HOUR, stepInterpolation: 0.5 },
      { timestamp: 6 * HOUR, stepInterpolation: 0.5, count: 1 },
      { timestamp: 9 * HOUR, stepInterpolation: 6.5 },
      { timestamp: 15 * HOUR, stepInterpolation: 6.5, count: 1 },
      { timestamp: 18 * HOUR, stepInterpolation: 15.5 },
    ]);
    const plain = await rows(made, { ...query, aggregates: ['count', 'interpolation', 'average'] });
    expect(plain.datapoints.map(({ timestamp }: Json) => timestamp / HOUR)).toEqual([0, 6, 15]);
  });

  it('pages that a cursor joins are the same as one page, whatever their size', async () => {
    const made = await withPoints([0.5, 6.5, 15.5]);
    const query = {
      start: 0,
      end: 24 * HOUR,
      granularity: '3h',
      aggregates: ['stepInterpolation'],
    };
    const { datapoints: whole } = await rows(made, query);
    for (const limit of [1, 2, 3]) {
      const paged: Json[] = [];
      let cursor: string | undefined;
      do {
        const page = await rows(made, { ...query, limit, cursor });
        paged.push(...page.datapoints);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(paged).toEqual(whole);
    }
  });

  it('interpolation of step series is carried likewise', async () => {
    const made = await withPoints([0.5, 6.5], { isStep: true });
    const query = {
      start: 0,
      end: 12 * HOUR,
      granularity: '3h',
      aggregates: ['interpolation', 'stepInterpolation'],
    };
    expect((await rows(made, query)).datapoints).toEqual([
      { timestamp: 3 * HOUR, interpolation: 0.5, stepInterpolation: 0.5 },
      { timestamp: 6 * HOUR, interpolation: 0.5, stepInterpolation: 0.5 },
      { timestamp: 9 * HOUR, interpolation: 6.5, stepInterpolation: 6.5 },
    ]);
  });
});

describe('status codes', () => {
  const withSeries = async (): Promise<Client> => {
    const made = client();
    await made.post('/timeseries', { items: [{ externalId: 's' }] });
    return made;
  };
  const insert = async ({ post }: Client, status: object): Promise<Json> =>
    await post('/timeseries/data', {
      items: [{ externalId: 's', datapoints: [{ timestamp: 1, value: 1, status }] }],
    });

  it.each([
    ['BadCertificateUntrusted', 0x801a0000],
    ['BadSessionIdInvalid', 0x80250000],
    ['UncertainSensorNotAccurate', 0x40930000],
    ['GoodClamped', 0x00300000],
  ])('%s has its full name, in and out', async (symbol, code) => {
    const made = await withSeries();
    for (const status of [{ symbol }, { code }]) {
      expect(await insert(made, status)).toMatchObject({ status: 200 });
      const query = { externalId: 's', end: 2, includeStatus: true, ignoreBadDataPoints: false };
      const { body } = await made.post('/timeseries/data/list', { items: [query] });
      expect(body.items[0].datapoints[0].status).toEqual({ code, symbol });
    }
  });

  it('no code of the table is a bare category', () => {
    const text = readFileSync(new URL('../data/status-codes.json', import.meta.url), 'utf8');
    const rows = Object.entries(JSON.parse(text) as Record<string, number>);
    expect(rows.length).toBeGreaterThanOrEqual(234);
    expect(
      rows.filter(([name]) => /^(Good|Uncertain|Bad)$/.test(name)).map(([, code]) => code),
    ).toEqual([0, 0x40000000, 0x80000000]);
    const wrong = rows.filter(
      ([name, code]) => !name.startsWith(['Good', 'Uncertain', 'Bad'][code >>> 30] as string),
    );
    expect(wrong).toEqual([]);
  });

  it.each([{ code: 1 }, { code: -1 }, { code: 0xc0000000 }, { code: 'x' }, { symbol: 'BadNews' }])(
    '%j is refused with a message that begins with what is invalid',
    async (status) => {
      const made = await withSeries();
      expect(await insert(made, status)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringMatching(/^Invalid status code/) } },
      });
    },
  );
});

describe('access', () => {
  it('no access to the project is 401', async () => {
    const { emulator } = client();
    const headers = { authorization: `Bearer ${await emulator.issueToken()}` };
    const answer = await emulator.fetch(`${emulator.url}/api/v1/projects/other/assets`, {
      headers,
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({
      error: { code: 401, message: expect.stringContaining('other') },
    });
  });

  it.each([
    'Basic',
    'Basic dXNlcjpwYXNz',
    'Basic JUUwJUE0OiVFMA==',
    'Basic ====',
    'Digest x',
    'Bearer',
  ])('authorization: %s is 401 at the API and at the token endpoint', async (authorization) => {
    const { emulator } = client();
    const headers = { authorization };
    const api = await emulator.fetch(`${emulator.url}/api/v1/projects/emulator/assets`, {
      headers,
    });
    expect(api.status).toBe(401);
    const inspected = await emulator.fetch(`${emulator.url}/api/v1/token/inspect`, { headers });
    expect(inspected.status).toBe(401);
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const token = await emulator.fetch(emulator.tokenUrl, { method: 'POST', headers, body });
    expect(token.status).toBe(401);
  });

  it.skipIf(process.platform === 'win32')('the data folder is 0700, its files 0600', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modes-'));
    const dataFolder = join(folder, 'data');
    const emulator = createEmulator({ dataFolder });
    const { post } = clientOf(emulator);
    const { body } = await post('/files', { name: 'a' });
    await emulator.fetch(body.uploadUrl, { method: 'PUT', body: 'content' });
    const { readdirSync } = await import('node:fs');
    const modes = (path: string): [string, string][] => {
      const found = statSync(path);
      const own: [string, string] = [path.slice(folder.length), (found.mode & 0o777).toString(8)];
      return found.isDirectory()
        ? [own, ...readdirSync(path).flatMap((name) => modes(join(path, name)))]
        : [own];
    };
    const all = modes(dataFolder);
    await emulator.close();
    await rm(folder, { recursive: true });
    expect(all.length).toBeGreaterThanOrEqual(4);
    for (const [path, mode] of all)
      expect([path, mode]).toEqual([path, /data$|files$/.test(path) ? '700' : '600']);
  });

  it.skipIf(process.platform === 'win32')('a folder that exists keeps its mode', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modes-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'notes.txt'), 'of others', { mode: 0o644 });
    await createEmulator({ dataFolder: folder }).close();
    const modes = ['.', 'notes.txt', 'files', 'emulator.sqlite'].map((name) =>
      (statSync(join(folder, name)).mode & 0o777).toString(8),
    );
    await rm(folder, { recursive: true });
    expect(modes).toEqual(['755', '644', '700', '600']);
  });
});

describe('what is not offered', () => {
  const areas = ['ai', 'annotations', 'context', 'hostedextractors', 'limits', 'metering'];
  const more = ['postgresgateway', 'profiles', 'simulators', 'streams'];
  it.each([...areas, ...more])('/%s and what is below it answer 501', async (area) => {
    const { post, get } = client();
    for (const path of [`/${area}`, `/${area}/list`]) {
      expect(await get(path)).toMatchObject({ status: 501, body: { error: { code: 501 } } });
      expect(await post(path, {})).toMatchObject({ status: 501 });
    }
  });

  it('GET /projects answers 501, and still asks who it is', async () => {
    const { emulator } = client();
    for (const path of ['/api/v1/projects', '/api/v1/projects/emulator']) {
      const ask = (headers: Record<string, string>): Promise<Response> =>
        emulator.fetch(`${emulator.url}${path}`, { headers });
      expect((await ask({ 'api-key': 'emulator-key' })).status).toBe(501);
      expect((await ask({})).status).toBe(401);
    }
  });

  it.skipIf(!existsSync(SHARED))('every path of the larger document answers 501', async () => {
    const { emulator } = client();
    const { paths } = JSON.parse(
      readFileSync(new URL('cdf-openapi-more.json', SHARED), 'utf8'),
    ) as Json;
    const wrong: string[] = [];
    for (const [path, methods] of Object.entries<Json>(paths)) {
      const filled = path.replaceAll(/\{\w+\}/g, '7');
      const url = filled.startsWith('/api/') ? filled : `/api/v1/projects/emulator${filled}`;
      for (const method of ['get', 'post', 'delete'].filter(
        (each) => methods[each] !== undefined,
      )) {
        const { status } = await emulator.fetch(`${emulator.url}${url}`, {
          method: method.toUpperCase(),
          headers: { 'api-key': 'emulator-key' },
          ...(method === 'post' ? { body: '{}' } : {}),
        });
        if (status !== 501) wrong.push(`${method} ${path}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('a path that the API does not have is 404', async () => {
    const { get } = client();
    expect((await get('/nowhere')).status).toBe(404);
  });
});

describe('units', () => {
  it.skipIf(!existsSync(SHARED))('and systems are the whole public catalogue', async () => {
    const { get } = client();
    const shared = (name: string): Json => JSON.parse(readFileSync(new URL(name, SHARED), 'utf8'));
    expect((await get('/units')).body.items).toEqual(shared('units.json'));
    expect((await get('/units/systems')).body.items).toEqual(shared('unit-systems.json'));
  });

  it('of every system are in the catalogue', async () => {
    const { get } = client();
    const known = new Set(
      (await get('/units')).body.items.map(({ externalId }: Json) => externalId),
    );
    const { items } = (await get('/units/systems')).body;
    const named = items.flatMap(({ quantities }: Json) =>
      quantities.map((each: Json) => each.unitExternalId),
    );
    expect(named.filter((each: string) => !known.has(each))).toEqual([]);
    expect(named.length).toBeGreaterThan(100);
  });
});
