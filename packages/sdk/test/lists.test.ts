import { memoryTransport } from '@cdf/core/testing';
import {
  type AssetList,
  CdfClient,
  type CdfEvent,
  ConfigError,
  type FileList,
  type ResourceList,
  type TimeSeriesList,
} from '@cdf/sdk';
import { describe, expect, expectTypeOf, it } from 'vitest';

const client = new CdfClient(memoryTransport({}));
const saved = (items: object[]): never => JSON.parse(JSON.stringify(items)) as never;
const times = { createdTime: 1, lastUpdatedTime: 1 };
const assets = [
  { id: 1, name: 'Plant', rootId: 1, ...times },
  { id: 2, name: 'Pump', parentId: 1, rootId: 1, ...times },
];

describe('asList makes a list of what came from elsewhere', () => {
  it('assets with trees, tables and relations', () => {
    const list = client.assets.asList(saved(assets));
    expectTypeOf(list).toEqualTypeOf<AssetList>();
    expect(String(list.tree())).toBe('Plant\n└─ Pump');
    expect(list.toTable().columns).toContain('name');
    expect(list.toText()).toContain('2 assets');
    expect(list.get({ id: 2 })).toBe(list[1]);
    for (const method of [
      'events',
      'files',
      'timeSeries',
      'children',
      'subtree',
      'parent',
    ] as const) {
      expect(typeof list[method]).toBe('function');
      expect(typeof list[0]?.[method]).toBe('function');
    }
    expect(JSON.parse(JSON.stringify(list))).toEqual(assets);
  });

  it('time series that plot, events and files', () => {
    const series = client.timeSeries.asList(
      saved([{ id: 1, isStep: false, isString: false, ...times }]),
    );
    expectTypeOf(series).toEqualTypeOf<TimeSeriesList>();
    expect([typeof series.plot, typeof series[0]?.plot, typeof series[0]?.datapoints]).toEqual(
      Array(3).fill('function'),
    );
    const events = client.events.asList(saved([{ id: 1, type: 'trip', ...times }]));
    expectTypeOf(events).toEqualTypeOf<ResourceList<CdfEvent>>();
    expect(events.toText()).toContain('1 event');
    const files = client.files.asList(saved([{ id: 1, name: 'a', uploaded: true, ...times }]));
    expectTypeOf(files).toEqualTypeOf<FileList>();
    expect(files.toText()).toContain('1 file');
  });

  it('of copies: what was given stays as it is, frozen or not', () => {
    const given = Object.freeze({ id: 1, name: 'Plant', rootId: 1, ...times });
    const list = client.assets.asList([given]);
    expect(list[0]).toEqual(given);
    expect(list[0]).not.toBe(given);
    expect(given).not.toHaveProperty('children');
  });

  it.each([
    ['null', null],
    ['wire JSON', { items: assets }],
    ['text', '[]'],
    ['assets to create', [{ name: 'Pump' }]],
    ['a hole', [assets[0], null]],
    ['an id that is text', [{ ...assets[0], id: '1' }]],
    ['arrays', [assets]],
  ])('rejects %s', (_, value) => {
    expect(() => client.assets.asList(value as never)).toThrow(ConfigError);
    expect(() => client.assets.asList(value as never)).toThrow(
      'asList: expected an array of assets, each with its id',
    );
  });

  it('works detached from its API', () => {
    const { asList } = client.timeSeries;
    expect(asList([])).toHaveLength(0);
  });
});

describe('lists of the full client', () => {
  it('keep plot, tree and relations in what gives items of them, and their types', () => {
    const series = client.timeSeries.asList(
      saved([1, 2, 3].map((id) => ({ id, isStep: false, isString: id === 2, ...times }))),
    );
    const numeric = series
      .filter(({ isString }) => !isString)
      .toSorted((left, right) => right.id - left.id);
    expectTypeOf(numeric).toEqualTypeOf<TimeSeriesList>();
    expectTypeOf(numeric.plot).toBeFunction();
    expect(numeric.map(({ id }) => id)).toEqual([3, 1]);
    expect(typeof numeric.plot).toBe('function');
    const list = client.assets.asList(saved(assets));
    expectTypeOf(list.slice(1).concat(list)).toEqualTypeOf<AssetList>();
    expectTypeOf(list.slice(1).tree).toEqualTypeOf(list.tree);
    expect(String(list.toReversed().slice(0, 1).tree())).toBe('Pump');
    expectTypeOf(list.map(({ name }) => name)).toEqualTypeOf<string[]>();
  });
});
