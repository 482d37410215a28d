import { type CdfError, equals, NotFoundError, prefix, range } from '@cdf/core';
import { assetEvents, assetFiles, type CdfEvent, type EventFilter } from '@cdf/events-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatedFiles, startEmulated } from './emulated.js';

const HOUR = 3_600_000;
const COUNT = 2300;

let emulated: EmulatedFiles;
let all: readonly CdfEvent[];
let assetIds: readonly number[];

/** 300 assets below one root; event i is of asset i modulo 300. */
beforeAll(async () => {
  emulated = await startEmulated();
  const { transport, events } = emulated;
  const post = async <T>(path: string, items: object[]): Promise<T[]> =>
    (
      await transport.request<{ items: T[] }>({
        method: 'POST',
        path,
        body: { items },
        idempotent: false,
      })
    ).items;
  await post('/assets', [{ name: 'root', externalId: 'root' }]);
  const children = Array.from({ length: 300 }, (_, index) => ({
    name: `a${index}`,
    parentExternalId: 'root',
  }));
  assetIds = (await post<{ id: number }>('/assets', children)).map(({ id }) => id);
  all = await events.create(
    Array.from({ length: COUNT }, (_, index) => ({
      externalId: `e${index}`,
      type: index % 2 === 0 ? 'rain' : 'snow',
      subtype: `s${index % 5}`,
      description: index === 7 ? 'a leaking valve' : 'nothing special',
      metadata: { batch: String(index % 10) },
      assetIds: [assetIds[index % 300] as number],
      startTime: index * HOUR,
      ...(index % 3 === 0 ? {} : { endTime: (index + 2) * HOUR }),
    })),
  );
});
afterAll(() => emulated[Symbol.asyncDispose]());

const ids = (events: readonly { id: number }[]): number[] => events.map(({ id }) => id);

describe('events on a server', () => {
  it('come back in the order they were created, each once, in parallel or one page after the other', async () => {
    const { events } = emulated;
    const parallel = await events.list({ limit: Infinity });
    expect(ids(parallel)).toEqual(
      ids([...all].sort((a, b) => a.createdTime - b.createdTime || a.id - b.id)),
    );
    const walked: CdfEvent[] = [];
    for await (const event of events.list()) walked.push(event);
    // Among events of the same millisecond the order is the server's.
    const times = walked.map(({ createdTime }) => createdTime);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect([...ids(walked)].sort()).toEqual([...ids(parallel)].sort());
    expect(await events.list()).toHaveLength(25);
  });

  const filters: readonly [string, EventFilter, (event: CdfEvent) => boolean][] = [
    ['without an end', { endTime: { isNull: true } }, ({ endTime }) => endTime === undefined],
    ['with an end', { endTime: { isNull: false } }, ({ endTime }) => endTime !== undefined],
    [
      'that are active in a window',
      { activeAtTime: { min: 50 * HOUR, max: '1970-01-03T04:00:00Z' } },
      ({ startTime = 0, endTime = Infinity }) => startTime <= 52 * HOUR && endTime >= 50 * HOUR,
    ],
    [
      'of a type and metadata',
      { type: 'rain', metadata: { batch: '4' } },
      (event) => event.type === 'rain' && event.metadata?.batch === '4',
    ],
    [
      'by a prefix',
      { externalIdPrefix: 'e22' },
      ({ externalId }) => externalId?.startsWith('e22') === true,
    ],
    [
      'starting in a window',
      { startTime: { min: HOUR, max: new Date(9 * HOUR) }, subtype: 's3' },
      ({ startTime, subtype }) =>
        subtype === 's3' && startTime !== undefined && startTime >= HOUR && startTime <= 9 * HOUR,
    ],
  ];
  it.each(filters)('are filtered: %s', async (_, filter, matches) => {
    const { events } = emulated;
    const expected = all.filter(matches);
    expect(expected.length).toBeGreaterThan(0);
    expect(new Set(ids(await events.list({ filter, limit: Infinity })))).toEqual(
      new Set(ids(expected)),
    );
    expect(await events.aggregate.count({ filter })).toBe(expected.length);
  });

  it('are filtered by advanced filters and sorted', async () => {
    const found = await emulated.events.list({
      advancedFilter: {
        and: [
          equals('type', 'snow'),
          prefix(['metadata', 'batch'], '3'),
          range('startTime', { lt: 100 * HOUR }),
        ],
      },
      sort: [{ property: 'startTime', order: 'desc' }],
      limit: Infinity,
    });
    const expected = all.filter(
      ({ startTime = 0, type, metadata }) =>
        type === 'snow' && metadata?.batch === '3' && startTime < 100 * HOUR,
    );
    expect(ids(found)).toEqual(ids([...expected].reverse()));
  });

  it('are searched and aggregated', async () => {
    const { events } = emulated;
    expect(ids(await events.search({ search: { description: 'leaking' } }))[0]).toBe(all[7]?.id);
    const values = await events.aggregate.uniqueValues('type');
    expect(new Map(values.map(({ value, count }) => [value, count]))).toEqual(
      new Map([
        ['rain', COUNT / 2],
        ['snow', COUNT / 2],
      ]),
    );
    expect(await events.aggregate.cardinalityValues('subtype')).toBe(5);
    expect((await events.aggregate.uniqueProperties()).map(({ property }) => property)).toEqual([
      ['metadata', 'batch'],
    ]);
  });

  it('of assets are all there, by subtree and by more roots than one filter takes', async () => {
    const { events, files } = emulated;
    const ofAssets = assetEvents(events);
    const sorted = ids(await events.list({ limit: Infinity }));
    const each = assetIds.map((id) => ({ id }));
    expect(ids(await ofAssets({ reach: 'subtree', assets: [{ externalId: 'root' }] })())).toEqual(
      sorted,
    );
    expect(ids(await ofAssets({ reach: 'subtree', assets: each })())).toEqual(sorted);
    const snow = await ofAssets({ reach: 'self', assets: each })({ filter: { type: 'snow' } });
    expect(ids(snow)).toEqual(
      sorted.filter((id) => all.find((event) => event.id === id)?.type === 'snow'),
    );
    expect(await ofAssets({ reach: 'self', assets: each })({ limit: 7 })).toHaveLength(7);
    for (let index = 0; index < 3; index += 1)
      await files.upload(new Blob(['x']), {
        name: `f${index}`,
        assetIds: [assetIds[index * 120] as number],
      });
    const found = await assetFiles(files)({ reach: 'self', assets: each })();
    expect(found.map(({ name }) => name).sort()).toEqual(['f0', 'f1', 'f2']);
    expect(await ofAssets({ reach: 'subtree', assets: [] })()).toEqual([]);
  });

  it('of assets fail loudly when a part of them cannot be read', async () => {
    const { events, emulator } = emulated;
    emulator.faults.add({ path: '/events/list', status: 500, skip: 2 });
    const scope = { reach: 'subtree', assets: assetIds.map((id) => ({ id })) } as const;
    await expect(assetEvents(events)(scope)()).rejects.toMatchObject({ code: 'server' });
    emulator.faults.clear();
  });

  it('are changed, cleared, upserted and deleted', async () => {
    const { events } = emulated;
    const one = await events.create({
      externalId: 'one',
      type: 'a',
      metadata: { x: '1' },
      startTime: '2024-01-01',
    });
    const patched = await events.update({ ...one, metadata: { y: '2' } }, { mode: 'patch' });
    expect(patched.metadata).toEqual({ x: '1', y: '2' });
    const replaced = await events.update(
      { id: one.id, externalId: 'one', source: 'me' },
      { mode: 'replace' },
    );
    expect([replaced.type, replaced.startTime, replaced.source]).toEqual([
      undefined,
      undefined,
      'me',
    ]);
    const cleared = await events.update({
      externalId: 'one',
      update: { source: { setNull: true } },
    });
    expect(cleared.source).toBeUndefined();
    const { outcomes } = await events.upsert([
      { externalId: 'two', type: 'b' },
      { externalId: 'one', type: 'c' },
    ]);
    expect(outcomes).toEqual(['created', 'updated']);
    expect((await events.retrieve({ externalId: 'one' }))?.type).toBe('c');
    await events.delete([{ externalId: 'one' }, { externalId: 'two' }]);
    await events.delete([{ externalId: 'one' }], { ignoreUnknownIds: true });
    const gone = await events
      .retrieveMultiple([{ externalId: 'one' }])
      .catch((error: CdfError) => error);
    expect(NotFoundError.isInstance(gone)).toBe(true);
  });
});
