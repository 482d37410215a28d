import { ConfigError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import {
  type AnyView,
  diff,
  graph,
  type NodeReference,
  nodes,
  p,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { startProject } from './project.js';

/** Arguments that only plain JavaScript can pass. */
const untyped = (value: unknown): never => value as never;
const LONG = 'x'.repeat(300);
const Target = view('acme', 'Target', 'v1', { name: p.text(), edge: p.text().optional() });
const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
const feeds: NodeReference = { space: 'acme', externalId: 'feeds' };

const of = (properties: object, options?: object): AnyView =>
  view('acme', 'Thing', 'v1', properties, untyped(options));

/** Faults of a definition, and what the error says of each. */
const FAULTS: readonly (readonly [string, () => AnyView, RegExp])[] = [
  [
    'a space with a blank',
    () => view('my space', 'A', 'v1', {}),
    /view my space:A\/v1: space must/,
  ],
  ['a space that is reserved', () => view('node', 'A', 'v1', {}), /space "node" is reserved/],
  [
    'an id with a blank',
    () => view('acme', 'My View', 'v1', {}),
    /acme:My View\/v1: externalId must be 1 to 255 letters, digits and _, a letter first/,
  ],
  ['an id with a digit first', () => view('acme', '1st', 'v1', {}), /externalId must/],
  ['an id of 300 characters', () => view('acme', LONG, 'v1', {}), /externalId must/],
  [
    'an id that is reserved',
    () => view('acme', 'Query', 'v1', {}),
    /externalId "Query" is reserved/,
  ],
  ['a version with a blank', () => view('acme', 'A', 'v 1', {}), /version must/],
  [
    'a property with a blank',
    () => of({ 'my prop': p.text() }),
    /acme:Thing\/v1: "my prop": a name must/,
  ],
  ['a property of 300 characters', () => of({ [LONG]: p.text() }), /a name must/],
  [
    'a property named version',
    () => of({ version: p.int() }),
    /"version": the name is reserved; name it otherwise/,
  ],
  [
    'a property named startNode',
    () => of({ startNode: p.node() }),
    /"startNode": the name is reserved/,
  ],
  ['a property named node_id', () => of({ node_id: p.text() }), /"node_id": the name is reserved/],
  [
    'a type of an edge',
    () => of({ type: p.text() }, { usedFor: 'edge' }),
    /"type": edges have a type/,
  ],
  [
    'an unknown option of a view',
    () => of({}, { implement: [Target] }),
    /unknown name "implement"; did you mean implements/,
  ],
  [
    'parents that are no views',
    () => of({}, { implements: [{}] }),
    /implements must be an array of views/,
  ],
  ['a filter that is none', () => of({}, { filter: 'x' }), /filter must be an object/],
  [
    'another use',
    () => of({}, { usedFor: 'nodes' }),
    /usedFor must be 'node', 'edge' or 'all', got the string "nodes"/,
  ],
  [
    'a long description',
    () => of({}, { description: 'x'.repeat(1025) }),
    /description must be a string of at most 1,?024 characters/,
  ],
  [
    'a long name',
    () => of({}, { name: 'x'.repeat(256) }),
    /name must be a string of at most 255 characters/,
  ],
  [
    'an enum value with a blank',
    () => of({ a: p.oneOf('in use') }),
    /"a": "in use" cannot be a value of an enum: 1 to 128 letters, digits and _, no digit first/,
  ],
  ['an enum value of a digit', () => of({ a: p.oneOf('1') }), /"1" cannot be a value/],
  [
    'an enum value that is reserved',
    () => of({ a: p.oneOf('true') }),
    /"true" cannot be a value of an enum/,
  ],
  [
    'an enum without values',
    () => of({ a: (p.oneOf as never as () => object)() }),
    /"a": p.oneOf needs 1 to 32 values, got 0/,
  ],
  [
    'an enum of an array',
    () => of({ a: p.oneOf(untyped(['a', 'b'])) }),
    /"a": p.oneOf takes strings: p.oneOf\('a', 'b'\)/,
  ],
  [
    'an enum value that comes twice',
    () => of({ a: p.oneOf('a', 'a') }),
    /"a": the value "a" appears twice/,
  ],
  [
    'an enum of too many values',
    () => of({ a: p.oneOf('a', ...Array.from({ length: 32 }, (_, index) => `v${index}`)) }),
    /needs 1 to 32 values, got 33/,
  ],
  ['a list of an enum', () => of({ a: p.oneOf('a').many() }), /"a": an enum cannot be a list/],
  [
    'a default of another type',
    () => of({ a: p.int().default(untyped('x')) }),
    /"a": default: expected a whole number of 32 bits, got the string "x"/,
  ],
  [
    'a default beyond 32 bits',
    () => of({ a: p.int().default(2 ** 40) }),
    /"a": default: expected a whole number of 32 bits/,
  ],
  [
    'a default that the enum lacks',
    () => of({ a: p.oneOf('a').default(untyped('b')) }),
    /"a": default: expected one of "a"/,
  ],
  [
    'a default of a list',
    () => of({ a: p.text().many().default('x') }),
    /"a": a list cannot have a default/,
  ],
  [
    'a default of null',
    () => of({ a: p.text().default(untyped(null)) }),
    /"a": default: expected a string, got null/,
  ],
  [
    'a default of a relation that others hold',
    () => of({ a: p.reverse(() => Target, 'x').default(untyped('x')) }),
    /"a": a relation that others hold cannot have/,
  ],
  [
    'bits that are none',
    () => of({ a: p.float(untyped({ bits: 16 })) }),
    /"a": bits must be 32 or 64, got number 16/,
  ],
  [
    'a misspelled unit',
    () => of({ a: p.float(untyped({ units: 'power:kilow' })) }),
    /"a": p.float: unknown name "units"; did you mean unit/,
  ],
  [
    'an autoIncrement that is no boolean',
    () => of({ a: p.int(untyped({ autoIncrement: 1 })) }),
    /"a": autoIncrement must be true, or be left out, got number 1/,
  ],
  [
    'a unit that is no string',
    () => of({ a: p.int(untyped({ unit: 5 })) }),
    /"a": unit must be a non-empty string, got number 5/,
  ],
  [
    'options that are no object',
    () => of({ a: p.text().many(untyped(5)) }),
    /"a": many: expected an object of options, got number 5/,
  ],
  [
    'a list that is too long',
    () => of({ a: p.text().many({ maxListSize: 5000 }) }),
    /"a": maxListSize must be a whole number from 1 to 2,?000, got number 5000/,
  ],
  [
    'a text that is too long',
    () => of({ a: p.text({ maxSize: 0 }) }),
    /"a": maxSize must be a whole number from 1 to 128,?000/,
  ],
  [
    'a misspelled place',
    () => of({ a: p.text().storedIn(untyped({ prop: 'b' })) }),
    /"a": storedIn: unknown name "prop"/,
  ],
  [
    'a place that is none',
    () => of({ a: p.text().storedIn(untyped({ container: 'X' })) }),
    /"a": storedIn: container must be { space, externalId }, got the string "X"/,
  ],
  [
    'a place with a reserved name',
    () => of({ a: p.text().storedIn({ property: 'version' }) }),
    /"a": storedIn: .*"version".*reserved/,
  ],
  [
    'a place with a wrong id',
    () => of({ a: p.text().storedIn({ container: { space: 'acme', externalId: 'a b' } }) }),
    /"a": storedIn: container: externalId must/,
  ],
  [
    'a long description of a property',
    () => of({ a: p.text().describe('x'.repeat(1025)) }),
    /"a": description must/,
  ],
  [
    'a resource that does not exist',
    () => of({ a: p.classic(untyped('asset')) }),
    /"a": p.classic takes 'timeseries', 'file' or 'sequence', got the string "asset"/,
  ],
  [
    'a relation to a view itself',
    () => of({ a: p.ref(untyped(Target)) }),
    /"a": p.ref takes a function: p.ref\(\(\) => Area\)/,
  ],
  [
    'a relation to no view',
    () => of({ a: p.ref(() => undefined) }),
    /"a": p.ref: the function gives undefined, expected a view/,
  ],
  [
    'edges without options',
    () => of({ a: (p.edges as never as (target: unknown) => object)(() => Target) }),
    /"a": p.edges needs the type of its edges: { type: { space, externalId } }, got undefined/,
  ],
  [
    'edges of a type in words',
    () => of({ a: p.edges(() => Target, untyped({ type: 'feeds' })) }),
    /p.edges needs the type of its edges: { type: { space, externalId } }, got the string "feeds"/,
  ],
  [
    'edges in no direction',
    () => of({ a: p.edges(() => Target, untyped({ type: feeds, direction: 'out' })) }),
    /"a": direction must be 'outwards' or 'inwards', got the string "out"/,
  ],
  [
    'a misspelled option of edges',
    () => of({ a: p.edges(() => Target, untyped({ type: feeds, singel: true })) }),
    /"a": p.edges: unknown name "singel"; did you mean single/,
  ],
  [
    'edges with a view itself',
    () => of({ a: p.edges(() => Target, untyped({ type: feeds, properties: Feed })) }),
    /"a": p.edges: properties takes a function/,
  ],
  [
    'the other side of what does not exist',
    () => of({ a: p.reverse(() => Target, 'nope') }),
    /"a": p.reverse: acme:Target\/v1 has no property "nope"/,
  ],
  [
    'the other side of what is no relation',
    () => of({ a: p.reverse(() => Target, 'name') }),
    /"a": p.reverse: "name" of acme:Target\/v1 is a property of kind text, expected a relation/,
  ],
];

const Holder = view('acme', 'Holder', 'v1', { target: p.ref(() => Target) });

it('the other side may lead to any view: a node can have data in several containers', () => {
  const Child = view('acme', 'Child', 'v1', { size: p.int() }, { implements: [Target] });
  const OfChild = view('acme', 'OfChild', 'v1', { child: p.ref(() => Child) });
  const back = { holders: p.reverse(() => Holder, 'target') };
  const ofChild = { holders: p.reverse(() => OfChild, 'child') };
  const views = [
    view('acme', 'Child2', 'v1', back, { implements: [Target] }),
    view('acme', 'Target', 'v2', { name: p.text(), ...back }),
    view('acme', 'Base', 'v1', {
      name: p.text().storedIn({ container: { space: 'acme', externalId: 'Target' } }),
      ...back,
      ...ofChild,
    }),
    // Data of the same nodes elsewhere, or none.
    view('acme', 'Maintained', 'v1', { due: p.date(), ...back }),
    view('acme', 'Links', 'v1', back),
    // Even where the view on the other side has a relation to this one.
    Part,
  ];
  for (const each of views) expect(() => toDefinitions([each])).not.toThrow();
});
const Part: AnyView = view('acme', 'Part', 'v1', {
  size: p.int(),
  fittings: p.reverse((): AnyView => Fitting, 'target'),
});
const Fitting: AnyView = view('acme', 'Fitting', 'v1', {
  target: p.ref(() => Target),
  part: p.ref(() => Part),
});

function silent(): MemoryTransport {
  return memoryTransport(() => {
    throw new Error('a request was sent');
  });
}

describe('a definition that cannot be', () => {
  it.each(FAULTS)(
    'is a ConfigError with view, property and rule before any request: %s',
    async (_, make, message) => {
      const transport = silent();
      for (const use of [
        () => toDefinitions([make()]),
        () => push(transport, [make()]),
        () => diff(transport, [make()]),
      ]) {
        const error = await (async () => use())().catch((each: unknown) => each);
        expect(String(error)).toMatch(message);
        expect(error).toBeInstanceOf(ConfigError);
      }
      expect(transport.requests).toEqual([]);
    },
  );

  it('is one error with every fault of every view', () => {
    const views = [
      of({ a: p.int().default(0.5), b: p.oneOf('a b') }),
      view('acme', 'Query', 'v1', {}),
    ];
    expect(() => toDefinitions(views)).toThrow(
      /^toDefinitions: 3 faults: view acme:Thing\/v1: "a": default: .*; view acme:Thing\/v1: "b": .*; view acme:Query\/v1: externalId "Query" is reserved/,
    );
  });

  it('is refused where it is like a view, and none', () => {
    const config = { version: '1', properties: { a: 1 }, options: {} };
    expect(() => toDefinitions([config as never])).toThrow(
      /^toDefinitions: expected an array of views, item 0 is \{ version, properties, options \}$/,
    );
  });

  it('is refused where it is made, where it could not even be read', () => {
    expect(() => of({ ['__proto__']: p.text() })).toThrow(
      /acme:Thing\/v1".*cannot be named "__proto__"/,
    );
    expect(() => of({}, { implements: Target })).toThrow(/implements must be an array of views/);
    expect(() => of({ a: 5 })).not.toThrow();
    expect(() => nodes(silent(), of({ a: 5 }))).toThrow(/"a" is not a property; use p\.text\(\)/);
    expect(() => graph(untyped({}))).toThrow(/graph: expected a function, got an object/);
  });

  it('is refused by find where relations lead nowhere', async () => {
    const finds = (properties: object): Promise<unknown> =>
      (async () => nodes(silent(), of(properties)).find(untyped({ with: { a: true } })))();
    await expect(finds({ a: p.ref(() => undefined) })).rejects.toThrow(
      /"a" of acme:Thing\/v1: the function gives undefined, expected a view/,
    );
    await expect(finds({ a: p.ref(untyped(Target)) })).rejects.toThrow(/takes a function/);
    await expect(finds({ a: p.edges(() => Target, untyped({ type: 'feeds' })) })).rejects.toThrow(
      /"a" of acme:Thing\/v1: type must be { space, externalId }, got the string "feeds"/,
    );
    await expect(
      finds({ a: p.edges(() => Target, { type: feeds, properties: () => Feed }) }),
    ).rejects.toThrow(
      /acme:Target\/v1 has a property "edge", where find puts the edge; read the edges with edges\(\)/,
    );
  });
});

describe('properties named like members of every object', () => {
  const Named = view('acme', 'Named', 'v1', {
    constructor: p.text().optional(),
    toString: p.text().optional(),
    valueOf: p.int().optional(),
  });
  const Strict = view('acme', 'Strict', 'v1', { constructor: p.text() });

  it('are pushed, written, read, compared and changed as others are', async () => {
    await using project = await startProject({}, []);
    const { transport } = project;
    await push(transport, [Named, Strict]);
    expect(await push(transport, [Named, Strict])).toEqual([]);
    const all = nodes(transport, Named, { space: 'plant' });
    // TypeScript takes the members of every object for these properties.
    await all.upsert(
      untyped([
        { externalId: 'a', constructor: 'c' },
        { externalId: 'b', valueOf: 5, constructor: null },
      ]),
    );
    expect(
      (await all.list()).map((each) => Object.hasOwn(each, 'constructor') && each.constructor),
    ).toEqual(['c', false]);
    expect(await all.retrieve({ externalId: 'b' })).toMatchObject({ valueOf: 5 });
    await expect(
      nodes(transport, Strict, { space: 'plant' }).create(untyped({ externalId: 'c' })),
    ).rejects.toThrow(/missing "constructor"/);
  });
});
