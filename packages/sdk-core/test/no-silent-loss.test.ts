import { startEmulator } from '@cdf/emulator';
import { and, CdfClient, equals, not, or, range, Token } from '@cdf/sdk-core';
import { cdfHttp } from '@cdf/sdk-core/http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let client: CdfClient;

beforeAll(async () => {
  emulator = await startEmulator();
  const connection = { clientName: 'test', project: emulator.project, baseUrl: emulator.url };
  client = new CdfClient({ ...connection, credentials: new Token(await emulator.issueToken()) });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const post = <T = unknown>(path: string, json: object): Promise<T> =>
  cdfHttp(client).post(path, { json }).json<T>();

const writes = (): number =>
  [...emulator.requests].filter(({ path }) => !path.endsWith('/byids')).length;

describe('replacing a time series', () => {
  const read = async (externalId: string) => {
    await client.timeSeries.upsert([{ externalId, name: 'before', metadata: { kept: 'yes' } }]);
    const [one] = await client.timeSeries.list({
      includeMetadata: false,
      filter: { externalIdPrefix: externalId },
    });
    return one as NonNullable<typeof one>;
  };
  const copies: [string, (read: { id: number }) => { id: number }][] = [
    ['as it was read', (series) => series],
    ['spread', (series) => ({ ...series })],
    ['through JSON', (series) => JSON.parse(JSON.stringify(series)) as { id: number }],
    ['as a structured clone', (series) => structuredClone({ ...series })],
    ['with metadata that is undefined', (series) => ({ ...series, metadata: undefined })],
  ];

  it.each(copies)(
    'that was read without metadata is rejected before anything is sent, %s',
    async (_name, copy) => {
      const series = copy(await read('replaced'));
      emulator.requests.clear();
      await expect(client.timeSeries.update(series, { mode: 'replace' })).rejects.toThrow(
        'the object has no metadata',
      );
      await expect(
        client.timeSeries.upsert([series as never], { mode: 'replace' }),
      ).rejects.toThrow('the object has no metadata');
      expect(writes()).toBe(0);
      const after = await client.timeSeries.retrieve({ id: series.id });
      expect(after?.metadata).toEqual({ kept: 'yes' });
    },
  );

  it('by metadata of its own wipes what was there, on purpose', async () => {
    const series = await read('wiped');
    const wiped = await client.timeSeries.update({ ...series, metadata: {} }, { mode: 'replace' });
    expect(wiped.metadata).toEqual({});
    await read('wiped');
    const { items } = await client.timeSeries.upsert([{ externalId: 'wiped', metadata: {} }], {
      mode: 'replace',
    });
    expect(items[0]?.metadata).toEqual({});
    expect(items[0]?.name).toBeUndefined();
  });

  it('in another mode keeps metadata', async () => {
    const series = { ...(await read('kept')) };
    for (const mode of ['replaceIgnoreNull', 'patch'] as const)
      expect((await client.timeSeries.update(series, { mode })).metadata).toEqual({ kept: 'yes' });
  });

  it('that was read whole sends everything back, also where it has no metadata', async () => {
    const series = await client.timeSeries.create({ externalId: 'bare', name: 'bare' });
    await client.timeSeries.update(series, { mode: 'replace' });
    const back = (await client.timeSeries.retrieve({ externalId: 'bare' })) as NonNullable<
      typeof series
    >;
    expect((await client.timeSeries.update(back, { mode: 'replace' })).name).toBe('bare');
  });
});

describe('a patch with null where a value belongs', () => {
  it('is rejected for every resource: CDF would answer 200 and change nothing', async () => {
    const asset = await client.assets.create({ name: 'patched', metadata: { kept: 'yes' } });
    const event = await client.events.create({ metadata: { kept: 'yes' } });
    const series = await client.timeSeries.create({ metadata: { kept: 'yes' } });
    const raw = { items: [{ id: asset.id, update: { metadata: { set: null } } }] };
    expect(await post('assets/update', raw)).toMatchObject({
      items: [{ metadata: { kept: 'yes' } }],
    });
    for (const change of [{ set: null }, { add: null }, { remove: null }, null]) {
      const update = { metadata: change } as never;
      await expect(client.assets.update({ id: asset.id, update })).rejects.toThrow(
        'must have a value',
      );
      await expect(client.events.update({ id: event.id, update })).rejects.toThrow(
        'must have a value',
      );
      await expect(client.timeSeries.update({ id: series.id, update })).rejects.toThrow(
        'must have a value',
      );
    }
    const cleared = await client.assets.update({ id: asset.id, update: { metadata: { set: {} } } });
    expect(cleared.metadata).toEqual({});
  });
});

describe('half of a surrogate pair', () => {
  const halves = ['\ud800', 'pump \udfff', '\ude00\ud83d', 'a\ud83d b', '\\\ud83d\\'];

  it.each(halves)(
    'is rejected before anything is sent, in names, values, keys and filters: %j',
    async (text) => {
      emulator.requests.clear();
      const calls: (() => Promise<unknown>)[] = [
        async () => client.assets.create({ name: text }),
        async () => client.assets.create({ name: 'a', metadata: { [text]: 'value' } }),
        async () => client.assets.upsert([{ externalId: text, name: 'a' }]),
        async () => client.events.update({ id: 1, update: { description: { set: text } } }),
        async () => client.timeSeries.retrieve({ externalId: text }),
        async () =>
          client.timeSeries.list({ includeMetadata: false, filter: { externalIdPrefix: text } }),
        async () => client.files.list({ filter: { name: text } }),
        async () => client.assets.list({ advancedFilter: equals('name', text) }),
        async () => client.assets.delete([{ externalId: text }]),
        async () => client.datapoints.insert({ externalId: text }, [[0, 1]]),
        async () => client.datapoints.insert({ externalId: 'series' }, [[0, text]]),
        async () => client.datapoints.retrieve({ externalId: text }),
        async () => post('assets', { items: [{ name: text }] }),
        // The path of ky is a URL before it is ours, and has U+FFFD by then.
        async () =>
          client.transport.request({ method: 'GET', path: `/assets/${text}`, idempotent: true }),
        async () =>
          client.transport.request({
            method: 'GET',
            path: '/assets',
            query: { cursor: text },
            idempotent: true,
          }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'config' });
      expect([...emulator.requests]).toHaveLength(0);
    },
  );

  it('is not a reason to reject pairs, or strings that only look like one', async () => {
    for (const name of ['😀', '\\ud83d', 'null', '\\\\udfff "null"', 'ud800']) {
      const asset = await client.assets.create({ name, metadata: { [name]: name } });
      expect(asset).toMatchObject({ name, metadata: { [name]: name } });
    }
  });

  it('decides over any string: it comes back as it was, or is rejected', async () => {
    const strings = fc.string({
      unit: fc.constantFrom('a', '\\', '"', 'u', 'd', '8', '\ud83d', '\ude00', 'é', 'null'),
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(strings, async (text) => {
        const written = client.events.create({ description: text });
        if (/\p{Cs}/u.test(text)) await expect(written).rejects.toMatchObject({ code: 'config' });
        else expect((await written).description).toBe(text);
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 2000 : 100 },
    );
  });
});

describe('an asset with both names of its parent', () => {
  const family = async (name: string) => {
    const parent = await client.assets.create({ name, externalId: name });
    const other = await client.assets.create({
      name: `other ${name}`,
      externalId: `other ${name}`,
      parentId: parent.id,
    });
    const child = await client.assets.create({
      name: `child of ${name}`,
      externalId: `child of ${name}`,
      parentId: parent.id,
    });
    return { parent, other, child };
  };

  it('can be sent back as it was read, and without what only CDF sets', async () => {
    const { parent, child } = await family('both');
    expect(child).toMatchObject({ parentId: parent.id, parentExternalId: 'both' });
    const {
      id,
      rootId: _root,
      createdTime: _created,
      lastUpdatedTime: _updated,
      ...own
    } = { ...child };
    const json = JSON.parse(JSON.stringify(child)) as typeof child;
    for (const back of [child, json, { ...own, id }, own])
      for (const mode of ['replaceIgnoreNull', 'patch', 'replace'] as const) {
        const updated = await client.assets.update(
          { ...back, externalId: 'child of both', description: mode },
          { mode },
        );
        expect(updated).toMatchObject({ parentId: parent.id, description: mode });
        const { items } = await client.assets.upsert([{ ...back, source: mode }], { mode });
        expect(items[0]).toMatchObject({ parentId: parent.id, source: mode });
      }
    for (const externalId of ['copy 1', 'copy 2', undefined])
      expect(await client.assets.create({ ...own, externalId })).toMatchObject({
        parentId: parent.id,
      });
    expect((await client.assets.upsert([{ ...own, externalId: 'copy 3' }])).outcomes).toEqual([
      'created',
    ]);
  });

  it('is rejected where they are two assets: a move would be lost', async () => {
    const { other, child } = await family('moved');
    emulator.requests.clear();
    const { rootId: _, ...own } = child;
    for (const moved of [
      { ...child, parentExternalId: other.externalId as string },
      { ...own, parentExternalId: 'nowhere' },
      { ...child, parentId: other.id },
    ]) {
      await expect(client.assets.update(moved)).rejects.toThrow(
        /parentId \d+ has the externalId ".*", but/,
      );
      await expect(client.assets.upsert([moved])).rejects.toThrow(/omit one of them/);
      await expect(client.assets.create({ ...moved, externalId: 'copy' })).rejects.toMatchObject({
        code: 'config',
      });
    }
    expect(writes()).toBe(0);
    const { parentId: _old, ...rest } = child;
    const moved = await client.assets.update({ ...rest, parentExternalId: other.externalId });
    expect(moved.parentId).toBe(other.id);
  });
});

describe('deleting what was read', () => {
  it('takes the objects themselves, one by one and as a list', async () => {
    const asset = await client.assets.create({ name: 'a', externalId: 'deleted' });
    const event = await client.events.create({ externalId: 'deleted' });
    const series = await client.timeSeries.create({ externalId: 'deleted' });
    const file = await client.files.create({ name: 'a.txt', externalId: 'deleted' });
    await client.assets.delete([asset]);
    await client.events.delete([{ ...event }]);
    await client.timeSeries.delete(
      await client.timeSeries.list({ filter: { externalIdPrefix: 'deleted' } }),
    );
    await client.files.delete([file, { externalId: 'unknown' }], { ignoreUnknownIds: true });
    expect(await client.assets.retrieve({ id: asset.id })).toBeUndefined();
    expect(await client.events.retrieve({ id: event.id })).toBeUndefined();
    expect(await client.timeSeries.retrieve({ id: series.id })).toBeUndefined();
    expect(await client.files.retrieve({ id: file.id })).toBeUndefined();
    expectTypeOf(client.assets.delete).toBeCallableWith([asset, { externalId: 'a' }, { id: 1 }]);
    // @ts-expect-error a name is not an identifier
    expectTypeOf(client.assets.delete).toBeCallableWith([{ name: 'a' }]);
  });
});

describe('dates in filters', () => {
  it('are times wherever a filter is given, in raw bodies too', async () => {
    const start = new Date('2024-02-29T12:00:00Z');
    const { id } = await client.events.create({ type: 'dated', startTime: start, endTime: start });
    await client.events.create({ type: 'dated', startTime: 5, endTime: 6 });
    const later = new Date(start.getTime() + 1);
    const advanced = [
      range('startTime', { gte: start, lt: later }),
      and(equals('type', 'dated'), not(range('startTime', { lt: start }))),
      or(equals('startTime', start), range('endTime', { gt: later })),
    ];
    for (const advancedFilter of advanced) {
      expect((await client.events.list({ advancedFilter })).map((event) => event.id)).toEqual([id]);
      expect(await client.events.aggregate.count({ advancedFilter })).toBe(1);
      const raw = await post<{ items: { id: number }[] }>('events/list', { advancedFilter });
      expect(raw.items.map((event) => event.id)).toEqual([id]);
    }
    for (const filter of [
      { type: 'dated', startTime: { min: start } },
      { startTime: { min: start, max: later } },
      { type: 'dated', activeAtTime: { min: start, max: start } },
      { type: 'dated', endTime: { min: start } },
    ]) {
      const raw = await post<{ items: { id: number }[] }>('events/list', { filter });
      expect(raw.items.map((event) => event.id)).toEqual([id]);
      expect((await client.events.list({ filter })).map((event) => event.id)).toEqual([id]);
    }
  });

  it('that are invalid, and filters without end, are rejected before anything is sent', async () => {
    emulator.requests.clear();
    const invalid = new Date('2024-02-30T99:00');
    let deep = equals('type', 'a') as Parameters<typeof not>[0];
    for (let level = 0; level < 20_000; level++) deep = level % 2 === 0 ? not(deep) : and(deep);
    for (const advancedFilter of [
      range('startTime', { gt: invalid }),
      equals('startTime', invalid),
      deep,
    ]) {
      await expect(
        client.events.list({ advancedFilter: advancedFilter as never }),
      ).rejects.toMatchObject({
        code: 'config',
      });
      const raw = (async () => post('events/list', { advancedFilter }))();
      await expect(raw).rejects.toMatchObject({ code: 'config' });
    }
    await expect(
      (async () => post('events', { items: [{ startTime: invalid }] }))(),
    ).rejects.toThrow('an invalid date');
    for (const min of ['2024-02-30', '2023-02-29T10:00', '2024-06-31'])
      await expect(
        (async () => client.events.list({ filter: { startTime: { min } } }))(),
      ).rejects.toThrow('is not a time');
    expect([...emulator.requests]).toHaveLength(0);
  });
});
