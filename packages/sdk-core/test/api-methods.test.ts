import { memoryTransport } from '@cdf/core/testing';
import {
  type AssetsApi,
  CdfClient,
  type EventsApi,
  type FilesApi,
  type TimeSeriesApi,
} from '@cdf/sdk-core';
import { describe, expect, expectTypeOf, it } from 'vitest';

const client = new CdfClient(memoryTransport({}));

/** Methods that `@cdf/events-files/node` calls; declarations do not have them. */
const INTERNAL: readonly string[] = ['openMany', 'storedLength'];

/** The methods that an object shows: its own, and those that it inherits and has not taken away. */
function methodsOf(api: object): string[] {
  const names = new Set<string>();
  for (let level = api; level !== Object.prototype; level = Object.getPrototypeOf(level))
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  const shown = [...names].filter((name) => name !== 'constructor' && !INTERNAL.includes(name));
  return shown
    .filter((name) => typeof (api as Record<string, unknown>)[name] === 'function')
    .sort();
}

type MethodsOf<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];

const READS = ['list', 'asList', 'retrieve', 'retrieveMultiple', 'search'] as const;
const WRITES = ['create', 'update', 'delete'] as const;

describe('an API object has the methods of its API, and no others', () => {
  it('assets', () => {
    const methods = [...READS, ...WRITES, 'upsert', 'select', 'createHierarchy'] as const;
    expect(methodsOf(client.assets)).toEqual([...methods].sort());
    expectTypeOf<MethodsOf<AssetsApi>>().toEqualTypeOf<(typeof methods)[number]>();
  });

  it('time series', () => {
    const methods = [...READS, ...WRITES, 'upsert', 'listByAssets'] as const;
    expect(methodsOf(client.timeSeries)).toEqual([...methods].sort());
    expectTypeOf<MethodsOf<TimeSeriesApi>>().toEqualTypeOf<(typeof methods)[number]>();
  });

  it('events', () => {
    const methods = [...READS, ...WRITES, 'upsert', 'listByAssets'] as const;
    expect(methodsOf(client.events)).toEqual([...methods].sort());
    expectTypeOf<MethodsOf<EventsApi>>().toEqualTypeOf<(typeof methods)[number]>();
  });

  it('files', () => {
    const bytes = [
      'upload',
      'uploadContent',
      'resumeUpload',
      'download',
      'downloadStream',
      'downloadUrls',
    ] as const;
    const methods = [...READS, ...WRITES, 'listByAssets', ...bytes] as const;
    expect(methodsOf(client.files)).toEqual([...methods].sort());
    expectTypeOf<Exclude<MethodsOf<FilesApi>, 'openMany' | 'storedLength'>>().toEqualTypeOf<
      (typeof methods)[number]
    >();
    expect(methodsOf(client.files.aggregate)).toEqual(['count']);
  });
});
