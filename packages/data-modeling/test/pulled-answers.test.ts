import { NotFoundError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import {
  type AnyView,
  DataModelingApi,
  diff,
  nodes,
  p,
  pull,
  push,
  view,
} from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { startProject } from './project.js';
import { errorsOf, load } from './pulled.js';

const MODEL = { space: 'acme', externalId: 'M', version: 'v1' };
const at = (externalId: string) =>
  ({ type: 'view', space: 'acme', externalId, version: 'v1' }) as const;
const TIMES = { createdTime: 0, lastUpdatedTime: 0, isGlobal: false };
const stored = (type: unknown, more: object = {}) => ({
  container: { type: 'container', space: 'acme', externalId: 'Tank' },
  containerPropertyIdentifier: 'level',
  type,
  ...more,
});

interface Answers {
  readonly views?: unknown;
  readonly model?: object;
  readonly containers?: unknown;
}
const tank = (more: object = {}) => ({
  ...at('Tank'),
  ...TIMES,
  ...{ implements: [], usedFor: 'node', properties: { level: stored({ type: 'float64' }) } },
  ...more,
});
const container = (more: object = {}) => ({
  ...{ space: 'acme', externalId: 'Tank', usedFor: 'node', ...TIMES },
  properties: { level: { type: { type: 'float64' }, nullable: true } },
  ...more,
});

/** A project that answers so. */
function answering({
  views = [tank()],
  model = { views: [at('Tank')] },
  containers = [container()],
}: Answers): Transport {
  return memoryTransport(({ path }) => {
    if (path.includes('/datamodels/')) return { items: [{ ...MODEL, ...TIMES, ...model }] };
    if (path.includes('/views/')) return { items: views };
    return { items: path.includes('/containers/') ? containers : [{ space: 'acme', ...TIMES }] };
  });
}

const property = (level: unknown) => ({ views: [tank({ properties: { level } })] });
const through = { source: at('Tank'), identifier: 'level' };
const reverse = { connectionType: 'multi_reverse_direct_relation', source: at('Tank'), through };
const relation = { type: 'direct', list: false };
const VIEWS: readonly (readonly [string, Answers, RegExp])[] = [
  [
    'properties null',
    { views: [tank({ properties: null })] },
    /properties of view acme:Tank\/v1 is null/,
  ],
  ['a property null', property(null), /property "level" of view acme:Tank\/v1 is null/],
  [
    'a type that is a string',
    property(stored('float64')),
    /the type of .* is the string "float64"/,
  ],
  ['no container', property(stored(relation, { container: null })), /has no container/],
  [
    'no identifier',
    property(stored(relation, { containerPropertyIdentifier: 1 })),
    /has no containerProp/,
  ],
  [
    'a source without version',
    property(stored(relation, { source: { space: 'a' } })),
    /the source of/,
  ],
  ['a source of the type', property(stored({ ...relation, source: 'x' })), /the source of/],
  ['no source', property({ ...reverse, source: null }), /no container and no source/],
  ['no through', property({ ...reverse, through: null }), /goes through no property/],
  ['edges of no type', property({ source: at('Tank') }), /has no type of its edges/],
  [
    'edges of odd properties',
    property({ source: at('Tank'), type: at('x'), edgeSource: 'x' }),
    /edgeSource/,
  ],
  [
    'implements [null]',
    { views: [tank({ implements: [null] })] },
    /implements of view .* is an array with null at 0/,
  ],
  [
    'values that are a list',
    property(stored({ type: 'enum', values: ['a'] })),
    /values of .* are an array/,
  ],
];

describe('answers that cannot be', () => {
  const Tank = view('acme', 'Tank', 'v1', { level: p.float().optional() });
  const decode = (message: RegExp) => ({ code: 'decode', message: expect.stringMatching(message) });

  it.each(VIEWS)(
    'a view with %s is a DecodeError of pull and diff',
    async (_, answers, message) => {
      await expect(pull(answering(answers), MODEL)).rejects.toMatchObject(decode(message));
      await expect(diff(answering(answers), [Tank])).rejects.toMatchObject(decode(message));
    },
  );

  it.each([
    ['no views', { model: {} }, /views of acme:M\/v1 is undefined, expected an array of views/],
    ['views null', { model: { views: null } }, /views of acme:M\/v1 is null/],
    [
      'views [null]',
      { model: { views: [null] } },
      /views of acme:M\/v1 is an array with null at 0, expected \{ space/,
    ],
    ['no type', property(stored(undefined)), /property "level" of view acme:Tank\/v1 has no type/],
    [
      'a default that is no time',
      property(stored({ type: 'timestamp' }, { defaultValue: 'now' })),
      /the default of "level" of acme:Tank\/v1 is the string "now", expected a time/,
    ],
    [
      'a default that is no integer',
      property(stored({ type: 'int64' }, { defaultValue: 1.5 })),
      /the default of "level" .* is number 1.5, expected an integer/,
    ],
    [
      'a view that implements itself',
      { views: [tank({ implements: [at('Tank')] })] },
      /views implement each other: acme:Tank\/v1 implements acme:Tank\/v1/,
    ],
    [
      'views that implement each other',
      {
        model: { views: [at('A'), at('B')] },
        views: [
          tank({ ...at('A'), implements: [at('B')] }),
          tank({ ...at('B'), implements: [at('A')] }),
        ],
      },
      /views implement each other: acme:A\/v1 implements acme:B\/v1 implements acme:A\/v1/,
    ],
  ] as const)('a model with %s is a DecodeError of pull', async (_, answers, message) => {
    for (const declarations of [false, true])
      await expect(pull(answering(answers), MODEL, { declarations })).rejects.toMatchObject(
        decode(message),
      );
  });

  it.each([
    [
      'properties null',
      container({ properties: null }),
      /properties of container acme:Tank is null/,
    ],
    ['a property null', container({ properties: { level: null } }), /property "level" .* is null/],
    [
      'no type',
      container({ properties: { level: {} } }),
      /property "level" of container acme:Tank has/,
    ],
    ['a type null', container({ properties: { level: { type: null } } }), /"level" .* has no type/],
  ])('a container with %s is a DecodeError of diff', async (_, found, message) => {
    await expect(diff(answering({ containers: [found] }), [Tank])).rejects.toMatchObject(
      decode(message),
    );
  });

  it('of the views that lose their data are a DecodeError of diff', async () => {
    const Changed = view('acme', 'Tank', 'v1', { level: p.text().optional() });
    const project = memoryTransport(({ path }) => {
      if (!path.endsWith('/inspect'))
        return { items: path.includes('containers') ? [container()] : [] };
      const inspectionResults = { involvedViews: [null] };
      return { items: [{ space: 'acme', externalId: 'Tank', inspectionResults }] };
    });
    await expect(diff(project, [Changed])).rejects.toMatchObject(decode(/it has no views of Tank/));
  });

  it('say null of what is not there: sizes, values, units', async () => {
    const nothing = { maxListSize: null, maxTextSize: null, values: null, unit: null };
    const level = { type: { type: 'float64', ...nothing }, nullable: true, defaultValue: null };
    const project = answering({ containers: [container({ properties: { level } })] });
    expect(await diff(project, [Tank])).toEqual([]);
    const Enum = view('acme', 'Tank', 'v1', { level: p.oneOf('a').optional() });
    const empty = { ...level, type: { type: 'enum', values: null } };
    const other = answering({ containers: [container({ properties: { level: empty } })] });
    expect(await diff(other, [Enum])).toMatchObject([{ reason: 'new values: a' }]);
  });
});

describe('a property that no view of ours can have', () => {
  const NEWER = {
    plain: stored({ type: 'text' }),
    shape: stored({ type: 'geo\n metry*/ @ts-nocheck \u2028', list: false }),
    odd: stored({ type: 'constructor' }),
    none: stored({ type: 'enum', values: {} }),
    several: stored({ type: 'enum', list: true, values: { a: {} } }),
    far: { connectionType: 'hyper_edge' },
  };
  const project = answering({ views: [tank({ properties: NEWER })] });

  it('is left out of the source, which says so', { timeout: 60_000 }, async () => {
    const text = await pull(project, MODEL);
    const declared = await pull(project, MODEL, { declarations: true });
    expect(errorsOf({ 'newer.ts': text, 'newer-declared.ts': declared })).toEqual([]);
    for (const each of [text, declared]) {
      expect(each).toContain(
        "  // 'odd' is left out: this version of the library does not know its type, 'constructor'.\n",
      );
      expect(each).toMatch(
        /\n {2}\/\/ 'shape' is left out: .*, 'geo\\n metry\*\/ @ ts-nocheck .*'\.\n/,
      );
      expect(each).toMatch(/\/\/ 'none' is left out: it is an enum of no values/);
      expect(each).toMatch(/\/\/ 'several' is left out: .* no lists of enums/);
      expect(each).toMatch(/\/\/ 'far' is left out: .* its connection, 'hyper_edge'/);
      const [read] = await load(each);
      expect(read?.ownProperties).toEqual(['plain']);
    }
  });

  it('does not keep the others of its view from use', async () => {
    await using emulated = await startProject({}, []);
    const api = new DataModelingApi(emulated.transport);
    const E = { space: 'acme', externalId: 'E' };
    const text = { type: { type: 'text' } };
    await api.spaces.upsert([{ space: 'acme' }]);
    await api.containers.upsert([
      { ...E, usedFor: 'edge', properties: { type: text, note: text } },
    ]);
    const mapped = (name: string) => ({
      container: { type: 'container', ...E } as const,
      containerPropertyIdentifier: name,
    });
    await api.views.upsert([
      { ...E, version: 'v1', properties: { type: mapped('type'), note: mapped('note') } },
    ]);
    await api.dataModels.upsert([{ ...MODEL, views: [at('E')] }]);
    const source = await pull(emulated.transport, MODEL);
    expect(source).toContain("// 'type' is left out: edges have a type of their own.");
    expect(await diff(emulated.transport, await load(source))).toEqual([
      { kind: 'container', name: 'acme:E', property: 'type', change: 'kept' },
      { kind: 'view', name: 'acme:E/v1', property: 'type', change: 'kept' },
    ]);
  });
});

describe('a model whose views were deleted', () => {
  it('is a NotFoundError that names them, and deleted parents', async () => {
    await using project = await startProject({}, []);
    const { transport } = project;
    const api = new DataModelingApi(transport);
    const Parent = view('acme', 'Parent', 'v1', { a: p.text().optional() });
    const Child = view('acme', 'Child', 'v1', { b: p.text() }, { implements: [Parent] });
    const Other = view('acme', 'Other', 'v1', { c: p.text() });
    await push(transport, [Parent, Child, Other]);
    await api.dataModels.upsert([{ ...MODEL, views: [at('Child'), at('Other')] }]);
    const gone = [Parent, Other].map(({ space, externalId, version }) => ({
      ...{ space, externalId, version },
    }));
    await api.views.delete(gone);
    const error = await pull(transport, MODEL).catch((reason: unknown) => reason);
    expect(NotFoundError.isInstance(error)).toBe(true);
    expect((error as NotFoundError).message).toMatch(
      /^pull: the data model acme:M\/v1 needs views that do not exist.*: acme:Other\/v1; acme:Parent\/v1, which acme:Child\/v1 implements\. /,
    );
    await push(transport, [Parent, Other]);
    const views: readonly AnyView[] = await load(await pull(transport, MODEL));
    expect(views.map(({ externalId }) => externalId).sort()).toEqual(['Child', 'Other', 'Parent']);
    await nodes(transport, views[0] as AnyView, { space: 'acme' }).list();
  });

  it.each([
    ['the model is deleted and made again', MODEL, true],
    ['the model has a new version', { ...MODEL, version: 'v2' }, false],
  ])('is pulled after what the error says: %s', async (_, model, isDeleted) => {
    await using project = await startProject({}, []);
    const { transport } = project;
    const api = new DataModelingApi(transport);
    await push(
      transport,
      ['A', 'B'].map((name) => view('acme', name, 'v1', { a: p.text() })),
    );
    await api.dataModels.upsert([{ ...MODEL, views: [at('A'), at('B')] }]);
    await api.views.delete([{ space: 'acme', externalId: 'A', version: 'v1' }]);
    await expect(pull(transport, MODEL)).rejects.toThrow(
      /acme:A\/v1\. Push these views, or delete the model and upsert it without what names them, or upsert a new version of it: an upsert keeps views that it leaves out$/,
    );
    const without = { ...MODEL, views: [at('B')] };
    await api.dataModels.upsert([without]);
    await expect(pull(transport, MODEL)).rejects.toThrow(NotFoundError);
    if (isDeleted) await api.dataModels.delete([MODEL]);
    await api.dataModels.upsert([{ ...without, ...model }]);
    expect(await pull(transport, model)).toContain('export const B');
  });
});
