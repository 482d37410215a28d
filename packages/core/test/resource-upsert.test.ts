import { ApiError, CdfError, DuplicatedError, NotFoundError, type RequestSpec } from '@cdf/core';
import { ResourceApi } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

interface Thing {
  id: number;
  externalId?: string;
  name: string;
}

interface ThingTypes {
  item: Thing;
  list: Thing[];
  create: Omit<Thing, 'id'> & { id?: number };
  update: object;
  filter: object;
  property: string;
  query: object;
  scopedQuery: object;
  search: object;
}

/** A service with the two requests that an upsert sends; `refuse` may answer instead. */
function service(known: readonly string[], refuse?: (spec: RequestSpec) => Error | undefined) {
  const stored = new Map<string, Thing>();
  for (const externalId of known)
    stored.set(externalId, { id: stored.size + 1, externalId, name: 'old' });
  const transport = memoryTransport((spec) => {
    const refusal = refuse?.(spec);
    if (refusal !== undefined) throw refusal;
    const { items } = spec.body as {
      items: { externalId: string; name: string; update: { name: { set: string } } }[];
    };
    if (spec.path === '/things/update') {
      const missing = items
        .filter(({ externalId }) => !stored.has(externalId))
        .map(({ externalId }) => ({ externalId }));
      if (missing.length > 0) throw new NotFoundError('not found', { status: 400, missing });
      for (const { externalId, update } of items)
        (stored.get(externalId) as Thing).name = update.name.set;
    } else {
      const duplicated = items
        .filter(({ externalId }) => stored.has(externalId))
        .map(({ externalId }) => ({ externalId }));
      if (duplicated.length > 0)
        throw new DuplicatedError('duplicated', { status: 409, duplicated });
      for (const item of items) stored.set(item.externalId, { ...item, id: stored.size + 1 });
    }
    return { items: items.map(({ externalId }) => ({ ...stored.get(externalId) })) };
  });
  const things = new ResourceApi<ThingTypes>(transport, {
    path: '/things',
    noun: 'things',
    fields: { externalId: 'required', name: 'required' },
  });
  return { things, transport, stored };
}

const thing = (externalId: string) => ({ externalId, name: `new ${externalId}` });

describe('upsert', () => {
  it('updates what exists, creates what does not, and answers in input order', async () => {
    const { things, transport } = service(['b', 'd']);
    const { items, outcomes } = await things.upsert(['a', 'b', 'c', 'd'].map(thing));
    expect(items.map(({ name }) => name)).toEqual(['new a', 'new b', 'new c', 'new d']);
    expect(outcomes).toEqual(['created', 'updated', 'created', 'updated']);
    expect(transport.requests.map(({ path }) => path)).toEqual([
      '/things/update',
      '/things',
      '/things/update',
    ]);
  });

  it('sends one request when all of them exist', async () => {
    const { things, transport } = service(['a']);
    await things.upsert([thing('a')]);
    expect(transport.requests).toHaveLength(1);
  });

  it('updates items that another program created in the meantime', async () => {
    const { things, stored } = service([], ({ path }) => {
      if (path === '/things') stored.set('a', { id: 9, externalId: 'a', name: 'theirs' });
      return undefined;
    });
    const { outcomes } = await things.upsert([thing('a'), thing('b')]);
    expect(outcomes).toEqual(['updated', 'created']);
    expect(stored.get('a')?.name).toBe('new a');
  });

  it('gives up on items that another program keeps creating and deleting', async () => {
    const { things, stored } = service([], ({ path }) => {
      if (path === '/things') stored.set('a', { id: 9, externalId: 'a', name: 'theirs' });
      else stored.clear();
      return undefined;
    });
    await expect(things.upsert([thing('a')])).rejects.toMatchObject({
      failed: [thing('a')],
      notAttempted: [],
    });
  });

  it('reports the reason of the update that failed, not that of an earlier answer', async () => {
    let updates = 0;
    const { things } = service(['a'], ({ path }) => {
      if (path !== '/things/update' || ++updates < 2) return undefined;
      return new ApiError('name is too long', { status: 400 });
    });
    const error = (await things
      .upsert([thing('a'), thing('b')])
      .catch((reason: unknown) => reason)) as CdfError;
    expect(error.message).toContain('name is too long');
    expect(error.successful).toEqual([thing('b')]);
    expect(error.failed).toEqual([thing('a')]);
  });

  it('keeps what was created when an answer to the update never came', async () => {
    let updates = 0;
    const { things } = service(['a'], ({ path }) =>
      path === '/things/update' && ++updates === 2
        ? new CdfError('reset', { delivery: 'unknown' })
        : undefined,
    );
    await expect(things.upsert([thing('a'), thing('b')])).rejects.toMatchObject({
      successful: [thing('b')],
      unknown: [thing('a')],
      failed: [],
    });
  });

  it('leaves the items unknown when it is aborted, also with the refusal of another call', async () => {
    const controller = new AbortController();
    const reason = new NotFoundError('not found', { status: 400, missing: [{ externalId: 'a' }] });
    const { things, transport } = service(['a'], () => {
      controller.abort(reason);
      return reason;
    });
    const upsert = things.upsert([thing('a'), thing('b')], {}, { signal: controller.signal });
    await expect(upsert).rejects.toMatchObject({
      code: 'aborted',
      cause: reason,
      unknown: [thing('a'), thing('b')],
      failed: [],
    });
    expect(transport.requests).toHaveLength(1);
  });

  it('fails only the items that are named by an unknown id', async () => {
    const { things } = service(['a'], ({ body, path }) => {
      const { items } = body as { items: { id?: number }[] };
      const missing = items.flatMap(({ id }) => (id === undefined ? [] : [{ id }]));
      return path === '/things/update' && missing.length > 0
        ? new NotFoundError('not found', { status: 400, missing })
        : undefined;
    });
    const lost = { id: 404, name: 'lost' };
    await expect(things.upsert([thing('a'), lost])).rejects.toMatchObject({
      code: 'not-found',
      successful: [thing('a')],
      failed: [lost],
    });
  });

  it('refuses items without a name and repeated ones before anything is sent', async () => {
    const { things, transport } = service([]);
    await expect(things.upsert([{ name: 'nameless' }])).rejects.toThrow(
      /item 0 has neither externalId nor id/,
    );
    await expect(things.upsert([thing('a'), thing('a')])).rejects.toThrow(/"a" appears twice/);
    expect(transport.requests).toHaveLength(0);
  });

  it('leaves out what only CDF sets when it creates an item that was read', async () => {
    const { things, transport } = service([]);
    await things.create([{ id: 5, ...thing('a') }]);
    expect(transport.requests[0]?.body).toEqual({ items: [thing('a')] });
  });
});
