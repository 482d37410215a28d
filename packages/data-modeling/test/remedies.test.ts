import { inspect } from 'node:util';
import { CdfError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { diff, edges, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

const Site = view('acme', 'Site', 'v1', {
  name: p.text(),
  get pumps() {
    return p.reverse(() => Pump, 'site');
  },
});
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  get site() {
    return p.ref(() => Site);
  },
});
const silent = memoryTransport({});
const pumps = nodes(silent, Pump, { space: 's' });

async function failureOf(promise: PromiseLike<unknown>): Promise<CdfError> {
  const error = await Promise.resolve(promise).catch((reason: unknown) => reason);
  if (!CdfError.isInstance(error)) throw new Error(`expected a CdfError, got ${String(error)}`);
  return error;
}

describe('a list of items of which some cannot be written', () => {
  const good = { externalId: 'good', name: 'Good' };
  const bad = (index: number) => ({ externalId: `bad-${index}`, name: 'Bad', power: Number.NaN });

  it('has an error for each of them, with the item, beyond the five of the message', async () => {
    const items = [good, ...Array.from({ length: 8 }, (_, index) => bad(index))];
    const error = await failureOf(pumps.upsert(items));
    expect(error.code).toBe('config');
    expect(error.message).toMatch(/8 of 9 items cannot be written: item 1: .* item 5: .*; …$/);
    expect(error.errors).toHaveLength(8);
    const last = error.errors.at(-1);
    expect(last).toMatchObject({
      message: 'item 8: "power": expected a finite number, got number NaN',
      failed: [items[8]],
    });
  });

  it('accounts for every item, those at fault first', async () => {
    for (const faulty of [[bad(1)], [bad(1), bad(2)]]) {
      const error = await failureOf(pumps.create([good, ...faulty]));
      expect(error.successful).toEqual([]);
      expect(error.failed).toEqual([...faulty, good]);
      expect(error.notAttempted).toEqual(error.failed);
    }
  });

  it('is printed without good items, and without what its message says already', async () => {
    const error = await failureOf(pumps.upsert([good, bad(1), bad(2), bad(3), bad(4)]));
    const text = inspect(error);
    expect(text.split('item 3: "power"')).toHaveLength(2);
    expect(text).toContain("externalId: 'bad-3'");
    expect(text).not.toContain("externalId: 'good'");
  });

  it('tells all names that appear twice, and other faults with them', async () => {
    const items = [good, { ...good, externalId: 'b' }, good, { ...good, externalId: 'b' }, bad(1)];
    const error = await failureOf(pumps.upsert(items));
    expect(error.message).toBe(
      'upsert nodes: 3 of 5 items cannot be written: "s/good" appears twice, at items 0 and 2; ' +
        '"s/b" appears twice, at items 1 and 3; item 4: "power": expected a finite number, got number NaN',
    );
    const one = await failureOf(pumps.upsert([good, good]));
    expect(one.message).toBe('upsert nodes: "s/good" appears twice, at items 0 and 1');
  });
});

describe('a relation that the node does not hold', () => {
  const Flow = view('acme', 'Flow', 'v1', { flow: p.float() }, { usedFor: 'edge' });
  const type = { space: 'acme', externalId: 'feeds' };
  const Station = view('acme', 'Station', 'v1', {
    get next() {
      return p.edges(() => Station, { type, properties: () => Flow });
    },
    get bare() {
      return p.edges(() => Station, { type });
    },
    get before() {
      return p.reverse(() => Station, 'after');
    },
    get after() {
      return p.ref(() => Station);
    },
  });
  const transport = memoryTransport(() => ({ items: [] }));
  const stations = nodes(transport, Station, { space: 's' });

  it.each([
    ['next', 'edges(client, Flow).create({ type, startNode, endNode'],
    ['bare', 'client.dataModeling.instances.apply({ items })'],
    ['before', 'write it on the other side'],
  ])('says where %s is written', async (name, remedy) => {
    const item = { externalId: 'a', [name]: [{ space: 's', externalId: 'b' }] };
    expect((await failureOf(stations.upsert(item as never))).message).toContain(remedy);
  });

  it.each([
    ['next', 'filter them by startNode or endNode'],
    ['before', 'filter the other side'],
  ])('says what is filtered instead of %s', async (name, remedy) => {
    const where = { [name]: { space: 's', externalId: 'b' } };
    expect((await failureOf(stations.list({ where } as never))).message).toContain(remedy);
  });
});

describe('a query with a wrong name', () => {
  const sites = nodes(silent, Site);
  it.each([
    [
      'a misspelt relation',
      { with: { pumsp: true } },
      'find nodes: with.pumsp: acme:Site/v1: unknown name "pumsp"; did you mean pumps?',
    ],
    [
      'one that is inside others: the path is whole',
      { with: { pumps: { with: { sitte: true } } } },
      'find nodes: with.pumps.with.sitte: acme:Pump/v1: unknown name "sitte"; did you mean site?',
    ],
    [
      'a property that is no relation',
      { with: { name: true } },
      'find nodes: with.name: acme:Site/v1: "name" is a property of kind text, expected a relation to a view; its relations: pumps',
    ],
    [
      'with of another kind, inside',
      { with: { pumps: { with: ['site'] } } },
      'find nodes: with.pumps.with must be an object such as { asset: true }, got an array',
    ],
    [
      'a relation that is switched off',
      { with: { pumps: false } },
      'find nodes: with.pumps: expected true or an object of options, got boolean false; leave it out to read none',
    ],
    [
      'an order as other query builders take it',
      { orderBy: [{ name: 'asc' }] },
      "find nodes: orderBy must be an object such as { name: 'asc', power: 'desc' }, got an array",
    ],
    [
      'a condition beside where',
      { name: 'A' },
      'find nodes: name belongs in where: { where: { name } }',
    ],
    [
      'an option as other query builders call it',
      { take: 5 },
      'find nodes: unknown name "take"; use limit',
    ],
    [
      'an option of the call',
      { signal: AbortSignal.timeout(60_000) },
      'find nodes: signal is a call option; pass it in the last argument',
    ],
  ])('%s', async (_, query, message) => {
    expect((await failureOf(sites.find(query as never))).message).toBe(message);
  });

  it('says what reads relations where a list does not', async () => {
    for (const name of ['with', 'include'])
      expect((await failureOf(sites.list({ [name]: { pumps: true } } as never))).message).toBe(
        `list nodes: unknown name "${name}"; find({ with }) reads related nodes`,
      );
    const links = edges(silent, view('acme', 'Link', 'v1', {}, { usedFor: 'edge' }));
    expect((await failureOf(links.list({ with: {} } as never))).message).toBe(
      'list edges: unknown name "with"; known names: where, orderBy, limit',
    );
  });

  it('is an option of the call in changes too', async () => {
    const changes = sites.changes({ follow: true, signal: AbortSignal.timeout(60_000) } as never);
    expect((await failureOf(changes.next())).message).toBe(
      'changes of nodes: signal is a call option; pass it in the last argument',
    );
  });
});

describe('an aggregate with as many groups as the API gives', () => {
  const answer = (count: number): object => ({
    items: Array.from({ length: count }, (_, index) => ({
      group: { name: `P ${index}` },
      aggregates: [{ aggregate: 'count', value: 1 }],
    })),
  });
  const answering = (count: number) =>
    nodes(
      memoryTransport({
        'POST /models/instances/aggregate': () => answer(count),
        'POST /models/views/byids': () => ({ items: [] }),
      }),
      Pump,
    );

  it('is an error, since others may be left out, and says what to do', async () => {
    const error = await failureOf(answering(1_000).aggregate({ groupBy: ['name'], count: true }));
    expect(error).toMatchObject({
      code: 'config',
      message: expect.stringMatching(/at least 1000 groups.*where.*limit: 1000/),
    });
  });

  it('is taken where a limit says that some groups are enough, or where there are fewer', async () => {
    const query = { groupBy: ['name'], count: true } as const;
    expect(await answering(1_000).aggregate({ ...query, limit: 1_000 })).toHaveLength(1_000);
    expect(await answering(999).aggregate(query)).toHaveLength(999);
  });
});

describe('diff', () => {
  let project: Project;
  beforeAll(async () => {
    project = await startProject({}, []);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('tells how a property changes', async () => {
    const { transport } = project;
    const meter = (kind: ReturnType<typeof p.oneOf>, count: number, tags: number) =>
      view('acme', 'Meter', 'v1', {
        kind,
        count: p.int().default(count),
        tags: p.text().many({ maxListSize: tags }).optional(),
      });
    await push(transport, [meter(p.oneOf('a', 'b'), 3, 10)]);
    const changes = await diff(transport, [meter(p.oneOf('a', 'b', 'c', 'd'), 5, 20)]);
    expect(changes.map(({ property, change, reason }) => [property, change, reason])).toEqual([
      ['kind', 'changed', 'new values: c, d'],
      ['count', 'changed', 'its default becomes 5, from 3'],
      ['tags', 'changed', 'maxListSize becomes 20, from 10'],
    ]);
  });

  it('tells of a property that is kept and that new nodes need', async () => {
    const { transport } = project;
    const stored = { container: { space: 'acme', externalId: 'Lid' } };
    const whole = view('acme', 'Kettle', 'v1', {
      name: p.text(),
      volume: p.float(),
      power: p.float().optional(),
      state: p.oneOf('on', 'off').default('off'),
      number: p.int({ autoIncrement: true }),
      lid: p.text().storedIn(stored),
    });
    await push(transport, [whole]);
    const less = view('acme', 'Kettle', 'v1', { name: p.text() });
    const changes = await diff(transport, [less]);
    const required = /^it is required in the project, without a default: new nodes of this view/;
    expect(changes.map(({ kind, property, reason }) => [kind, property, reason])).toEqual([
      ['container', 'volume', expect.stringMatching(required)],
      ...['power', 'state', 'number'].map((name) => ['container', name, undefined]),
      ['view', 'volume', expect.stringMatching(required)],
      ...['power', 'state', 'number', 'lid'].map((name) => ['view', name, undefined]),
    ]);
    const { message } = await failureOf(
      nodes(transport, less).create({ space: 'plant', externalId: 'k', name: 'a' }),
    );
    expect(message).toContain("'volume'");
  });

  it('tells both sides of a change that loses data, and the way without a loss', async () => {
    const { transport } = project;
    await push(transport, [
      view('acme', 'Pipe', 'v1', { length: p.float({ unit: 'length:m' }).optional() }),
    ]);
    const feet = view('acme', 'Pipe', 'v1', { length: p.float({ unit: 'length:ft' }).optional() });
    const { message } = await failureOf(push(transport, [feet]));
    expect(message).toContain('its unit is length:m in the project, not length:ft');
    expect(message).toContain('a property of another name keeps the data');
  });
});
