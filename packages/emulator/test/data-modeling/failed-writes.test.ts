import { describe, expect, it } from 'vitest';
import { InstanceStore, type NewEntry } from '../../src/instances/instance-store.js';
import { Store } from '../../src/storage/database.js';
import type { Json } from '../helpers.js';
import { CONTAINER, demo, node } from './helpers.js';

const nested = (depth: number): Json => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);

describe('a write that fails', () => {
  it('is refused for json that is nested too deeply, and the instance stays as it was', async () => {
    const { ok, put, refused } = await demo();
    const properties = {
      j: { type: { type: 'json' } },
      js: { type: { type: 'json', list: true } },
    };
    await ok('/containers', { items: [{ ...CONTAINER, type: undefined, properties }] });
    const write = (values: Json): Json => ({
      items: [{ ...node('a'), sources: [{ source: CONTAINER, properties: values }] }],
    });
    await put({ a: {} });
    await ok('/instances', write({ j: { k: nested(400) } }));
    const stored = await ok('/instances/byids', { items: [node('a')] });
    for (const depth of [600, 4100])
      for (const values of [{ j: { k: nested(depth) } }, { js: [{ k: nested(depth) }] }])
        await refused('/instances', write(values), /json/);
    expect(await ok('/instances/byids', { items: [node('a')] })).toEqual(stored);
  });

  it('changes neither the instance, nor the numbers of changes, when the database or its text fails', () => {
    const store = new Store(undefined);
    const instances = new InstanceStore(store);
    const entry = (externalId: string, data: NewEntry['data'] = {}): NewEntry => ({
      instanceType: 'node',
      space: 'demo',
      externalId,
      type: undefined,
      start: undefined,
      end: undefined,
      data,
      createdTime: 1,
      lastUpdatedTime: 1,
    });
    const [made] = store.transaction(() => instances.create([entry('a')]));
    if (made === undefined) throw new Error('nothing was made');
    const before = { ...made };
    const circle: { self?: object } = {};
    circle.self = circle;
    const data = { code: { j: circle } };
    expect(() => store.transaction(() => instances.update(made, { data }))).toThrow(RangeError);
    expect(() => store.transaction(() => instances.create([entry('b'), entry('c', data)]))).toThrow(
      RangeError,
    );
    store.connection.exec(
      "CREATE TRIGGER full BEFORE UPDATE ON instance BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    expect(() => store.transaction(() => instances.update(made, { lastUpdatedTime: 9 }))).toThrow(
      'disk full',
    );
    expect([{ ...made }, [...instances.all()], instances.size]).toEqual([before, [made], 1]);
    expect([instances.changes.last, [...instances.changes.after(0)]]).toEqual([1, [made]]);
    const [next] = store.transaction(() => instances.create([entry('b')]));
    expect(next).toMatchObject({ seq: 2, change: 2 });
    store.close();
  });
});
