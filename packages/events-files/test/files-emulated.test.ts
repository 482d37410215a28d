import type { GeoLocationFilter } from '@cdf/core';
import type { CdfFile, FileFilter } from '@cdf/events-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatedFiles, startEmulated } from './emulated.js';

let emulated: EmulatedFiles;
let dataSetId = 0;
let all: readonly CdfFile[];

beforeAll(async () => {
  emulated = await startEmulated();
  const { transport, files } = emulated;
  const post = async <T>(path: string, items: object[]): Promise<T[]> =>
    (
      await transport.request<{ items: T[] }>({
        method: 'POST',
        path,
        body: { items },
        idempotent: false,
      })
    ).items;
  await post('/labels', [
    { externalId: 'pump', name: 'Pump' },
    { externalId: 'valve', name: 'Valve' },
  ]);
  dataSetId = (await post<{ id: number }>('/datasets', [{ externalId: 'set', name: 'Set' }]))[0]
    ?.id as number;
  const point = (x: number): CdfFile['geoLocation'] => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [x, 1] },
  });
  all = await Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      const entry = {
        name: `report-${index}.txt`,
        externalId: `f${index}`,
        directory: index < 6 ? '/reports/june' : '/reports/july',
        source: index % 2 === 0 ? 'plant' : 'lab',
        metadata: { batch: String(index % 3) },
        labels: [{ externalId: index % 4 === 0 ? 'pump' : 'valve' }],
        geoLocation: point(index),
        securityCategories: [index + 1],
        sourceCreatedTime: new Date(index * 1000),
        ...(index < 3 ? { dataSetId } : {}),
      };
      return index === 11 ? files.create(entry) : files.upload(new Blob([`text ${index}`]), entry);
    }),
  );
});
afterAll(() => emulated[Symbol.asyncDispose]());

const names = (files: readonly CdfFile[]): string[] => files.map(({ name }) => name).sort();

describe('files on a server', () => {
  it('are there with everything that their entries say', async () => {
    const file = await emulated.files.retrieve({ externalId: 'f4' });
    expect(file).toMatchObject({
      name: 'report-4.txt',
      directory: '/reports/june',
      labels: [{ externalId: 'pump' }],
      geoLocation: { geometry: { type: 'Point', coordinates: [4, 1] } },
      securityCategories: [5],
      sourceCreatedTime: 4000,
      uploaded: true,
    });
    expect(names(await emulated.files.list({ limit: Infinity }))).toEqual(names(all));
  });

  const area: GeoLocationFilter['shape'] = {
    type: 'Polygon',
    coordinates: [
      [
        [1.5, 0],
        [3.5, 0],
        [3.5, 2],
        [1.5, 2],
        [1.5, 0],
      ],
    ],
  };
  const filters: readonly [string, () => FileFilter, (index: number) => boolean][] = [
    ['a directory', () => ({ directoryPrefix: '/reports/ju' }), () => true],
    ['another directory', () => ({ directoryPrefix: '/reports/july' }), (index) => index >= 6],
    [
      'a label',
      () => ({ labels: { containsAny: [{ externalId: 'pump' }] } }),
      (index) => index % 4 === 0,
    ],
    [
      'an area',
      () => ({ geoLocation: { relation: 'WITHIN', shape: area } }),
      (index) => index === 2 || index === 3,
    ],
    ['a data set', () => ({ dataSetIds: [{ id: dataSetId }] }), (index) => index < 3],
    [
      'metadata and source',
      () => ({ metadata: { batch: '1' }, source: 'lab' }),
      (index) => index % 3 === 1 && index % 2 === 1,
    ],
    ['being without bytes', () => ({ uploaded: false }), (index) => index === 11],
    [
      'a time',
      () => ({ sourceCreatedTime: { min: 2000, max: '1970-01-01T00:00:05Z' } }),
      (index) => index >= 2 && index <= 5,
    ],
  ];
  it.each(filters)('are filtered by %s', async (_, filter, matches) => {
    const expected = all.filter((_file, index) => matches(index));
    const { files } = emulated;
    expect(names(await files.list({ filter: filter(), limit: Infinity }))).toEqual(names(expected));
    expect(await files.aggregate.count({ filter: filter() })).toBe(expected.length);
  });

  it('are searched by name', async () => {
    const [best] = await emulated.files.search({ search: { name: 'report-7' } });
    expect(best?.name).toBe('report-7.txt');
  });

  it('are changed in three modes, and deleted', async () => {
    const { files } = emulated;
    const file = await files.upload(new Blob(['x']), {
      name: 'change',
      externalId: 'change',
      metadata: { a: '1' },
      source: 's',
    });
    const patched = await files.update(
      { ...file, metadata: { b: '2' }, labels: [{ externalId: 'pump' }] },
      { mode: 'patch' },
    );
    expect([patched.metadata, patched.labels]).toEqual([
      { a: '1', b: '2' },
      [{ externalId: 'pump' }],
    ]);
    const kept = await files.update({ id: file.id, metadata: { c: '3' } });
    expect([kept.metadata, kept.source]).toEqual([{ c: '3' }, 's']);
    const [replaced] = await files.update([{ id: file.id, externalId: 'change' }], {
      mode: 'replace',
    });
    expect([replaced?.source, replaced?.labels, replaced?.name]).toEqual([undefined, [], 'change']);
    await files.delete([{ id: file.id }]);
    expect(await files.retrieve({ id: file.id })).toBeUndefined();
    await expect(files.retrieveMultiple([{ id: file.id }])).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
