import {
  AbortedError,
  CdfError,
  ConfigError,
  equals,
  NotFoundError,
  prefix,
  ServerError,
} from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { assetEvents, type CdfEvent, EventsApi, eventIntervals } from '@cdf/events-files/events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

const event = (id: number, more: Partial<CdfEvent> = {}): CdfEvent => ({
  id,
  createdTime: 1000 + id,
  lastUpdatedTime: 1000 + id,
  ...more,
});

const answering = (...items: CdfEvent[]): MemoryTransport => memoryTransport(() => ({ items }));

function bodyOf(transport: MemoryTransport, index = 0): unknown {
  return transport.requests[index]?.body;
}

describe('listing events', () => {
  it('sends every filter as the API spells it, times in milliseconds', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(10_000_000);
    const transport = answering(event(1));
    await new EventsApi(transport).list({
      filter: {
        startTime: { min: '1h-ago', max: 'now' },
        endTime: { isNull: true },
        activeAtTime: { min: new Date(5000), max: '1970-01-01T00:00:09' },
        createdTime: { min: 1 },
        lastUpdatedTime: { max: 2 },
        metadata: { shift: 'night' },
        assetSubtreeIds: [{ externalId: 'root' }],
        dataSetIds: [{ id: 3 }],
        type: 'weather',
        subtype: 'rain',
        source: 'station',
        externalIdPrefix: 'w-',
      },
      limit: 10,
    });
    expect(bodyOf(transport)).toEqual({
      filter: {
        startTime: { min: 6_400_000, max: 10_000_000 },
        endTime: { isNull: true },
        activeAtTime: { min: 5000, max: 9000 },
        createdTime: { min: 1 },
        lastUpdatedTime: { max: 2 },
        metadata: { shift: 'night' },
        assetSubtreeIds: [{ externalId: 'root' }],
        dataSetIds: [{ id: 3 }],
        type: 'weather',
        subtype: 'rain',
        source: 'station',
        externalIdPrefix: 'w-',
      },
      limit: 10,
    });
  });

  it('sends advanced filters and sorts in their wire form', async () => {
    const transport = answering();
    await new EventsApi(transport).list({
      advancedFilter: { and: [equals('type', 'weather'), prefix(['metadata', 'city'], 'Sea')] },
      sort: { property: 'startTime', order: 'desc', nulls: 'last' },
    });
    expect(bodyOf(transport)).toMatchObject({
      advancedFilter: {
        and: [
          { equals: { property: ['type'], value: 'weather' } },
          { prefix: { property: ['metadata', 'city'], value: 'Sea' } },
        ],
      },
      sort: [{ property: ['startTime'], order: 'desc', nulls: 'last' }],
    });
  });

  it('gives a list that finds events by id and external id', async () => {
    const list = await new EventsApi(answering(event(1), event(2, { externalId: 'b' }))).list();
    expect(list.get({ externalId: 'b' })?.id).toBe(2);
    expect(list.get({ id: 3 })).toBeUndefined();
    expect(list.toTable().columns).toEqual(['id', 'createdTime', 'lastUpdatedTime', 'externalId']);
  });

  it('merges partitions by created time, then id', async () => {
    const transport = memoryTransport((spec) => {
      const { partition } = spec.body as { partition?: string };
      // Gone by the time that it is requested again.
      if (spec.path === '/events/byids') return { items: [] };
      if (partition === undefined) return { items: [event(1)], nextCursor: 'more' };
      const index = Number(partition.split('/')[0]);
      return { items: [event(100 - index, { createdTime: 7 }), event(200 + index)] };
    });
    const all = await new EventsApi(transport).list({ limit: Infinity });
    const order = all.map(({ createdTime, id }) => createdTime * 10_000 + id);
    expect(all).toHaveLength(20);
    expect(order).toEqual([...order].sort((left, right) => left - right));
  });

  it('refuses an invalid time before sending anything', async () => {
    const transport = answering();
    const list = async (): Promise<unknown> =>
      new EventsApi(transport).list({ filter: { startTime: { min: 'yesterday' } } });
    await expect(list).rejects.toThrow(ConfigError);
    expect(transport.requests).toEqual([]);
  });
});

describe('events of assets', () => {
  it('are all awaited, with one filter for a subtree', async () => {
    const transport = answering(event(1));
    const events = await assetEvents(new EventsApi(transport))({
      reach: 'subtree',
      assets: [{ id: 7 }],
    })();
    expect(events.map(({ id }) => id)).toEqual([1]);
    expect(bodyOf(transport)).toEqual({ filter: { assetSubtreeIds: [{ id: 7 }] }, limit: 1000 });
  });

  it('name up to 5,000 assets in a filter', async () => {
    const transport = answering(event(1), event(2));
    const assets = Array.from({ length: 5001 }, (_, index) => ({ id: index + 1 }));
    const relation = assetEvents(new EventsApi(transport))({ reach: 'self', assets });
    const events = await relation({
      filter: { type: 'weather', startTime: { min: '1970-01-02' } },
    });
    expect(events.map(({ id }) => id)).toEqual([1, 2]);
    const filters = transport.requests.map(
      ({ body }) => (body as { filter: { assetIds: number[] } }).filter,
    );
    expect(filters.map(({ assetIds }) => assetIds.length)).toEqual([5000, 1]);
    expect(filters[1]).toEqual({
      type: 'weather',
      startTime: { min: 86_400_000 },
      assetIds: [5001],
    });
  });
});

describe('single events', () => {
  it('are undefined when the id is unknown', async () => {
    expect(await new EventsApi(answering()).retrieve({ id: 1 })).toBeUndefined();
    expect((await new EventsApi(answering(event(1))).retrieve({ id: 1 }))?.createdTime).toBe(1001);
  });

  it('keep the order of the identifiers, and raise for all that are unknown', async () => {
    const stored = [event(1, { externalId: 'a' }), event(2)];
    const api = new EventsApi(
      memoryTransport(({ body }) => {
        const { items } = body as { items: { id?: number; externalId?: string }[] };
        const isAsked = (each: CdfEvent): boolean =>
          items.some(
            ({ id, externalId }) => id === each.id || (externalId ?? '') === each.externalId,
          );
        return { items: stored.filter(isAsked) };
      }),
    );
    const found = await api.retrieveMultiple([{ id: 2 }, { externalId: 'a' }]);
    expect(found.map(({ id }) => id)).toEqual([2, 1]);
    const unknown = api.retrieveMultiple([{ id: 2 }, { id: 3 }, { externalId: 'c' }]);
    await expect(unknown).rejects.toMatchObject({ missing: [{ id: 3 }, { externalId: 'c' }] });
    expect(
      await api.retrieveMultiple([{ id: 3 }, { id: 2 }], { ignoreUnknownIds: true }),
    ).toHaveLength(1);
  });

  it('are searched by their description', async () => {
    const transport = answering(event(4));
    const query = {
      search: { description: 'leak' },
      filter: { createdTime: { min: '1970-01-01' } },
      limit: 5,
    };
    expect(await new EventsApi(transport).search(query)).toHaveLength(1);
    expect(transport.requests[0]).toMatchObject({ path: '/events/search', idempotent: true });
    expect(bodyOf(transport)).toEqual({ ...query, filter: { createdTime: { min: 0 } } });
  });

  it('are counted, and their types told apart', async () => {
    const transport = memoryTransport({
      'POST /events/aggregate': (spec) =>
        (spec.body as { aggregate: string }).aggregate === 'count'
          ? { items: [{ count: 12 }] }
          : { items: [{ count: 9, values: ['rain'] }] },
    });
    const { aggregate } = new EventsApi(transport);
    expect(await aggregate.count({ filter: { startTime: { min: '1970-01-01' } } })).toBe(12);
    expect(bodyOf(transport)).toEqual({ aggregate: 'count', filter: { startTime: { min: 0 } } });
    expect(await aggregate.uniqueValues('type')).toEqual([{ count: 9, value: 'rain' }]);
  });
});

/** Answers writes as CDF does: one event per item, ids counting up. */
function writing(fail: (items: readonly object[]) => void = () => {}): MemoryTransport {
  let id = 0;
  return memoryTransport((spec) => {
    const { items } = spec.body as { items: object[] };
    fail(items);
    return {
      items:
        spec.path === '/events/delete' ? [] : items.map((item) => ({ ...event(++id), ...item })),
    };
  });
}

describe('writing events', () => {
  it('creates one for one and a list for several, with times of any kind', async () => {
    const transport = writing();
    const api = new EventsApi(transport);
    const one = await api.create({
      startTime: '1970-01-02',
      endTime: new Date(90_000_000),
      type: 'rain',
    });
    expect(one.startTime).toBe(86_400_000);
    expect(bodyOf(transport)).toEqual({
      items: [{ startTime: 86_400_000, endTime: 90_000_000, type: 'rain' }],
    });
    expect(await api.create([{ type: 'a' }, { type: 'b' }])).toHaveLength(2);
    expect(transport.requests.every((request) => !request.idempotent)).toBe(true);
    expect(await api.create([])).toEqual([]);
  });

  it('copies an event without what the server sets', async () => {
    const transport = writing();
    await new EventsApi(transport).create({ ...event(5), type: 'rain' });
    expect(bodyOf(transport)).toEqual({ items: [{ type: 'rain' }] });
  });

  it('turns whole objects into patches by the mode', async () => {
    const transport = writing();
    const api = new EventsApi(transport);
    const whole = {
      id: 5,
      externalId: 'e',
      type: 'rain',
      startTime: new Date(5),
      metadata: { a: 'b' },
    };
    await api.update(whole);
    await api.update([whole], { mode: 'patch' });
    await api.update(whole, { mode: 'replace' });
    const sent = { externalId: { set: 'e' }, startTime: { set: 5 }, type: { set: 'rain' } };
    expect(bodyOf(transport, 0)).toEqual({
      items: [{ id: 5, update: { ...sent, metadata: { set: { a: 'b' } } } }],
    });
    expect(bodyOf(transport, 1)).toEqual({
      items: [{ id: 5, update: { ...sent, metadata: { add: { a: 'b' } } } }],
    });
    expect(bodyOf(transport, 2)).toEqual({
      items: [
        {
          id: 5,
          update: {
            ...sent,
            metadata: { set: { a: 'b' } },
            dataSetId: { setNull: true },
            endTime: { setNull: true },
            subtype: { setNull: true },
            description: { setNull: true },
            source: { setNull: true },
            assetIds: { set: [] },
          },
        },
      ],
    });
  });

  it('sends patches as they are, times in milliseconds', async () => {
    const transport = writing();
    const update = {
      endTime: { set: '1970-01-01T00:00:01Z' },
      type: { setNull: true },
      assetIds: { add: [1] },
    } as const;
    await new EventsApi(transport).update({ externalId: 'e', update });
    expect(bodyOf(transport)).toEqual({
      items: [{ externalId: 'e', update: { ...update, endTime: { set: 1000 } } }],
    });
  });

  it('creates what an upsert does not find', async () => {
    const transport = memoryTransport((spec) => {
      const { items } = spec.body as { items: { externalId: string }[] };
      if (spec.path === '/events/update' && items.some(({ externalId }) => externalId === 'new'))
        throw new NotFoundError('unknown', { status: 400, missing: [{ externalId: 'new' }] });
      return { items: items.map(({ externalId }, index) => event(index + 1, { externalId })) };
    });
    const { items, outcomes } = await new EventsApi(transport).upsert([
      { externalId: 'old', startTime: new Date(1) },
      { externalId: 'new' },
    ]);
    expect(outcomes).toEqual(['updated', 'created']);
    expect(items.map(({ externalId }) => externalId)).toEqual(['old', 'new']);
  });

  it('deletes in requests of 1,000', async () => {
    const transport = writing();
    const ids = Array.from({ length: 1001 }, (_, index) => ({ id: index + 1 }));
    await new EventsApi(transport).delete(ids, { ignoreUnknownIds: true });
    expect(
      transport.requests.map(({ body }) => (body as { items: object[] }).items.length),
    ).toEqual([1000, 1]);
    expect(bodyOf(transport)).toMatchObject({ ignoreUnknownIds: true });
  });

  it('keeps the order and accounts for every event, whatever fails', async () => {
    const outcome = fc.constantFrom('fine', 'fine', 'lost', 'refused');
    await fc.assert(
      fc.asyncProperty(
        fc.array(outcome, { minLength: 1, maxLength: 6 }),
        fc.nat(999),
        async (chunks, cut) => {
          const events = Array.from({ length: chunks.length * 1000 - cut }, (_, index) => ({
            externalId: `e${index}`,
          }));
          const transport = writing((items) => {
            const [first] = items as { externalId: string }[];
            const fate = chunks[Math.floor(Number(first?.externalId.slice(1)) / 1000)];
            if (fate === 'lost') throw new ServerError('gone', { status: 502 });
            if (fate === 'refused') throw new CdfError('no', { delivery: 'refused' });
          });
          const fateOf = (index: number): string | undefined => chunks[Math.floor(index / 1000)];
          const having = (fate: string): object[] =>
            events.filter((_, index) => fateOf(index) === fate);
          const created = await new EventsApi(transport)
            .create(events)
            .catch((error: CdfError) => error);
          if (Array.isArray(created)) {
            expect(created.map(({ externalId }) => externalId)).toEqual(
              events.map(({ externalId }) => externalId),
            );
            return;
          }
          const { successful, unknown, failed } = created as CdfError;
          expect({ successful, unknown, failed }).toEqual({
            successful: having('fine'),
            unknown: having('lost'),
            failed: having('refused'),
          });
        },
      ),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 300 : 25 },
    );
  });

  it('tells what an abort left undone', async () => {
    const controller = new AbortController();
    const transport = writing(() => controller.abort(new Error('enough')));
    const events = Array.from({ length: 9000 }, (_, index) => ({ externalId: `e${index}` }));
    const error = await new EventsApi(transport)
      .create(events, { signal: controller.signal })
      .catch((each) => each);
    expect(AbortedError.isInstance(error)).toBe(true);
    expect(error.successful.length + error.unknown.length + error.failed.length).toBe(9000);
    expect(error.notAttempted.length).toBeGreaterThan(0);
  });
});

describe('eventIntervals', () => {
  it('cuts events to the window and draws open ones to its end', () => {
    const events = [
      event(1, { startTime: 50, endTime: 150, type: 'rain', subtype: 'heavy' }),
      event(2, { startTime: 20 }),
      event(3, { startTime: 10, endTime: 19 }),
      event(4, { startTime: 201 }),
      event(5, { endTime: 100 }),
      event(6, { startTime: 120, endTime: 120, description: 'spark' }),
    ];
    const intervals = eventIntervals(events, { start: 30, end: 130 });
    expect(
      intervals.map(({ start, end, open, label, event: { id } }) => [id, start, end, open, label]),
    ).toEqual([
      [2, 30, 130, true, ''],
      [1, 50, 130, false, 'heavy'],
      [6, 120, 120, false, 'spark'],
    ]);
  });

  it('labels events as asked, up to now', () => {
    const [interval] = eventIntervals([event(1, { startTime: 5 })], {
      label: ({ id }) => `no. ${id}`,
    });
    expect(interval?.label).toBe('no. 1');
    expect(interval?.end).toBeGreaterThan(Date.parse('2024-01-01'));
  });

  it('takes a null end as open, and a null start as no start', () => {
    const none = null as unknown as undefined;
    const events = [
      event(1, { startTime: 50, endTime: none }),
      event(2, { startTime: none, endTime: 70 }),
      event(3, { startTime: none, endTime: none }),
      event(4, { startTime: -5, endTime: none }),
      event(5, { startTime: 500, endTime: none }),
    ];
    const intervals = eventIntervals(events, { start: 30, end: 130 });
    expect(intervals.map(({ start, end, open, event: { id } }) => [id, start, end, open])).toEqual([
      [4, 30, 130, true],
      [1, 50, 130, true],
    ]);
  });

  it('rejects a window whose day does not exist', () => {
    for (const start of ['2024-02-30', '2023-02-29', '2024-04-31T10:00'])
      expect(() => eventIntervals([], { start, end: '2025-01-01' })).toThrow(
        `start "${start}" is not a time`,
      );
  });

  it('refuses a window that ends before it starts', () => {
    expect(() => eventIntervals([], { start: 2, end: 1 })).toThrow(ConfigError);
  });
});
