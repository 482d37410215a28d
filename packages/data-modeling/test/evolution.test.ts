import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { DataModelingApi, diff, edges, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
let api: DataModelingApi;
beforeAll(async () => {
  project = await startProject({}, []);
  api = new DataModelingApi(project.transport);
});
afterAll(() => project[Symbol.asyncDispose]());

describe('a push that may lose data', () => {
  it('keeps what is in the project and not in the view: properties, indexes, other views', async () => {
    const { transport } = project;
    const Old = view('acme', 'Old', 'v1', { a: p.text().optional(), b: p.text().optional() });
    const Other = view('acme', 'OldToo', 'v1', {
      a: p
        .text()
        .optional()
        .storedIn({ container: { space: 'acme', externalId: 'Old' } }),
      b: p
        .text()
        .optional()
        .storedIn({ container: { space: 'acme', externalId: 'Old' } }),
    });
    await push(transport, [Old, Other]);
    await api.containers.upsert([
      {
        ...{ space: 'acme', externalId: 'Old', name: 'The old one' },
        properties: { c: { type: { type: 'int64' }, defaultValue: 5, autoIncrement: false } },
        indexes: { byC: { indexType: 'btree', properties: ['c'], cursorable: true } },
      },
    ]);
    const New = view('acme', 'Old', 'v1', { b: p.int().optional() });
    await expect(push(transport, [New])).rejects.toThrow(
      /losesData.*OldToo\/v1.*losesData: it is stored in the container acme:Old/,
    );
    const done = await push(transport, [New], { allowDataLoss: true });
    expect(done).toEqual([
      expect.objectContaining({ name: 'acme:Old', property: 'b', change: 'losesData' }),
      expect.objectContaining({ kind: 'view', name: 'acme:OldToo/v1', change: 'losesData' }),
    ]);
    const container = await api.containers.retrieve({ space: 'acme', externalId: 'Old' });
    expect(container).toMatchObject({
      name: 'The old one',
      properties: {
        a: { type: { type: 'text' } },
        b: { type: { type: 'int32' } },
        c: { defaultValue: 5 },
      },
      indexes: { byC: { indexType: 'btree', properties: ['c'], cursorable: true } },
    });
    const read = await api.views.retrieve({ space: 'acme', externalId: 'Old' });
    expect(Object.keys(read?.properties ?? {}).sort()).toEqual(['a', 'b']);
    const whole = view('acme', 'Old', 'v1', { a: p.text().optional(), b: p.int().optional() });
    await nodes(transport, whole, { space: 'plant' }).upsert([{ externalId: 'n', a: 'x', b: 5 }]);
    const others = view('acme', 'OldToo', 'v1', { a: p.text().optional(), b: p.int().optional() });
    expect(await nodes(transport, others).list()).toMatchObject([{ a: 'x', b: 5 }]);
    expect(await push(transport, [New])).toEqual([]);
  });
});

describe('a push that makes a property required', () => {
  const Loose = view('acme', 'Loose', 'v1', { a: p.text().optional(), n: p.int().optional() });
  const Strict = view('acme', 'Loose', 'v1', { a: p.text() });

  it('is refused while a node has no value, names it, and is done once each has one', async () => {
    const { transport } = project;
    await push(transport, [Loose]);
    const all = nodes(transport, Loose, { space: 'plant' });
    await all.upsert([
      { externalId: 'empty', n: 1 },
      { externalId: 'full', a: 'x' },
    ]);
    expect(await diff(transport, [Strict])).toContainEqual(
      expect.objectContaining({
        property: 'a',
        change: 'refused',
        reason: expect.stringContaining('"plant/empty" has no value'),
      }),
    );
    await expect(push(transport, [Strict], { allowDataLoss: true })).rejects.toThrow(
      /property a: refused: "plant\/empty" has no value; write one to every node, then push again/,
    );
    expect(await all.list()).toHaveLength(2);
    await all.update({ externalId: 'empty', a: 'y' });
    expect(await push(transport, [Strict])).toEqual([
      expect.objectContaining({ property: 'a', change: 'changed' }),
    ]);
    expect(await nodes(transport, Strict).list()).toHaveLength(2);
  });

  it('is refused while an edge has no value, where the container is that of a view of edges too', async () => {
    const { transport } = project;
    const stored = { container: { space: 'acme', externalId: 'Both' } };
    const b = p.text().optional().storedIn(stored);
    const OfNodes = view('acme', 'OfNodes', 'v1', { a: p.text().optional().storedIn(stored), b });
    const OfEdges = view(
      'acme',
      'OfEdges',
      'v1',
      { a: p.text().optional().storedIn(stored), b },
      { usedFor: 'edge' },
    );
    await push(transport, [OfNodes, OfEdges]);
    const end = { space: 'plant', externalId: 'end' };
    await edges(transport, OfEdges, { space: 'plant' }).create({
      ...{ externalId: 'edge', type: end, startNode: end, endNode: end },
      b: 'b',
    });
    const Needed = view('acme', 'OfNodes', 'v1', { a: p.text().storedIn(stored), b });
    await expect(push(transport, [Needed])).rejects.toThrow(
      /property a: refused: "plant\/edge" has no value/,
    );
  });

  it('is undone by a push that may lose data, and by no other', async () => {
    const { transport } = project;
    await expect(push(transport, [Loose])).rejects.toThrow(
      /property a: losesData: it is required in the project, and cannot become optional \(a property of another name keeps the data; allowDataLoss/,
    );
    await push(transport, [Loose], { allowDataLoss: true });
    expect(await push(transport, [Loose])).toEqual([]);
  });
});

describe('a push of a new property with a default', () => {
  const a = p.text().optional();
  const With = (b: ReturnType<typeof p.text>) => view('acme', 'Defaulted', 'v1', { a, b });
  const Required = With(p.text().default('x') as never);

  it('is refused where a node has data, until each has a value', async () => {
    const { transport } = project;
    const Old = view('acme', 'Defaulted', 'v1', { a });
    await push(transport, [Old]);
    await nodes(transport, Old, { space: 'plant' }).upsert([{ externalId: 'old', a: 'x' }]);
    await expect(push(transport, [Required])).rejects.toThrow(
      /property b: refused: "plant\/old" has data there, and may be left without the default; push the property as optional, with the default/,
    );
    const Optional = With(p.text().optional().default('x') as never);
    await push(transport, [Optional]);
    const all = nodes(transport, Optional, { space: 'plant' });
    expect(await all.list()).toHaveLength(1);
    await all.update({ externalId: 'old', b: 'y' });
    await push(transport, [Required]);
    expect(await nodes(transport, Required).list()).toMatchObject([{ b: 'y' }]);
  });

  it('is done where no node has data', async () => {
    const { transport } = project;
    const Before = view('acme', 'EmptyYet', 'v1', { a });
    await push(transport, [Before]);
    const After = view('acme', 'EmptyYet', 'v1', { a, b: p.text().default('x') });
    await push(transport, [After]);
    expect(await diff(transport, [After])).toEqual([]);
  });
});

describe('a value of an enum that the view does not have', () => {
  const Now = view('acme', 'State', 'v1', { s: p.oneOf('on', 'off') });
  const Later = view('acme', 'State', 'v1', { s: p.oneOf('on', 'off', 'idle') });

  it('is read as it is by an application of before, which goes on writing', async () => {
    const { transport } = project;
    await push(transport, [Now]);
    await push(transport, [Later]);
    await nodes(transport, Later, { space: 'plant' }).create({ externalId: 'x', s: 'idle' });
    await using other = await reader();
    const before = view('acme', 'State', 'v1', { s: p.oneOf('on', 'off') });
    const states = nodes(other.transport, before, { space: 'plant' });
    const [found] = await states.list();
    expect(found?.s).toBe('idle');
    await states.create({ externalId: 'y', s: 'on' });
    await expect(states.upsert([found as never])).rejects.toThrow(ConfigError);
  });
});

/** Another application in the same project: nothing is known of its views. */
async function reader(): Promise<{ readonly transport: Project['transport'] } & AsyncDisposable> {
  const { createTransport, Token } = await import('@cdf/core');
  const { emulator } = project;
  const transport = createTransport({
    ...{ clientName: 'another', project: emulator.project, baseUrl: emulator.url },
    credentials: new Token(() => emulator.issueToken()),
  });
  return { transport, [Symbol.asyncDispose]: () => transport.close() };
}

describe('defaults', () => {
  const All = (more: object = {}) =>
    view('acme', 'Defaults', 'v1', {
      big: p.bigint().default(9_007_199_254_740_991n),
      time: p.timestamp().default(new Date('2024-07-01T00:00:00Z')),
      day: p.date().default('2024-07-01'),
      json: p.json().default({ a: { b: 1 } }),
      size: p.float({ bits: 32 }).default(0.1),
      ...more,
    });

  it('of every kind are pushed exactly, and are equal when they are pushed again', async () => {
    const { transport } = project;
    await push(transport, [All()]);
    expect(await diff(transport, [All()])).toEqual([]);
    const all = nodes(transport, All(), { space: 'plant' });
    await all.create({ externalId: 'd' });
    expect(await all.retrieve({ externalId: 'd' })).toMatchObject({
      big: 9_007_199_254_740_991n,
      time: new Date('2024-07-01T00:00:00Z'),
      json: { a: { b: 1 } },
    });
    const changed = All({
      json: p.json().default({ a: { b: 2 } }),
      big: p.bigint().default(5n),
    });
    expect(await diff(transport, [changed])).toEqual([
      expect.objectContaining({ property: 'big', change: 'changed' }),
      expect.objectContaining({ property: 'json', change: 'changed' }),
    ]);
  });

  it('of 64 bits pass through exactly, in both directions', async () => {
    const big = 2n ** 60n + 1n;
    const sent: string[] = [];
    const container = `{"space":"acme","externalId":"Wire","properties":{"big":{"type":{"type":"int64"},"defaultValue":${big}}}}`;
    const transport = memoryTransport(({ body }) => {
      if (body instanceof Uint8Array) sent.push(new TextDecoder().decode(body));
      return new TextEncoder().encode(`{"items":[${container}]}`);
    });
    const { containers } = new DataModelingApi(transport);
    const name = { space: 'acme', externalId: 'Wire' };
    const properties = { big: { type: { type: 'int64' }, defaultValue: big } };
    const [stored] = await containers.upsert([{ ...name, properties }]);
    expect(sent.join()).toContain(`"defaultValue":${big}`);
    for (const found of [stored, await containers.retrieve(name), ...(await containers.list())])
      expect(found?.properties.big?.defaultValue).toBe(big);
  });
});
