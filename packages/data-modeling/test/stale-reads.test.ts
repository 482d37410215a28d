import { ApiError, AuthError } from '@cdf/core';
import { diff, p, push, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { type Item, type SchemaService, schemaService } from './schema-service.js';

const losing = { allowDataLoss: true };
const Tank = (level: object) =>
  view('acme', 'Tank', 'v1', { name: p.text(), level: level as never });
const Other = view('other', 'TankToo', 'v1', {
  name: p.text().storedIn({ container: { space: 'acme', externalId: 'Tank' } }),
});
const DELETE = '/models/containers/delete';

/** A service that answers reads with the schema of before a push. */
async function stale(before: object, after: object): Promise<SchemaService> {
  const service = schemaService();
  await push(service.transport, [Tank(before), Other]);
  const old = structuredClone(service.containers);
  await push(service.transport, [Tank(after)], losing);
  expect(service.calls).toContain(DELETE);
  service.calls.length = 0;
  service.answer = (path, items) =>
    path === '/models/containers/byids'
      ? { items: items.flatMap((item) => old.get(`${item.space}:${item.externalId}`) ?? []) }
      : undefined;
  return service;
}

describe('a push that would make a container anew', () => {
  it.each([diff, push])('says why it asks for views, where it may not: %o', async (use) => {
    const service = schemaService();
    await push(service.transport, [Tank(p.float().optional())]);
    service.answer = (path) => {
      if (path === '/models/containers/inspect') throw new AuthError('403 no', { status: 403 });
      return undefined;
    };
    const error = await use(service.transport, [Tank(p.text().optional())]).catch(
      (reason: unknown) => reason,
    );
    expect(AuthError.isInstance(error) && error.status).toBe(403);
    expect(String(error)).toMatch(
      /403 no; acme:Tank would lose its data, and the views that are stored there have to be known: that needs the right to inspect containers$/,
    );
  });
});

it('a push deletes nothing where the service ran out of time: it may have taken the change', async () => {
  const service = schemaService();
  await push(service.transport, [Tank(p.float().optional())]);
  service.calls.length = 0;
  let isLate = true;
  service.answer = (path) => {
    if (path !== '/models/containers' || !isLate) return undefined;
    isLate = false;
    throw new ApiError('too late', { status: 408, delivery: 'unknown' });
  };
  const wanted = view('acme', 'Tank', 'v1', { name: p.text(), level: p.text().optional() });
  await expect(push(service.transport, [wanted], losing)).rejects.toThrow(
    /too late.*nothing was deleted/,
  );
  expect(service.calls).not.toContain(DELETE);
});

describe('a push in the seconds in which the API answers with the schema of before', () => {
  it('deletes nothing where the container is as it is to be', async () => {
    const [before, after] = [p.float().optional(), p.text().optional()];
    const service = await stale(before, after);
    const done = await push(service.transport, [Tank(after)], losing);
    expect(service.calls).not.toContain(DELETE);
    expect(done).toEqual([
      {
        ...{ kind: 'container', name: 'acme:Tank', property: 'level', change: 'changed' },
        reason: 'the API took it without a deletion',
      },
    ]);
  });

  it('deletes nothing where the container was made anew since, and has to be once more', async () => {
    const service = schemaService();
    await push(service.transport, [Tank(p.float().optional())]);
    const found = service.containers.get('acme:Tank') as Item;
    service.containers.set('acme:Tank', { ...found, createdTime: 2 });
    service.answer = (path, items) =>
      path === '/models/containers/byids'
        ? { items: [found] }
        : path === '/models/containers' && JSON.stringify(items).includes('float64')
          ? { items: [{ ...found, createdTime: 2 }] }
          : undefined;
    service.calls.length = 0;
    await expect(push(service.transport, [Tank(p.text().optional())], losing)).rejects.toThrow(
      /acme:Tank was made anew by another push since it was read; .*; nothing was deleted/,
    );
    expect(service.calls).not.toContain(DELETE);
  });

  it('tells that nothing was deleted where it is unknown whether a deletion is needed', async () => {
    const service = schemaService();
    await push(service.transport, [Tank(p.float().optional())]);
    service.calls.length = 0;
    service.answer = (path) => {
      if (path === '/models/containers') throw new AuthError('401 no', { status: 401 });
      return undefined;
    };
    await expect(push(service.transport, [Tank(p.text().optional())], losing)).rejects.toThrow(
      /401 no.*; nothing was deleted$/,
    );
    expect(service.calls).not.toContain(DELETE);
  });
});
