import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, EmulatorError } from '@cdf/emulator';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';
import { clientOf, type Json } from '../helpers.js';
import { core, demo, filled, node, property, reference, VIEW } from './helpers.js';

const folder = mkdtempSync(join(tmpdir(), 'cdf-emulator-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sync = (cursors?: Json): Json => ({
  with: { s: { nodes: {} } },
  select: { s: { sources: [{ source: VIEW, properties: ['*'] }] } },
  ...(cursors === undefined ? {} : { cursors }),
});

describe('what is stored', () => {
  it('is there after a restart as it was, with its versions, deletions and cursors', async () => {
    const dataFolder = join(folder, 'restart');
    const first = await demo({ dataFolder });
    const big = 123_456;
    await first.put({
      a: { big, seen: '2024-01-01T00:00:00.5Z', labels: ['x'], parent: reference('root') },
    });
    await first.put({ a: { tag: 'second' }, b: {} });
    const { nextCursor } = await first.ok('/instances/sync', sync());
    await first.ok('/instances/delete', { items: [node('b')] });
    const timeSeries = { source: core('CogniteTimeSeries'), properties: { type: 'numeric' } };
    await first.ok('/instances', { items: [{ ...node('ts'), sources: [timeSeries] }] });
    const all = { instanceType: 'node', sources: [{ source: VIEW }], includeTyping: true };
    const before = [
      await first.ok('/instances/list', all),
      (await first.get('/models/views')).body,
    ];
    await first.emulator.close();
    const { post, get, emulator } = clientOf(createEmulator({ dataFolder }));
    expect([
      (await post('/models/instances/list', all)).body,
      (await get('/models/views')).body,
    ]).toEqual(before);
    const changes = (await post('/models/instances/sync', sync(nextCursor))).body.items.s;
    expect(
      changes.map(({ externalId, deletedTime }: Json) => [externalId, deletedTime !== undefined]),
    ).toEqual([
      ['b', true],
      ['ts', false],
    ]);
    expect((await get('/models/statistics')).body.instances).toMatchObject({
      nodes: 3,
      softDeletedNodes: 1,
    });
    const { status } = await post('/timeseries/data', {
      items: [{ instanceId: reference('ts'), datapoints: [{ timestamp: 1, value: 1 }] }],
    });
    expect(status).toBe(200);
    await emulator.close();
  });

  it('is put back by a snapshot, and gone after a reset', async () => {
    const { emulator, put, names, get, ok } = await filled();
    emulator.saveSnapshot('before');
    await put({ a: { tag: 'changed' }, e: {} });
    await ok('/instances/delete', { items: [node('b')] });
    await ok('/spaces', { items: [{ space: 'later' }] });
    const tagged = { exists: { property: property('tag') } };
    expect(await names(tagged)).toEqual(['a', 'c']);
    emulator.restoreSnapshot('before');
    expect(await names(tagged)).toEqual(['b', 'c']);
    expect(
      await names({ equals: { property: property('parent'), value: reference('a') } }),
    ).toEqual(['b', 'c']);
    expect((await get('/models/spaces')).body.items).toHaveLength(1);
    await put({ e: {} });
    expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await emulator.reset();
    expect((await get('/models/spaces')).body.items).toEqual([]);
    expect((await get('/models/statistics')).body.instances.nodes).toBe(0);
  });

  it('expires the cursors of a sync when it is replaced, as the numbers of changes begin anew', async () => {
    const { emulator, put, ok, refused } = await demo();
    emulator.saveSnapshot('empty');
    await put({ a: {}, b: {} });
    const before = await ok('/instances/sync', sync());
    emulator.restoreSnapshot('empty');
    await put({ c: {}, d: {} });
    const old = { ...sync(before.nextCursor), allowExpiredCursorsAndAcceptMissedDeletes: true };
    await refused('/instances/sync', sync(before.nextCursor), 'Cursor has expired');
    await refused('/instances/sync', old, 'Cursor has expired');
    const restored = await ok('/instances/sync', sync());
    expect(restored.items.s.map(({ externalId }: Json) => externalId)).toEqual(['c', 'd']);
    await emulator.reset();
    const bare = { with: { s: { nodes: {} } }, select: { s: {} } };
    const { nextCursor } = await ok('/instances/sync', bare);
    await emulator.reset();
    await refused('/instances/sync', { ...bare, cursors: nextCursor }, 'Cursor has expired');
  });

  it('forgets the deleted after three days, and never gives the number of a change twice', async () => {
    const dataFolder = join(folder, 'purge');
    const start = Date.UTC(2024, 0, 1);
    const first = await demo({ dataFolder, now: () => start });
    await first.put({ a: {}, b: {} });
    await first.ok('/instances/delete', { items: [node('a')] });
    await first.ok('/instances/delete', { items: [node('b')] });
    const { nextCursor } = await first.ok('/instances/sync', sync());
    await first.emulator.close();
    const { post, get, emulator } = clientOf(
      createEmulator({ dataFolder, now: () => start + 3 * 86_400_000 + 1 }),
    );
    await emulator.fetch(emulator.url);
    expect((await get('/models/statistics')).body.instances.softDeletedNodes).toBe(0);
    await post('/models/instances', { items: [node('c')] });
    const allowed = { ...sync(nextCursor), allowExpiredCursorsAndAcceptMissedDeletes: true };
    const { body } = await post('/models/instances/sync', allowed);
    expect(body.items.s.map(({ externalId }: Json) => externalId)).toEqual(['c']);
    await emulator.close();
  });

  it('is refused when an instance is not what was written', async () => {
    const dataFolder = join(folder, 'damage');
    const { put, emulator } = await demo({ dataFolder });
    await put({ a: {} });
    await emulator.close();
    const database = new Database(join(dataFolder, 'emulator.sqlite'));
    database.exec('UPDATE instance SET body = substr(body, 1, 20)');
    database.close();
    expect(() => createEmulator({ dataFolder })).toThrow(EmulatorError);
  });
});
