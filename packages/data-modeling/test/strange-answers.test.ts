import { memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, Pump, startProject } from './project.js';

const Thing = view('acme', 'Thing', 'v1', {
  name: p.text().optional(),
  a: p.float().optional(),
  b: p.float().optional(),
  c: p.float().optional(),
  d: p.float().optional(),
  e: p.float().optional(),
  f: p.float().optional(),
  serial: p.bigint().optional(),
  get next() {
    return p.ref(() => Thing);
  },
  get others() {
    return p.ref(() => Thing).many();
  },
  get before() {
    return p.reverse(() => Thing, 'next');
  },
  get links() {
    return p.edges(() => Thing, { type: { space: 'acme', externalId: 'link' } });
  },
});
const decode = (message = '') => ({ code: 'decode', message: expect.stringContaining(message) });
const node = (externalId: string, properties: object = {}, changes: object = {}): object => ({
  ...{ instanceType: 'node', space: 's', externalId, version: 1 },
  ...{ createdTime: 10, lastUpdatedTime: 10 },
  properties: { acme: { 'Thing/v1': properties } },
  ...changes,
});

describe('the answer to an aggregate', () => {
  type Answer = { readonly items: readonly object[] };
  const group = (by: object | undefined, ...numbers: readonly object[]): object => ({
    instanceType: 'node',
    group: by,
    aggregates: numbers,
  });
  const count = (value?: unknown): object => ({ aggregate: 'count', value });
  const sums = (...names: readonly string[]): object[] =>
    names.map((property) => ({ aggregate: 'sum', property, value: 1 }));
  const answered = (...answers: readonly Answer[]) => {
    const left = [...answers];
    const transport = memoryTransport(({ path }) =>
      path.endsWith('aggregate') ? left.shift() : { items: [] },
    );
    return nodes(transport, Thing);
  };
  const counted = (by: object, value: unknown = 1) =>
    answered({ items: [group(by, count(value))] });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a group that is there twice',
      () =>
        answered({
          items: [group({ name: 'x' }, count(1)), group({ name: 'x' }, count(2))],
        }).aggregate({ groupBy: ['name'], count: true }),
      'twice',
    ],
    [
      'more groups than wanted',
      () =>
        answered({
          items: [group({ name: 'x' }, count(1)), group({ name: 'y' }, count(2))],
        }).aggregate({ groupBy: ['name'], count: true, limit: 1 }),
      '2 groups',
    ],
    [
      'a group of another type',
      () => counted({ name: 5 }).aggregate({ groupBy: ['name'], count: true }),
      '"name" is a number',
    ],
    [
      'a relation that is no name',
      () => counted({ next: 'x' }).aggregate({ groupBy: ['next'], count: true }),
      '"next" is a string',
    ],
    [
      'an external id of another type',
      () => counted({ externalId: 5 }).aggregate({ groupBy: ['externalId'], count: true }),
      '"externalId" is a number',
    ],
    ['no count', () => counted({}, null).aggregate({ count: true }), 'count'],
    ['half a node', () => counted({}, 1.5).aggregate({ count: true }), 'count is 1.5'],
    ['less than no node', () => counted({}, -1).aggregate({ count: true }), 'count is -1'],
    [
      'the number of another property',
      () => answered({ items: [group(undefined, ...sums('b'))] }).aggregate({ sum: ['a'] }),
      'no sum of "a"',
    ],
    [
      'another number',
      () => answered({ items: [group(undefined, ...sums('a'))] }).aggregate({ max: ['a'] }),
      'no max of "a"',
    ],
    [
      'a later request without one of the groups',
      () =>
        answered(
          {
            items: ['x', 'y'].map((name) => group({ name }, ...sums('a', 'b', 'c', 'd', 'e'))),
          },
          { items: [group({ name: 'x' }, ...sums('f'))] },
        ).aggregate({ groupBy: ['name'], sum: ['a', 'b', 'c', 'd', 'e', 'f'] }),
      'not those of the request before',
    ],
  ])('with %s is a DecodeError', async (_, ask, message) => {
    await expect(ask()).rejects.toMatchObject(decode(message));
  });

  it('may say null for the group of nodes without a value', async () => {
    const name = { space: 's', externalId: 'a' };
    const asked = { groupBy: ['name', 'next'], count: true } as const;
    expect(await counted({ name: null, next: name }).aggregate(asked)).toEqual([
      { name: undefined, next: name, count: 1 },
    ]);
  });
});

describe('an aggregate by no property', () => {
  it('is rejected before anything is sent', async () => {
    const transport = memoryTransport(() => ({ items: [] }));
    const work = nodes(transport, Thing).aggregate({ groupBy: [], count: true });
    await expect(work).rejects.toMatchObject({ code: 'config' });
    expect(transport.requests).toEqual([]);
  });
});

describe('what is read along', () => {
  const found = (items: object) =>
    nodes(
      memoryTransport(() => ({ items })),
      Thing,
    );

  it('takes null for a relation without a value', async () => {
    const items = { s0: [node('a', { others: null })], s1: [node('b', { next: null })] };
    expect(await found(items).find({ with: { before: true } })).toMatchObject([{ before: [] }]);
    expect(await found(items).find({ with: { others: true } })).toMatchObject([{ others: [] }]);
  });

  it.each([
    ['null', { startNode: null, endNode: null }],
    ['missing', {}],
    ['no names', { startNode: 'a', endNode: { externalId: 'b' } }],
  ])('is a DecodeError where the ends of an edge are %s', async (_, ends) => {
    const edge = { ...node('e'), instanceType: 'edge', type: { space: 's', externalId: 't' } };
    const items = { s0: [node('a')], s1: [{ ...edge, ...ends }], s1n: [node('b')] };
    const work = found(items).find({ with: { links: true } });
    await expect(work).rejects.toMatchObject(decode('s/e'));
  });
});

describe('a page of changes', () => {
  const changed = async (...items: readonly object[]) => {
    const transport = memoryTransport(() => ({
      items: { changes: items },
      nextCursor: { changes: 'c' },
    }));
    const { value } = await nodes(transport, Thing).changes().next();
    return value as object;
  };
  const gone = (time: number, changes: object = {}): object =>
    node('a', {}, { deletedTime: time, lastUpdatedTime: time, version: 2, ...changes });

  it('has the last state of a node that is there twice', async () => {
    const page = await changed(
      node('a', { name: 'new' }, { version: 2 }),
      node('a', { name: 'old' }),
    );
    expect(page).toMatchObject({ upserted: [{ name: 'new' }] });
  });

  it('has a deletion alone where the node lived before it', async () => {
    expect(await changed(node('a'), gone(20))).toMatchObject({
      upserted: [],
      deleted: [{ externalId: 'a' }],
    });
  });

  it('has both where the node was made again, in whatever order they come', async () => {
    const both = { upserted: [{ externalId: 'a' }], deleted: [{ externalId: 'a' }] };
    const again = node('a', {}, { createdTime: 20, lastUpdatedTime: 20 });
    expect(await changed(again, gone(20))).toMatchObject(both);
    expect(await changed(gone(20), again)).toMatchObject(both);
  });

  it.each([
    ['an edge', { instanceType: 'edge' }],
    ['no time', { deletedTime: false }],
  ])('with a deletion that is that of %s is a DecodeError', async (_, changes) => {
    await expect(changed(gone(20, changes))).rejects.toMatchObject(decode('s/a'));
  });
});

describe('walks of one find at the same time', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('each have their own size of page', async () => {
    const pumps = nodes(project.transport, Pump, { space: 'plant' });
    const count = 2_500;
    await pumps.upsert(
      Array.from({ length: count }, (_, index) => ({
        externalId: `p${index}`,
        name: 'n',
        status: 'on' as const,
      })),
    );
    const listing = pumps.find({ with: { area: true } });
    let read = 0;
    for await (const page of listing.byPage()) {
      read += page.length;
      expect(await listing).toHaveLength(25);
    }
    expect(read).toBe(count);
  });
});

describe('edges', () => {
  it('that were deleted are those of changes of edges', async () => {
    const Link = view('acme', 'Link', 'v1', {}, { usedFor: 'edge' });
    const edge = { ...node('e'), instanceType: 'edge', deletedTime: 20 };
    const transport = memoryTransport(() => ({
      items: { changes: [edge] },
      nextCursor: { changes: 'c' },
    }));
    const { value } = await edges(transport, Link).changes().next();
    expect(value).toMatchObject({ deleted: [{ externalId: 'e' }] });
  });
});
