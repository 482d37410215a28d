import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

const names = (answer: { body: Json }): string[] =>
  answer.body.items.map((item: Json) => item.externalId ?? item.name);

async function plant() {
  const made = client();
  const assets = [
    {
      externalId: 'leaf',
      name: 'Leaf',
      parentExternalId: 'branch',
      source: 'test',
      metadata: { a: '1', b: '2' },
    },
    { externalId: 'branch', name: 'Branch', parentExternalId: 'root' },
    { externalId: 'root', name: 'Root', description: 'The top' },
  ];
  const { status, body } = await made.post('/assets', { items: assets });
  expect(status).toBe(201);
  return {
    ...made,
    assets: Object.fromEntries(body.items.map((item: Json) => [item.externalId, item])) as Record<
      string,
      Json
    >,
  };
}

describe('assets', () => {
  it('form a hierarchy from one request in any order', async () => {
    const { post, assets } = await plant();
    expect(assets.leaf).toMatchObject({
      parentId: assets.branch.id,
      rootId: assets.root.id,
      parentExternalId: 'branch',
    });
    expect(assets.root).toMatchObject({ rootId: assets.root.id, metadata: {} });
    expect(assets.root).not.toHaveProperty('parentId');
    const { body } = await post('/assets/byids', {
      items: [{ externalId: 'leaf' }],
      aggregatedProperties: ['childCount', 'path', 'depth'],
    });
    const path = ['root', 'branch', 'leaf'].map((name) => ({ id: assets[name].id }));
    expect(body.items[0].aggregates).toEqual({ childCount: 0, depth: 2, path });
  });

  it('are filtered by every simple condition', async () => {
    const { post, assets } = await plant();
    const list = async (filter: object): Promise<string[]> =>
      names(await post('/assets/list', { filter }));
    expect(await list({ root: true })).toEqual(['root']);
    expect(await list({ parentIds: [assets.root.id] })).toEqual(['branch']);
    expect(await list({ parentExternalIds: ['branch'] })).toEqual(['leaf']);
    expect(await list({ assetSubtreeIds: [{ externalId: 'branch' }] })).toEqual(['leaf', 'branch']);
    expect(await list({ metadata: { a: '1' } })).toEqual(['leaf']);
    expect(await list({ metadata: { a: '2' } })).toEqual([]);
    expect(await list({ externalIdPrefix: 'b' })).toEqual(['branch']);
    expect(await list({ source: 'test', name: 'Leaf' })).toEqual(['leaf']);
    expect(await list({ createdTime: { max: 1 } })).toEqual([]);
  });

  it('are paged by cursors that belong to their request, and split in partitions', async () => {
    const { post } = client();
    const items = Array.from({ length: 95 }, (_, index) => ({
      name: `n${index}`,
      externalId: `n${index}`,
    }));
    await post('/assets', { items });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await post('/assets/list', { limit: 10, cursor });
      seen.push(...names(page));
      cursor = page.body.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(items.map(({ name }) => name));
    const first = await post('/assets/list', { limit: 10 });
    const misused = await post('/assets/list', {
      limit: 10,
      cursor: first.body.nextCursor,
      filter: { root: true },
    });
    expect(misused.status).toBe(400);
    const parts = await Promise.all(
      [1, 2, 3].map(async (part) => names(await post('/assets/list', { partition: `${part}/3` }))),
    );
    expect(parts.flat().sort()).toEqual(seen.sort());
    expect((await post('/assets/list', { partition: '1/11' })).status).toBe(400);
    const lenient = await post('/timeseries/list', { partition: '11/11' });
    expect(lenient).toMatchObject({ status: 200, body: { items: [] } });
  });

  it('are paged in order of creation below several parents, each once', async () => {
    const { post } = client();
    const parents = ['even', 'odd'].map((name) => ({ name, externalId: name }));
    await post('/assets', { items: parents });
    const items = Array.from({ length: 40 }, (_, index) => {
      const name = `n${index}`;
      return { name, externalId: name, parentExternalId: index % 2 === 0 ? 'even' : 'odd' };
    });
    await post('/assets', { items });
    await post('/assets/delete', { items: [{ externalId: 'n3' }] });
    const filter = { parentExternalIds: ['odd', 'even', 'odd'] };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await post('/assets/list', { limit: 7, cursor, filter });
      seen.push(...names(page));
      cursor = page.body.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(items.flatMap(({ name }) => (name === 'n3' ? [] : name)));
    const sort = [{ property: ['name'], order: 'desc' }];
    const sorted = names(await post('/assets/list', { filter, sort, limit: 5 }));
    expect(sorted).toEqual([...seen].sort().reverse().slice(0, 5));
  });

  it('are changed by patches, all or nothing', async () => {
    const { post } = await plant();
    const update = {
      name: { set: 'New' },
      source: { setNull: true },
      metadata: { add: { c: '3' }, remove: ['a'] },
    };
    const changed = await post('/assets/update', { items: [{ externalId: 'leaf', update }] });
    expect(changed.body.items[0]).toMatchObject({ name: 'New', metadata: { b: '2', c: '3' } });
    expect(changed.body.items[0]).not.toHaveProperty('source');
    const items = [
      { externalId: 'branch', update: { name: { set: 'Other' } } },
      { externalId: 'nope', update: { name: { set: 'Other' } } },
    ];
    const refused = await post('/assets/update', { items });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { missing: [{ externalId: 'nope' }] } },
    });
    expect(
      (await post('/assets/byids', { items: [{ externalId: 'branch' }] })).body.items[0].name,
    ).toBe('Branch');
    const taken = await post('/assets/update', {
      items: [{ externalId: 'branch', update: { externalId: { set: 'root' } } }],
    });
    expect(taken).toMatchObject({
      status: 409,
      body: { error: { duplicated: [{ externalId: 'root' }] } },
    });
  });

  it('move inside their tree only, and never below themselves', async () => {
    const { post, assets } = await plant();
    await post('/assets', {
      items: [
        { externalId: 'twig', name: 'Twig', parentExternalId: 'root' },
        { externalId: 'other', name: 'Other' },
      ],
    });
    const move = async (externalId: string, parent: string): Promise<number> =>
      (
        await post('/assets/update', {
          items: [{ externalId, update: { parentExternalId: { set: parent } } }],
        })
      ).status;
    expect(await move('leaf', 'twig')).toBe(200);
    expect(await move('leaf', 'other')).toBe(400);
    expect(await move('root', 'other')).toBe(400);
    expect(await move('twig', 'leaf')).toBe(400);
    const circle = await post('/assets/update', {
      items: [
        { externalId: 'branch', update: { parentExternalId: { set: 'twig' } } },
        { externalId: 'twig', update: { parentId: { set: assets.branch.id } } },
      ],
    });
    expect(circle.status).toBe(400);
    expect(
      (await post('/assets/byids', { items: [{ externalId: 'branch' }] })).body.items[0].parentId,
    ).toBe(assets.root.id);
  });

  it('are deleted with their descendants only when asked', async () => {
    const { post } = await plant();
    expect((await post('/assets/delete', { items: [{ externalId: 'branch' }] })).status).toBe(400);
    expect(
      (await post('/assets/delete', { items: [{ externalId: 'branch' }], recursive: true })).body,
    ).toEqual({});
    expect(names(await post('/assets/list', {}))).toEqual(['root']);
    const unknown = { items: [{ externalId: 'gone' }], ignoreUnknownIds: true };
    expect((await post('/assets/delete', unknown)).status).toBe(200);
  });

  it('refuse what is missing before what is repeated', async () => {
    const { post, assets } = await plant();
    const { id } = assets.root;
    const both = await post('/assets/byids', {
      items: [{ id }, { externalId: 'root' }, { externalId: 'nope' }],
    });
    expect(both).toMatchObject({
      status: 400,
      body: { error: { missing: [{ externalId: 'nope' }] } },
    });
    const repeated = await post('/assets/byids', { items: [{ id }, { externalId: 'root' }] });
    expect(repeated).toMatchObject({
      status: 409,
      body: { error: { duplicated: [{ externalId: 'root' }] } },
    });
    const exists = await post('/assets', { items: [{ name: 'x', externalId: 'root' }] });
    expect(exists).toMatchObject({
      status: 409,
      body: { error: { message: 'Asset id duplicated' } },
    });
  });
});

describe('the other resources', () => {
  it('list events by time, type and asset', async () => {
    const { post, assets } = await plant();
    const items = [
      { externalId: 'e1', startTime: 100, endTime: 200, type: 'alarm', assetIds: [assets.leaf.id] },
      { externalId: 'e2', startTime: 150, type: 'alarm', assetIds: [assets.root.id] },
      { externalId: 'e3', type: 'note' },
    ];
    expect((await post('/events', { items })).status).toBe(201);
    const list = async (filter: object): Promise<string[]> =>
      names(await post('/events/list', { filter }));
    expect(await list({ activeAtTime: { min: 201, max: 300 } })).toEqual(['e2']);
    expect(await list({ endTime: { isNull: true } })).toEqual(['e2', 'e3']);
    expect(await list({ assetSubtreeIds: [{ externalId: 'branch' }] })).toEqual(['e1']);
    expect(await list({ type: 'alarm', startTime: { min: 120 } })).toEqual(['e2']);
    expect((await post('/events', { items: [{ startTime: 2, endTime: 1 }] })).status).toBe(400);
    expect(
      (await post('/events/byids', { items: [{ externalId: 'e3' }] })).body.items[0],
    ).not.toHaveProperty('metadata');
  });

  it('answer 422 to time series that repeat and keep the time of an update without change', async () => {
    const { post, emulator } = client();
    emulator.clock.freeze();
    const { body } = await post('/timeseries', { items: [{ externalId: 't', name: 'T' }] });
    expect(body.items[0]).toMatchObject({
      isString: false,
      type: 'numeric',
      isStep: false,
      metadata: {},
      securityCategories: [],
    });
    const twice = { items: [{ externalId: 't' }, { externalId: 't' }] };
    expect((await post('/timeseries/byids', twice)).status).toBe(422);
    emulator.clock.advance(5000);
    const same = await post('/timeseries/update', {
      items: [{ externalId: 't', update: { name: { set: 'T' } } }],
    });
    expect(same.body.items[0].lastUpdatedTime).toBe(body.items[0].lastUpdatedTime);
    const other = await post('/timeseries/update', {
      items: [{ externalId: 't', update: { name: { set: 'U' } } }],
    });
    expect(other.body.items[0].lastUpdatedTime).toBe(body.items[0].lastUpdatedTime + 5000);
  });

  it('define labels, attach them, and refuse unknown ones', async () => {
    const { post } = client();
    expect((await post('/labels', { items: [{ externalId: 'l', name: 'L' }] })).status).toBe(201);
    expect(
      (await post('/assets', { items: [{ name: 'a', labels: [{ externalId: 'l' }] }] })).status,
    ).toBe(201);
    const unknown = await post('/assets', {
      items: [{ name: 'b', labels: [{ externalId: 'm' }] }],
    });
    expect(unknown).toMatchObject({
      status: 400,
      body: { error: { missing: [{ externalId: 'm' }] } },
    });
    expect(
      names(
        await post('/assets/list', { filter: { labels: { containsAny: [{ externalId: 'l' }] } } }),
      ),
    ).toEqual(['a']);
    await post('/labels/delete', { items: [{ externalId: 'l' }] });
    expect((await post('/assets/list', {})).body.items[0].labels).toEqual([{ externalId: 'l' }]);
  });

  it('create data sets with 200 and at most ten at once', async () => {
    const { post } = client();
    const created = await post('/datasets', { items: [{ name: 'one', externalId: 'd' }] });
    expect(created).toMatchObject({
      status: 200,
      body: { items: [{ writeProtected: false, metadata: {} }] },
    });
    expect(
      (await post('/datasets', { items: Array.from({ length: 11 }, () => ({})) })).status,
    ).toBe(400);
    expect(
      (await post('/assets', { items: [{ name: 'a', dataSetId: created.body.items[0].id }] }))
        .status,
    ).toBe(201);
    expect(
      names(await post('/assets/list', { filter: { dataSetIds: [{ externalId: 'd' }] } })),
    ).toEqual(['a']);
    expect((await post('/assets', { items: [{ name: 'a', dataSetId: 1 }] })).status).toBe(400);
  });

  it('carry file contents through upload and download links', async () => {
    const { post, emulator } = client();
    const created = await post('/files', {
      name: 'a.txt',
      externalId: 'f',
      mimeType: 'text/plain',
    });
    expect(created).toMatchObject({ status: 201, body: { uploaded: false, labels: [] } });
    expect((await post('/files/downloadlink', { items: [{ externalId: 'f' }] })).status).toBe(400);
    expect(
      (await emulator.fetch(created.body.uploadUrl, { method: 'PUT', body: 'hello' })).status,
    ).toBe(200);
    const link = await post('/files/downloadlink', { items: [{ externalId: 'f' }] });
    expect(link.body.items[0].externalId).toBe('f');
    const download = await emulator.fetch(link.body.items[0].downloadUrl);
    expect([download.headers.get('content-type'), await download.text()]).toEqual([
      'text/plain',
      'hello',
    ]);
    emulator.clock.advance(31_000);
    expect((await emulator.fetch(link.body.items[0].downloadUrl)).status).toBe(403);
    expect((await post('/files', { name: 'b', externalId: 'f' })).status).toBe(409);
    const over = await post('/files?overwrite=true', { name: 'b.txt', externalId: 'f' });
    expect(over.body).toMatchObject({ id: created.body.id, name: 'b.txt', uploaded: true });
  });

  for (const kept of [false, true]) {
    it(`send one range of a file ${kept ? 'from a folder' : 'from memory'}`, async () => {
      const dataFolder = kept ? mkdtempSync(join(tmpdir(), 'cdf-emulator-range-')) : undefined;
      const { post, emulator } = client({ dataFolder });
      const upload = async (path: string, body: string): Promise<string> => {
        const created = await post(path, { name: 'a.txt', externalId: 'f' });
        await emulator.fetch(created.body.uploadUrl, { method: 'PUT', body });
        return (await post('/files/downloadlink', { items: [{ externalId: 'f' }] })).body.items[0]
          .downloadUrl;
      };
      const url = await upload('/files', 'hello world');
      const ask = async (headers: Record<string, string>): Promise<(string | number | null)[]> => {
        const response = await emulator.fetch(url, { headers });
        return [response.status, response.headers.get('content-range'), await response.text()];
      };
      expect(await ask({ range: 'bytes=0-4' })).toEqual([206, 'bytes 0-4/11', 'hello']);
      expect(await ask({ range: 'bytes=6-' })).toEqual([206, 'bytes 6-10/11', 'world']);
      expect(await ask({ range: 'bytes=-3' })).toEqual([206, 'bytes 8-10/11', 'rld']);
      expect(await ask({ range: 'bytes=10-99' })).toEqual([206, 'bytes 10-10/11', 'd']);
      expect((await ask({ range: 'bytes=11-' })).slice(0, 2)).toEqual([416, 'bytes */11']);
      expect((await ask({ range: 'bytes=-0' })).slice(0, 2)).toEqual([416, 'bytes */11']);
      for (const range of ['bytes=0-1,3-4', 'bytes=5-2', 'lines=1-2', 'bytes=-'])
        expect(await ask({ range })).toEqual([200, null, 'hello world']);
      const whole = await emulator.fetch(url);
      expect(whole.headers.get('accept-ranges')).toBe('bytes');
      const tag = whole.headers.get('etag') ?? '';
      expect(await ask({ range: 'bytes=6-', 'if-range': tag })).toEqual([
        206,
        'bytes 6-10/11',
        'world',
      ]);
      await upload('/files?overwrite=true', 'changed');
      expect(await ask({ range: 'bytes=6-', 'if-range': tag })).toEqual([200, null, 'changed']);
      await emulator.close();
      if (dataFolder !== undefined) rmSync(dataFolder, { recursive: true });
    });
  }

  it('forget files whose content did not come within a week', async () => {
    const { post, emulator } = client();
    const { body } = await post('/files', { name: 'never', externalId: 'never' });
    const kept = await post('/files', { name: 'kept', externalId: 'kept' });
    await emulator.fetch(kept.body.uploadUrl, { method: 'PUT', body: 'content' });
    emulator.clock.advance(7 * 24 * 3_600_000 - 1000);
    expect((await post('/files/list', {})).body.items).toHaveLength(2);
    emulator.clock.advance(2000);
    expect(names(await post('/files/list', {}))).toEqual(['kept']);
    expect((await emulator.fetch(body.uploadUrl, { method: 'PUT', body: 'late' })).status).toBe(
      403,
    );
  });

  it('join the parts of a multipart upload in the order of their links', async () => {
    const { post, emulator } = client();
    const { body } = await post('/files/initmultipartupload?parts=2', { name: 'big' });
    const first = Buffer.alloc(5 * 1024 * 1024, 1);
    await emulator.fetch(body.uploadUrls[1], { method: 'PUT', body: 'end' });
    const early = await post('/files/completemultipartupload', {
      id: body.id,
      uploadId: body.uploadId,
    });
    expect(early.status).toBe(400);
    await emulator.fetch(body.uploadUrls[0], { method: 'PUT', body: first });
    expect(
      await post('/files/completemultipartupload', { id: body.id, uploadId: body.uploadId }),
    ).toMatchObject({
      status: 200,
      body: {},
    });
    const link = await post('/files/downloadlink', { items: [{ id: body.id }] });
    const bytes = Buffer.from(
      await (await emulator.fetch(link.body.items[0].downloadUrl)).arrayBuffer(),
    );
    expect(bytes.equals(Buffer.concat([first, Buffer.from('end')]))).toBe(true);
  });

  it('find files by where they are', async () => {
    const { post } = client();
    const at = (coordinates: number[]): object => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates },
    });
    await post('/files', { name: 'in', geoLocation: at([10, 60]) });
    await post('/files', { name: 'out', geoLocation: at([20, 60]) });
    const shape = {
      type: 'Polygon',
      coordinates: [
        [
          [9, 59],
          [11, 59],
          [11, 61],
          [9, 61],
          [9, 59],
        ],
      ],
    };
    const list = async (relation: string): Promise<string[]> =>
      names(await post('/files/list', { filter: { geoLocation: { relation, shape } } }));
    expect(await list('WITHIN')).toEqual(['in']);
    expect(await list('INTERSECTS')).toEqual(['in']);
    expect(await list('DISJOINT')).toEqual(['out']);
  });
});

describe('every request', () => {
  it('may be compressed, and the answer is when the client accepts it', async () => {
    const { emulator, post } = client();
    const body = gzipSync(
      JSON.stringify({ items: [{ name: 'zipped', description: 'x'.repeat(500) }] }),
    );
    const headers = {
      'api-key': 'emulator-key',
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    };
    const sent = await emulator.fetch(`${emulator.url}/api/v1/projects/emulator/assets`, {
      method: 'POST',
      headers,
      body,
    });
    expect(sent.status).toBe(201);
    await post('/assets', {
      items: Array.from({ length: 10 }, () => ({ name: 'more', description: 'y'.repeat(400) })),
    });
    const answer = await emulator.fetch(`${emulator.url}/api/v1/projects/emulator/assets`, {
      headers: { 'api-key': 'emulator-key', 'accept-encoding': 'gzip, deflate' },
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const broken = await emulator.fetch(`${emulator.url}/api/v1/projects/emulator/assets`, {
      method: 'POST',
      headers,
      body: 'no gzip',
    });
    expect(broken.status).toBe(400);
  });

  it('takes an explicit null for absent and refuses unknown members', async () => {
    const { post } = client();
    const created = await post('/assets', {
      items: [{ name: 'a', externalId: null, metadata: null }],
    });
    expect(created.status).toBe(201);
    expect((await post('/assets/list', { filter: null, limit: null, cursor: null })).status).toBe(
      200,
    );
    expect(
      (await post('/assets', { items: [{ name: 'a', colour: 'red' }] })).body.error.message,
    ).toContain('items[0].colour');
    expect((await post('/assets', { items: [] })).body.error.message).toContain(
      'items size must be between 1 and 1000',
    );
    expect((await post('/assets/list', { limit: 1001 })).status).toBe(400);
    expect((await post('/assets/list', { limit: 0 })).status).toBe(400);
  });

  it('counts bytes where the limit is in bytes', async () => {
    const { post } = client();
    const key = 'é'.repeat(64);
    expect(
      (await post('/assets', { items: [{ name: 'a', metadata: { [key]: '' } }] })).status,
    ).toBe(201);
    expect(
      (await post('/assets', { items: [{ name: 'a', metadata: { [`${key}x`]: '' } }] })).status,
    ).toBe(400);
    expect((await post('/assets', { items: [{ name: 'é'.repeat(140) }] })).status).toBe(201);
  });

  it('answers 501 for the parts of the API that are not emulated and 404 for what does not exist', async () => {
    const { post, get } = client();
    expect((await get('/raw/dbs')).status).toBe(501);
    expect((await post('/sequences/list', {})).body.error).toMatchObject({ code: 501 });
    expect((await get('/nothing')).body.error).toMatchObject({ code: 404 });
  });
});
