import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import {
  type AnyView,
  DataModelingApi,
  diff,
  type Property,
  p,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { startProject } from './project.js';
import { schemaService } from './schema-service.js';

const HALF = 'x\ud800';
const circle: Record<string, unknown> = {};
circle.not = circle;

const of = (a: Property<never> | object, options: object = {}): AnyView =>
  view('acme', 'Thing', 'v1', { a: a as never, b: p.text().optional() }, options as never);
const text = p.text().optional();
const json = (value: Record<string, unknown>) => p.json().optional().default(value);
const equal = (value: unknown) => ({ equals: { property: ['acme', 'Thing', 'b'], value } });
const keys = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index]));
const large = Object.fromEntries([...'abcde'].map((name) => [name, 'y'.repeat(9_000)]));

/** Definitions that no request can carry, or that the API rejects, and what the error says. */
const FAULTS: readonly (readonly [string, () => AnyView, RegExp])[] = [
  [
    'a default that is longer than its maxSize',
    () => of(p.text({ maxSize: 5 }).optional().default('longer than five')),
    /"a": default has 16 bytes, the property takes 5/,
  ],
  [
    'a default whose bytes are more than its maxSize',
    () => of(p.text({ maxSize: 5 }).optional().default('äöüäö')),
    /"a": default has 10 bytes, the property takes 5/,
  ],
  [
    'a default longer than any text',
    () => of(text.default('x'.repeat(200_000))),
    /default has 200000 bytes, the property takes 128000/,
  ],
  ['a default with NUL', () => of(text.default('a\0b')), /"a": default has U\+0000/],
  [
    'a default with half of a surrogate pair',
    () => of(text.default(HALF)),
    /"a": default has half of a surrogate pair/,
  ],
  [
    'a default of a file that is longer than 255 characters',
    () => of(p.classic('file').optional().default('x'.repeat(300))),
    /"a": default has 300 characters, the API takes 255/,
  ],
  [
    'a default of a file with NUL',
    () => of(p.classic('file').optional().default('a\0')),
    /"a": default has U\+0000/,
  ],
  [
    'a json default of too many bytes',
    () => of(json(large)),
    /"a": default has 45036 bytes as JSON, the API takes 40960/,
  ],
  [
    'a json default with a value of too many bytes',
    () => of(json({ x: 'y'.repeat(20_000) })),
    /"a": default\.x has 20002 bytes as JSON, the API takes 10240/,
  ],
  [
    'a json default with a long key',
    () => of(json({ ['k'.repeat(200)]: 1 })),
    /"a": default has a key of 200 bytes, the API takes 128/,
  ],
  [
    'a json default with many keys',
    () => of(json(keys)),
    /"a": default has 300 keys, the API takes 256/,
  ],
  [
    'a description of a property with half of a surrogate pair',
    () => of(text.describe(HALF)),
    /"a": description has half of a surrogate pair/,
  ],
  [
    'a description with half of a surrogate pair',
    () => of(text, { description: HALF }),
    /: description has half of a surrogate pair/,
  ],
  [
    'a name with half of a surrogate pair',
    () => of(text, { name: HALF }),
    /: name has half of a surrogate pair/,
  ],
  [
    'a filter with half of a surrogate pair',
    () => of(text, { filter: equal(HALF) }),
    /filter\.equals\.value: expected a value, got half of a surrogate pair/,
  ],
  [
    'a filter with NaN',
    () => of(text, { filter: equal(Number.NaN) }),
    /filter\.equals\.value: expected a value, got NaN/,
  ],
  [
    'a filter with a function',
    () => of(text, { filter: equal(() => 1) }),
    /filter\.equals\.value: expected a value, got a function/,
  ],
  [
    'a filter that leads to itself',
    () => of(text, { filter: circle }),
    /filter\.not is part of itself/,
  ],
];

describe('a definition that cannot be sent, or is beyond a limit', () => {
  it.each(FAULTS)('is a ConfigError before any request: %s', async (_, make, message) => {
    const transport = memoryTransport(() => {
      throw new Error('a request was sent');
    });
    for (const use of [
      () => toDefinitions([make()]),
      () => push(transport, [make()], { allowDataLoss: true }),
      () => diff(transport, [make()]),
    ]) {
      const error: unknown = await (async () => use())().catch((each: unknown) => each);
      expect(String(error)).toMatch(message);
      expect(error).toBeInstanceOf(ConfigError);
    }
  });

  it('is none where the filter has times and numbers of 64 bits', () => {
    const filter = { and: [equal(new Date(0)), equal(2n ** 60n)] };
    expect(toDefinitions([of(text, { filter })]).views[0]?.filter).toEqual({
      and: [equal('1970-01-01T00:00:00.000Z'), equal(2n ** 60n)],
    });
  });

  it('is refused where the default is longer than the size that only the project has', async () => {
    await using project = await startProject({}, []);
    const api = new DataModelingApi(project.transport);
    const sized = (maxSize: number | undefined, a: Property<never> | object) =>
      view('acme', 'Sized', 'v1', {
        s: p
          .text(maxSize === undefined ? {} : { maxSize })
          .optional()
          .default('right'),
        a: a as never,
      });
    await push(project.transport, [sized(5, text)]);
    const Longer = view('acme', 'Sized', 'v1', {
      s: p.text().optional().default('longer than five'),
      a: p.int().optional(),
    });
    await expect(push(project.transport, [Longer], { allowDataLoss: true })).rejects.toThrow(
      /container acme:Sized, property s: refused: with what only the project has, its default has 16 bytes, .* takes 5/,
    );
    expect(
      (await api.containers.retrieve({ space: 'acme', externalId: 'Sized' }))?.properties.a,
    ).toMatchObject({ type: { type: 'text' } });
  });

  it('of a project is found before a deletion, whichever part of a request it is', async () => {
    const service = schemaService();
    const Before = view('acme', 'Thing', 'v1', { a: p.bool().optional(), b: text });
    await push(service.transport, [Before]);
    service.calls.length = 0;
    let reads = 0;
    const filter = {
      equals: {
        property: ['acme', 'Thing', 'b'],
        get value() {
          return ++reads > 1 ? Number.NaN : 'x';
        },
      },
    };
    const After = view('acme', 'Thing', 'v1', { a: p.int().optional(), b: text }, { filter });
    await push(service.transport, [After], { allowDataLoss: true }).catch(() => undefined);
    const isDeleted = service.calls.includes('/models/containers/delete');
    const written = service.views.get('acme:Thing/v1')?.filter;
    expect([isDeleted, written]).toEqual([false, undefined]);
  });
});
