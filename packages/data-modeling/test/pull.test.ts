import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type AnyView,
  DataModelingApi,
  p,
  pull,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { toSourceText } from '../src/schema/source-text.js';
import { Area, Feed, Pump, startProject, WorkOrder } from './project.js';
import { errorsOf, load } from './pulled.js';

const CORE = { space: 'cdf_cdm', externalId: 'CogniteCore', version: 'v1' };
const PLANT = { space: 'acme', externalId: 'Plant', version: 'v1' };
const HOSTILE =
  'ends */ it, \'quotes\' "double" `$\u007bprocess.exit()}` \\ \n new line \u2028 \u202e </script>';

/** A data model of ours, with everything that a view may have. */
const Part = view(
  'acme',
  'class',
  'v1',
  {
    default: p.text({ maxSize: 20 }).describe(HOSTILE),
    'not-a-name': p.bigint().optional(),
    height: p.float({ unit: 'length:m', bits: 32 }).optional(),
    shape: p.oneOf('round', 'square').default('round'),
    flags: p.bool().many().optional(),
    size: p.int().default(3).immutable(),
    day: p.date().optional(),
    file: p.file(),
    series: p.timeSeries(),
    any: p.node(),
    old: p.classic('timeseries').optional(),
    stored: p.text().optional().storedIn({ property: 'elsewhere' }),
    made: p.timestamp().default(new Date(0)),
    seen: p.timestamp().optional().default(new Date('2024-07-01T12:00:00.5Z')),
    serial: p.bigint().default(5n),
    order: p.int({ autoIncrement: true }),
    count: p.bigint({ unit: 'dimensionless:unitless', autoIncrement: true }).immutable(),
    details: p.json().default({ a: { 'b c': [1, 'x'] } }),
    opened: p.date().default('2024-07-01'),
    weight: p.float({ bits: 32 }).default(0.1),
    open: p.bool().default(false),
    home: p.node().default({ space: 'acme', externalId: 'home' }),
    constructor: p.text().default("it's"),
    get part() {
      return p.ref(() => Part);
    },
    get parts() {
      return p.reverse(() => Part, 'part');
    },
  },
  { description: HOSTILE, name: HOSTILE },
);
const VIEWS = [Area, Pump, WorkOrder, Feed, Part];

async function createModel(api: DataModelingApi): Promise<void> {
  const views = VIEWS.map(({ space, externalId, version }) => ({
    type: 'view' as const,
    space,
    externalId,
    version,
  }));
  await api.dataModels.upsert([{ ...PLANT, views }]);
}

describe('pull', () => {
  it('gives the module of the core model that comes with the package', async () => {
    await using project = await startProject();
    const text = await pull(project.transport, CORE, { declarations: true });
    const path = fileURLToPath(new URL('../src/core-views.ts', import.meta.url));
    // The formatter breaks lines and drops what is needless; the compiler's printer does not know
    // of either.
    expect(printed(text.replace("'@cdf/data-modeling'", "'./view/public.js'"))).toBe(
      printed(readFileSync(path, 'utf8')),
    );
  });

  it('pushed to an empty project and pulled again is the same text, with hostile text inside strings and comments', {
    timeout: 120_000,
  }, async () => {
    await using first = await startProject({}, VIEWS);
    await createModel(new DataModelingApi(first.transport));
    const texts = {
      'pulled.ts': await pull(first.transport, PLANT),
      'pulled-declarations.ts': await pull(first.transport, PLANT, { declarations: true }),
      'pulled-core.ts': await pull(first.transport, CORE),
    };
    expect(errorsOf(texts)).toEqual([]);
    await using second = await startProject({}, []);
    for (const text of [texts['pulled.ts'], texts['pulled-declarations.ts']]) {
      const views = await load(text);
      expect(views).toHaveLength(VIEWS.length);
      await push(second.transport, views);
      await createModel(new DataModelingApi(second.transport));
      expect(await pull(second.transport, PLANT)).toBe(texts['pulled.ts']);
    }
  });

  it('imports from the module that is asked for', async () => {
    await using project = await startProject({}, []);
    const text = await pull(project.transport, CORE, { module: '@cdf/sdk/data-modeling' });
    expect(text).toMatch(/^import \{ .* \} from '@cdf\/sdk\/data-modeling';\n/);
  });

  it('keeps a member __proto__ of a default', async () => {
    const preset = JSON.parse('{"__proto__":{"a":1},"b":{"__proto__":2}}');
    const thing = {
      ...{ space: 'acme', externalId: 'Thing', version: 'v1', usedFor: 'node' },
      properties: {
        details: {
          container: { type: 'container', space: 'acme', externalId: 'Thing' },
          containerPropertyIdentifier: 'details',
          type: { type: 'json', list: false },
          nullable: true,
          defaultValue: preset,
        },
      },
    };
    const [read] = await load(toSourceText([thing] as never));
    const [container] = toDefinitions([read as AnyView]).containers;
    expect(JSON.stringify(container?.properties.details?.defaultValue)).toBe(
      JSON.stringify(preset),
    );
  });

  it('never lets a name out of its string', async () => {
    const named = (externalId: string, space = "a'; x") => ({
      space,
      externalId,
      version: "v'1",
      createdTime: 0,
      lastUpdatedTime: 0,
      isGlobal: false,
      writable: true,
      usedFor: 'node' as const,
      queryable: true,
      mappedContainers: [],
      description: HOSTILE,
      properties: {
        [HOSTILE]: {
          container: { type: 'container' as const, space: HOSTILE, externalId: HOSTILE },
          containerPropertyIdentifier: HOSTILE,
          type: { type: 'enum', values: { [HOSTILE]: {} } },
          defaultValue: HOSTILE,
        },
      },
    });
    const views = [
      named('await'),
      named('View'),
      named('1st'),
      named('a b'),
      named('a_b'),
      named('a_b', 'other'),
    ];
    const text = toSourceText(views as never);
    const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022);
    expect(source.statements.map(({ kind }) => ts.SyntaxKind[kind])).toEqual([
      'ImportDeclaration',
      ...views.map(() => 'FirstStatement'),
    ]);
    expect(text).not.toMatch(/[\u2028\u202e]/);
    expect((await load(text)).map(({ externalId }) => externalId).sort()).toEqual(
      views.map(({ externalId }) => externalId).sort(),
    );
  });
});

/** Source without comments, in the compiler's own layout. */
function printed(text: string): string {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022);
  return ts
    .createPrinter({ removeComments: true })
    .printFile(source)
    .replace(/\s+/g, '')
    .replace(/,([}\])])/g, '$1');
}
