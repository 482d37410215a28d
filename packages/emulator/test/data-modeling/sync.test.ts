import { describe, expect, it } from 'vitest';
import type { Json } from '../helpers.js';
import { byName, filled, node, property, reference, through, VIEW } from './helpers.js';

describe('a sync', () => {
  const request = (step: object = {}, more: object = {}): Json => ({
    with: { s: { nodes: { filter: { hasData: [VIEW] } }, limit: 100, ...step } },
    select: { s: { sources: [{ source: VIEW, properties: ['*'] }] } },
    ...more,
  });
  const named = ({ items }: Json): string =>
    items.s.map(({ externalId }: Json) => externalId).join('');

  it('gives everything, then what changed, deletions included', async () => {
    const { ok, put } = await filled();
    const first = await ok('/instances/sync', request());
    expect(named(first)).toBe('abcd');
    const next = async (cursors: object): Promise<Json> =>
      await ok('/instances/sync', request({}, { cursors }));
    const empty = await next(first.nextCursor);
    expect(empty).toMatchObject({ items: { s: [] }, nextCursor: { s: expect.any(String) } });
    await put({ b: { tag: 'new' } });
    await put({ b: { tag: 'newer' } });
    await put({ e: {} });
    await ok('/instances/delete', { items: [node('c')] });
    const changed = await next(empty.nextCursor);
    expect(named(changed)).toBe('bec');
    expect(changed.items.s[0].properties.demo['Thing/v1'].tag).toBe('newer');
    expect(changed.items.s[2]).toMatchObject({ version: 2, deletedTime: expect.any(Number) });
    // Instances deleted before a sync began are not news to it, unless requested.
    expect(named(await ok('/instances/sync', request()))).toBe('adbe');
    expect(named(await ok('/instances/sync', request({ skipAlreadyDeleted: false })))).toBe(
      'adbec',
    );
  });

  it('comes in pages that together miss nothing, while others write', async () => {
    const { ok, put } = await filled();
    for (const mode of ['onePhase', 'twoPhase']) {
      const seen = new Map<string, number>();
      let cursors: Json = {};
      for (let round = 0; round < 12; round += 1) {
        const page = await ok('/instances/sync', request({ limit: 2, mode }, { cursors }));
        for (const { externalId, version } of page.items.s) seen.set(externalId, version);
        cursors = page.nextCursor;
        if (round < 5) await put({ [`${mode}-${round}`]: {}, a: { tag: `${mode}${round}` } });
      }
      const { items } = await ok('/instances/list', { sources: [{ source: VIEW }] });
      expect(Object.fromEntries(seen)).toEqual(
        Object.fromEntries(items.map(({ externalId, version }: Json) => [externalId, version])),
      );
    }
  });

  it('refuses sorts, cursors of other queries and expired ones', async () => {
    const { ok, refused, emulator } = await filled();
    await refused(
      '/instances/sync',
      request({ sort: [{ property: property('name') }] }),
      'Unexpected field',
    );
    await refused(
      '/instances/sync',
      request({ backfillSort: [{ property: property('name') }] }),
      'Backfill sort can only be used with two-phase sync.',
    );
    const { nextCursor } = await ok('/instances/sync', request({ mode: 'noBackfill' }));
    await refused('/instances/sync', request({}, { cursors: nextCursor }), 'cursor');
    emulator.clock.advance(3 * 86_400_000 + 1);
    const later = { cursors: nextCursor };
    await refused('/instances/sync', request({ mode: 'noBackfill' }, later), /^Cursor has expired/);
    await ok(
      '/instances/sync',
      request(
        { mode: 'noBackfill' },
        { ...later, allowExpiredCursorsAndAcceptMissedDeletes: true },
      ),
    );
  });

  it('follows what depends on another step, also when only the way to it is new', async () => {
    const { ok, put } = await filled();
    const body = (more: object = {}): Json => ({
      with: {
        s: { nodes: { filter: byName('a') } },
        k: { nodes: { from: 's', ...through('parent'), direction: 'inwards' } },
      },
      select: { s: {}, k: {} },
      ...more,
    });
    const first = await ok('/instances/sync', body());
    expect(first.items.k.map(({ externalId }: Json) => externalId)).toEqual(['b', 'c']);
    await put({ d: { parent: reference('a') } });
    const next = await ok('/instances/sync', body({ cursors: first.nextCursor }));
    expect(next.items.k.map(({ externalId }: Json) => externalId)).toEqual(['d']);
  });
});
