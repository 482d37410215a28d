import { ApiError, AuthError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, diff, nodes, p, pull, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
let api: DataModelingApi;
beforeAll(async () => {
  project = await startProject({}, []);
  api = new DataModelingApi(project.transport);
});
afterAll(() => project[Symbol.asyncDispose]());

const container = (externalId: string) =>
  api.containers
    .retrieve({ space: 'acme', externalId })
    .then((found) => found as NonNullable<typeof found>);
const made = (externalId: string, more: object): Promise<unknown> =>
  api.containers.upsert([{ space: 'acme', externalId, usedFor: 'node', ...more } as never]);
const losing = { allowDataLoss: true };

describe('a push that deletes a container and fails', () => {
  beforeAll(() => push(project.transport, [view('acme', 'Space', 'v1', { a: p.text() })]));

  it('makes the container again as it was, and says so', async () => {
    const indexes = { byA: { indexType: 'btree', properties: ['a'] } };
    const extra = { type: { type: 'text', list: false }, nullable: true };
    const found = { ...STORED, name: 'With an index', indexes };
    const properties = { ...STORED.properties, extra };
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    const bodies: string[] = [];
    const { transport } = serving(({ path, body }) => {
      if (path === '/models/containers/byids') return { items: [{ ...found, properties }] };
      if (path !== '/models/containers') return undefined;
      bodies.push(JSON.stringify(body));
      if (bodies.length === 1) throw new ApiError('400 no such type', { status: 400 });
      return undefined;
    });
    await expect(push(transport, [Stored], losing)).rejects.toThrow(
      /400 no such type.*; the container acme:Stored was deleted with all data, and made again as before/,
    );
    expect(JSON.parse(bodies[1] as string)).toEqual({
      items: [{ ...found, properties, constraints: {} }],
    });
  });

  it('tells of a container that could not be made again', async () => {
    const { transport, calls } = serving(({ path }) => {
      if (path === '/models/containers') throw new AuthError('403 no longer', { status: 403 });
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    await expect(push(transport, [Stored], losing)).rejects.toThrow(
      /403 no longer.*; the container acme:Stored was deleted with all data, and could not be made again as before: .*403 no longer/,
    );
    expect(calls.filter((path) => path === '/models/containers')).toHaveLength(2);
  });

  it('does not say that a container is missing which a write without an answer may have stored', async () => {
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    // The new container is stored, and the answer is lost: that of before has another type.
    const refused = serving(({ path }) => {
      if (path !== '/models/containers') return undefined;
      const isFirst = refused.calls.filter((each) => each === path).length === 1;
      throw isFirst
        ? new ApiError('500 oh', { status: 500 })
        : new ApiError('400 another type', { status: 400 });
    });
    await expect(push(refused.transport, [Stored], losing)).rejects.toThrow(
      /500 oh.*; the container acme:Stored was deleted with all data, and could not be made again as before: .*400 another type.*; the new acme:Stored may be stored$/,
    );
    const lost = serving(({ path }) => {
      if (path === '/models/containers') throw new ApiError('500 oh', { status: 500 });
      return undefined;
    });
    await expect(push(lost.transport, [Stored], losing)).rejects.toThrow(
      /the container acme:Stored was deleted with all data, and it is unknown whether it was made again as before: .*500 oh.*; the new acme:Stored may be stored$/,
    );
  });

  it('names what lost its data where the views are refused afterwards', async () => {
    const { transport } = serving(({ path }) => {
      if (path === '/models/views') throw new AuthError('403 no views', { status: 403 });
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    await expect(push(transport, [Stored], losing)).rejects.toThrow(
      /403 no views.*; the data of acme:Stored was deleted before; not written: acme:Stored\/v1; push again/,
    );
  });

  it('writes the properties of views again that they lost with it', async () => {
    const project = losingViews();
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    const before = structuredClone(project.views);
    project.refuse = ({ path, body }) => path === '/models/containers' && /int32/.test(body);
    await expect(push(project.transport, [Stored], losing)).rejects.toThrow(
      /the container acme:Stored was deleted with all data, and made again as before, and so were the views acme:Stored\/v1, acme:Others\/v2$/,
    );
    expect(project.views).toEqual(before);
    project.refuse = () => false;
    expect(await push(project.transport, [Stored], losing)).toContainEqual(
      expect.objectContaining({ kind: 'container', property: 'a', change: 'losesData' }),
    );
    expect(project.views['acme:Stored/v1']?.properties).toHaveProperty('a');
  });

  it('names the views that it could not write again, and a second push writes its own', async () => {
    const project = losingViews();
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    project.refuse = ({ path, body }) =>
      path === '/models/views' || (path === '/models/containers' && /int32/.test(body));
    await expect(push(project.transport, [Stored], losing)).rejects.toThrow(
      /made again as before; acme:Stored\/v1 \(a\), acme:Others\/v2 \(a\) may lack what was stored there: .*400 refused/,
    );
    project.refuse = ({ path }) => path === '/models/containers';
    await expect(push(project.transport, [Stored], losing)).rejects.toThrow(
      /could not be made again as before: .*400 refused/,
    );
    project.refuse = () => false;
    expect(await push(project.transport, [Stored], losing)).toContainEqual(
      expect.objectContaining({ kind: 'view', name: 'acme:Stored/v1', property: 'a' }),
    );
    expect(project.views['acme:Stored/v1']?.properties).toHaveProperty('a');
  });

  it('tells which of its views are written where a later request fails, and can be repeated', async () => {
    const project = losingViews();
    const views = [
      view('acme', 'Stored', 'v1', { a: p.int().optional() }),
      ...Array.from({ length: 101 }, (_, index) => view('acme', `Other${index}`, 'v1', {})),
    ];
    project.refuse = ({ path, body }) => path === '/models/views' && /Other100/.test(body);
    await expect(push(project.transport, views, losing)).rejects.toThrow(
      /the data of acme:Stored was deleted before; written: acme:Other0\/v1, .*; not written: .*acme:Other100\/v1; push again$/,
    );
    project.refuse = () => false;
    await push(project.transport, views, losing);
    expect(Object.keys(project.views)).toContain('acme:Other100/v1');
  });

  it('makes it again also after an abort', async () => {
    const stop = new AbortController();
    const bodies: object[] = [];
    const { transport } = serving(({ path, body }) => {
      if (path === '/models/containers/delete') stop.abort();
      if (path === '/models/containers') bodies.push(body as object);
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    await expect(push(transport, [Stored], losing, { signal: stop.signal })).rejects.toThrow(
      /the container acme:Stored may have been deleted with all data, and made again as before/,
    );
    expect(bodies).toEqual([
      { items: [expect.objectContaining({ properties: { a: STORED.properties.a } })] },
    ]);
  });

  it('does not say more than is known of a deletion without an answer', async () => {
    const { transport, calls } = serving(({ path }) => {
      if (path === '/models/containers/delete') throw new ApiError('500 oh', { status: 500 });
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    await expect(push(transport, [Stored], losing)).rejects.toThrow(
      /500 oh.*; the container acme:Stored may have been deleted with all data, and made again/,
    );
    expect(calls).toContain('/models/containers');
  });

  it('says nothing of containers where none was deleted', async () => {
    const { transport, calls } = serving(({ path }) => {
      if (path === '/models/containers/delete') throw new AuthError('403 never', { status: 403 });
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.int().optional() });
    const error = await push(transport, [Stored], losing).catch(String);
    expect(error).toMatch(/403 never/);
    expect(error).not.toMatch(/made again/);
    expect(calls).not.toContain('/models/containers');
  });
});

describe('a push that makes a container anew', () => {
  it('adds a property that is named like a member of every object', async () => {
    const before = { a: p.text().optional(), keep: p.text().optional() };
    await push(project.transport, [view('acme', 'Named', 'v1', before)]);
    const after = { a: p.int().optional(), constructor: p.text().optional() } as never;
    await push(project.transport, [view('acme', 'Named', 'v1', after)], losing);
    expect(Object.keys((await container('Named')).properties).sort()).toEqual([
      'a',
      'constructor',
      'keep',
    ]);
  });

  it('keeps what diff ignores: descriptions, defaults, units, sizes', async () => {
    await made('Detailed', {
      properties: {
        a: { type: { type: 'text' } },
        b: {
          type: { type: 'float64', unit: { externalId: 'power:kilow', sourceUnit: 'kW' } },
          defaultValue: 5,
          name: 'Power',
          description: 'the power',
        },
        s: { type: { type: 'text', maxTextSize: 100 } },
        l: { type: { type: 'text', list: true, maxListSize: 7 } },
        e: { type: { type: 'enum', values: { on: { name: 'On' } }, unknownValue: 'on' } },
        changed: { type: { type: 'text', list: true, maxListSize: 7 }, description: 'tags' },
      },
    });
    const { b, s, l, e } = (await container('Detailed')).properties;
    const Detailed = view('acme', 'Detailed', 'v1', {
      a: p.int().optional(),
      b: p.float().optional(),
      s: p.text().optional(),
      l: p.text().many().optional(),
      e: p.oneOf('on').optional(),
      changed: p.text().optional(),
    });
    await push(project.transport, [Detailed], losing);
    const { properties } = await container('Detailed');
    expect(properties).toMatchObject({ b, s, l, e, changed: { description: 'tags' } });
    expect(properties.changed?.type).not.toHaveProperty('maxListSize');
  });

  it('asks for no value of data that is deleted', async () => {
    const { transport } = project;
    const before = { a: p.text().optional(), b: p.text().optional() };
    const Before = view('acme', 'Gone', 'v1', before);
    await push(transport, [Before]);
    await nodes(transport, Before, { space: 'acme' }).upsert([{ externalId: 'n', a: 'x' }]);
    const After = view('acme', 'Gone', 'v1', { a: p.int().optional(), b: p.text(), c: p.text() });
    expect(await push(transport, [After], losing)).toContainEqual(
      expect.objectContaining({ property: 'c', change: 'added' }),
    );
    expect(await diff(transport, [After])).toEqual([]);
  });
});

describe('a push that changes a container or a view', () => {
  it('keeps what the view does not say of it', async () => {
    await made('Whole', {
      name: 'The whole',
      description: 'of it',
      properties: {
        b: {
          type: { type: 'float64', unit: { externalId: 'power:kilow' } },
          defaultValue: 5,
          description: 'the power',
        },
      },
    });
    const filter = { exists: { property: ['acme', 'Whole', 'b'] } };
    const name = { space: 'acme', externalId: 'Whole', version: 'v1' };
    await api.views.upsert([
      {
        ...name,
        ...{ name: 'Whole view', description: 'a view', filter },
        properties: {
          b: {
            container: { type: 'container', space: 'acme', externalId: 'Whole' },
            containerPropertyIdentifier: 'b',
            name: 'Power',
            description: 'shown',
          },
        },
      },
    ]);
    const Whole = view('acme', 'Whole', 'v1', { b: p.float().optional(), c: p.int().optional() });
    await push(project.transport, [Whole]);
    expect(await container('Whole')).toMatchObject({
      ...{ name: 'The whole', description: 'of it' },
      properties: {
        b: {
          type: { unit: { externalId: 'power:kilow' } },
          ...{ defaultValue: 5, description: 'the power' },
        },
        c: { type: { type: 'int32' } },
      },
    });
    expect(await api.views.retrieve(name)).toMatchObject({
      ...{ name: 'Whole view', description: 'a view', filter },
      properties: { b: { name: 'Power', description: 'shown' } },
    });
  });

  it('of an application of before keeps the enum values and the sizes of a later one', async () => {
    const { transport } = project;
    const now = { s: p.oneOf('on'), t: p.text({ maxSize: 10 }).optional() };
    const later = { s: p.oneOf('on', 'off'), t: p.text({ maxSize: 20 }).optional() };
    await push(transport, [view('acme', 'Rolling', 'v1', now)]);
    await push(transport, [view('acme', 'Rolling', 'v1', later)]);
    const Before = view('acme', 'Rolling', 'v1', { ...now, more: p.int().optional() });
    const kept = [
      { property: 's', change: 'kept', reason: 'the project has other values: off' },
      { property: 't', change: 'kept', reason: 'maxTextSize is 20 in the project' },
    ].map((each) => ({ kind: 'container', name: 'acme:Rolling', ...each }));
    expect(await diff(transport, [Before])).toEqual(expect.arrayContaining(kept));
    expect(await push(transport, [Before])).toMatchObject([
      { kind: 'container', property: 'more', change: 'added' },
      { kind: 'view', property: 'more', change: 'added' },
    ]);
    expect((await container('Rolling')).properties).toMatchObject({
      s: { type: { values: { on: {}, off: {} } } },
      t: { type: { maxTextSize: 20 } },
    });
  });

  it('of an application of before keeps immutability and the filter of a later one', async () => {
    const { transport } = project;
    const before = { serial: p.text({ maxSize: 10 }).optional() };
    const after = { serial: p.text({ maxSize: 20 }).optional() };
    const filter = { exists: { property: ['acme', 'Frozen', 'serial'] } };
    const Later = view(
      'acme',
      'Frozen',
      'v1',
      { serial: p.text({ maxSize: 10 }).optional().immutable() },
      { filter },
    );
    await push(transport, [view('acme', 'Frozen', 'v1', before)]);
    expect(await push(transport, [Later])).toMatchObject([
      { property: 'serial', change: 'changed', reason: 'it becomes immutable' },
      { kind: 'view', change: 'changed', reason: 'filter' },
    ]);
    const more = { ...before, more: p.int().optional() };
    for (const properties of [before, more]) {
      const Before = view('acme', 'Frozen', 'v1', properties);
      const found = await diff(transport, [Before]);
      expect(found.filter(({ change }) => change === 'kept')).toMatchObject([
        { property: 'serial', change: 'kept', reason: 'it is immutable in the project' },
        { kind: 'view', change: 'kept', reason: 'the project has a filter' },
      ]);
      await push(transport, [Before]);
    }
    // The request that changes its size states the whole of the property.
    const Counted = view('acme', 'Frozen', 'v1', { more: p.int().optional(), ...after });
    await push(transport, [Counted]);
    expect((await container('Frozen')).properties.serial).toMatchObject({
      ...{ immutable: true, type: { maxTextSize: 20 } },
    });
    expect((await api.views.retrieve({ space: 'acme', externalId: 'Frozen' }))?.filter).toEqual(
      filter,
    );
  });

  it('does not compare the view with an answer of before, whichever part was written', async () => {
    const mapped = { container: { type: 'container', ...NAME }, containerPropertyIdentifier: 'a' };
    const property = { ...mapped, ...STORED.properties.a };
    const { transport } = serving(({ path }) => {
      if (path === '/models/views/byids')
        return { items: [{ ...NAME, version: 'v1', properties: { a: property } }] };
      if (path === '/models/instances/list')
        return { items: [], typing: { acme: { 'Stored/v1': { a: property } } } };
      return undefined;
    });
    const Stored = view('acme', 'Stored', 'v1', { a: p.text() });
    expect(await push(transport, [Stored])).toMatchObject([{ kind: 'container', property: 'a' }]);
    expect(await nodes(transport, Stored).list()).toEqual([]);
  });
});

describe('the search for empty values', () => {
  const Required = view('acme', 'Stored', 'v1', { a: p.text() });

  it('goes on after an empty page that has a cursor', async () => {
    const cursors: unknown[] = [];
    const { transport } = serving(({ path, body }) => {
      if (path !== '/models/instances/list') return undefined;
      const { cursor } = body as { readonly cursor?: unknown };
      cursors.push(cursor);
      return cursor === undefined
        ? { items: [], nextCursor: 'more' }
        : { items: [{ space: 'x', externalId: 'empty' }] };
    });
    await expect(push(transport, [Required])).rejects.toThrow(/"x\/empty" has no value/);
    expect(cursors).toEqual([undefined, 'more']);
  });

  it('names the reason for which it reads where it may not', async () => {
    const { transport } = serving(({ path }) => {
      if (path === '/models/instances/list') throw new AuthError('403 no right', { status: 403 });
      return undefined;
    });
    for (const use of [() => push(transport, [Required]), () => diff(transport, [Required])]) {
      const error: unknown = await use().catch((each: unknown) => each);
      expect(AuthError.isInstance(error) && error.status).toBe(403);
      expect(String(error)).toMatch(
        /403 no right; property a of acme:Stored becomes required, which needs the right to read its nodes/,
      );
    }
  });
});

describe('numbers beyond 2^53', () => {
  const filter = { range: { property: ['acme', 'Large', 'a'], lt: 1e20 } };
  const Large = view(
    'acme',
    'Large',
    'v1',
    {
      a: p.float().default(1e20),
      b: p.float({ bits: 32 }).default(1e20),
      c: p.bigint().default(5n),
      d: p.float().default(1e23),
      j: p.json().default({ n: 1e20, of: [2 ** 60] }),
    },
    { filter },
  );

  it('are equal to what was pushed', async () => {
    await push(project.transport, [Large]);
    expect(await diff(project.transport, [Large])).toEqual([]);
  });

  it('are pulled as numbers, save those of int64', async () => {
    await push(project.transport, [Large]);
    const { space, externalId, version } = Large;
    const model = { space, externalId, version };
    await api.dataModels.upsert([{ ...model, views: [{ type: 'view', ...model }] }]);
    const text = await pull(project.transport, model);
    expect(text).toContain('p.float().default(100000000000000000000)');
    expect(text).toContain('p.bigint().default(5n)');
    expect(text).toContain('{ n: 100000000000000000000, of: [1152921504606847000] }');
  });
});

const NAME = { space: 'acme', externalId: 'Stored' };
const STORED = {
  ...NAME,
  usedFor: 'node',
  properties: { a: { type: { type: 'text', list: false }, nullable: true } },
};

/** A project that has the container `Stored` and confirms every write. */
function serving(answer: (request: { readonly path: string; readonly body: unknown }) => unknown): {
  readonly transport: Transport;
  readonly calls: string[];
} {
  const calls: string[] = [];
  let isWrittenAsItIs = false;
  const transport = memoryTransport(({ path, body: given }) => {
    const body: unknown =
      given instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(given)) : given;
    // Before a deletion, what is there is written as it is.
    if (path === '/models/containers/inspect') isWrittenAsItIs = true;
    if (path === '/models/containers/delete') isWrittenAsItIs = false;
    if (isWrittenAsItIs && path === '/models/containers' && /int32/.test(JSON.stringify(body)))
      throw new ApiError('400 the type cannot be changed', { status: 400 });
    if (isWrittenAsItIs && /^\/models\/(containers|views)$/.test(path)) return body;
    calls.push(path);
    const own = answer({ path, body });
    if (own !== undefined) return own;
    if (path === '/models/spaces/byids') return { items: [{ space: 'acme' }] };
    if (path === '/models/containers/byids') return { items: [STORED] };
    if (path === '/models/containers/inspect')
      return { items: [{ ...NAME, inspectionResults: { involvedViews: [] } }] };
    if (path === '/models/views/byids') return { items: [] };
    if (path === '/models/instances/list') return { items: [] };
    return { items: (body as { readonly items: unknown }).items };
  });
  return { transport, calls };
}

interface LosingViews {
  readonly transport: Transport;
  /** By name; a property is lost with its container. */
  readonly views: Record<string, { properties: Record<string, object> }>;
  refuse: (request: { readonly path: string; readonly body: string }) => boolean;
}

/** A project with the container `Stored` and two views that are stored there. */
function losingViews(): LosingViews {
  type Schema = { space: string; externalId: string; version: string; properties: object };
  type Stored = Record<string, Schema>;
  const mapped = { container: { type: 'container', ...NAME }, containerPropertyIdentifier: 'a' };
  const named = (externalId: string, version: string) => ({
    ...{ space: 'acme', externalId, version, implements: [], name: `The ${externalId}` },
    properties: { a: { ...mapped, name: 'An a' } },
  });
  const containers: Stored = { 'acme:Stored': STORED as never };
  const views: Stored = {
    'acme:Stored/v1': named('Stored', 'v1'),
    'acme:Others/v2': named('Others', 'v2'),
  };
  const keyOf = ({ space, externalId, version }: Schema): string =>
    `${space}:${externalId}${version === undefined ? '' : `/${version}`}`;
  const project: LosingViews = { transport: undefined as never, views: views as never, refuse };
  function refuse(): boolean {
    return false;
  }
  const { transport } = serving(({ path, body }) => {
    if (project.refuse({ path, body: JSON.stringify(body) }))
      throw new ApiError('400 refused', { status: 400 });
    const { items } = body as { readonly items: readonly Schema[] };
    const stored = path.startsWith('/models/views') ? views : containers;
    if (path === '/models/containers/inspect')
      return {
        items: items.map((item) => ({
          ...item,
          inspectionResults: {
            involvedViews: Object.values(views)
              .filter(({ properties }) => JSON.stringify(properties).includes(item.externalId))
              .map(({ space, externalId, version }) => ({ space, externalId, version })),
          },
        })),
      };
    if (path === '/models/containers/delete')
      for (const item of items) {
        delete containers[keyOf(item)];
        for (const each of Object.values(views)) each.properties = {};
      }
    else if (/^\/models\/(containers|views)$/.test(path))
      for (const item of items) {
        const properties = { ...stored[keyOf(item)]?.properties, ...item.properties };
        stored[keyOf(item)] = { ...item, properties };
      }
    else if (/^\/models\/(containers|views)\/byids/.test(path))
      return structuredClone({ items: items.flatMap((item) => stored[keyOf(item)] ?? []) });
    return undefined;
  });
  return Object.assign(project, { transport });
}
