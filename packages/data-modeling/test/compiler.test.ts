import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const FILE = fileURLToPath(new URL('./compiled.ts', import.meta.url));
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  // Without the browser's declarations, which take seconds to read and are not asked about.
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  customConditions: ['@cdf/source'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: [],
};

function programOf(text: string): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  return ts.createProgram([FILE], OPTIONS, {
    ...host,
    fileExists: (name) => name === FILE || fileExists(name),
    readFile: (name) => (name === FILE ? text : readFile(name)),
    getSourceFile: (name, version) =>
      name === FILE ? ts.createSourceFile(name, text, version) : getSourceFile(name, version),
  });
}

function errorsOf(program: ts.Program): string[] {
  return program
    .getSemanticDiagnostics(program.getSourceFile(FILE))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** A type as an editor shows it, a member on each line, without `readonly`. */
function shown(program: ts.Program, name: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(FILE) as ts.SourceFile;
  const [symbol] = checker
    .getSymbolsInScope(source, ts.SymbolFlags.TypeAlias)
    .filter((each) => each.name === name);
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias;
  const text = checker.typeToString(
    checker.getDeclaredTypeOfSymbol(symbol as ts.Symbol),
    source,
    flags,
  );
  return text.replace(/ +readonly /g, '\n  ').replace('; }', ';\n}');
}

const PUMP = `
import { type Found, type Read, type Write, nodes, p, view } from '@cdf/data-modeling';
const Area = view('acme', 'Area', 'v1', { name: p.text() });
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  status: p.oneOf('on', 'off'),
  starts: p.int().default(0),
  serial: p.bigint().optional(),
  tags: p.text().many().optional(),
  built: p.timestamp().optional(),
  area: p.ref(() => Area),
});
type Pumps = Read<typeof Pump>;
type NewPump = Write<typeof Pump>;
type Joined = Found<typeof Pump, { area: true }>['area'];
`;

it('shows what is read and written as plain objects', { timeout: 60_000 }, () => {
  const program = programOf(PUMP);
  expect(errorsOf(program)).toEqual([]);
  expect(shown(program, 'Pumps')).toMatchInlineSnapshot(`
    "{
      version: number;
      createdTime: number;
      lastUpdatedTime: number;
      space: string;
      externalId: string;
      name: string;
      status: "on" | "off";
      starts: number;
      power: number | undefined;
      serial: bigint | undefined;
      tags:
      string[] | undefined;
      built: Date | undefined;
      area: import("@cdf/data-modeling").NodeReference | undefined;
    }"
  `);
  expect(shown(program, 'NewPump')).toMatchInlineSnapshot(`
    "{
      space: string;
      externalId: string;
      version?: number | undefined | undefined;
      name: string;
      status: "on" | "off";
      power?: number | null | undefined;
      starts?: number | undefined;
      serial?: bigint | null | undefined;
      tags?:
      string[] | null | undefined;
      built?: string | number | Date | null | undefined;
      area?: import("@cdf/data-modeling").NodeReference | null | undefined;
    }"
  `);
  expect(shown(program, 'Joined')).toMatchInlineSnapshot(`
    "{
      name: string;
      version: number;
      createdTime: number;
      lastUpdatedTime: number;
      space: string;
      externalId: string;
    } | undefined"
  `);
});

/** Views in a ring of references, each used in every way. */
function manyViews(count: number): string {
  const views = Array.from({ length: count }, (_, index) => {
    const [next, last] = [(index + 1) % count, (index + count - 1) % count];
    return `
const V${index} = view('acme', 'V${index}', 'v1', {
  name: p.text(), size: p.float().optional(), state: p.oneOf('a', 'b', 'c${index}'), tags: p.text().many().optional(),
  get next() { return p.ref(() => V${next}); },
  get last() { return p.reverse(() => V${last}, 'next'); },
});
export async function use${index}(transport: Transport) {
  const all = nodes(transport, V${index}, { space: 'acme' });
  const [found] = await all.find({ where: { next: { name: { prefix: 'x' } }, state: 'c${index}' }, with: { next: { with: { next: true } }, last: true } });
  await all.upsert([{ externalId: 'e', name: 'n', state: 'a' }]);
  const name: string | undefined = found?.next?.next?.name;
  return [name, found?.last[0]?.size, (await all.list({ orderBy: { name: 'asc' } }))[0]?.tags];
}`;
  });
  return `import type { Transport } from '@cdf/core';\nimport { nodes, p, view } from '@cdf/data-modeling';\n${views.join('\n')}`;
}

it('checks a hundred views that refer to each other in under 5,000,000 instantiations', {
  timeout: 120_000,
}, () => {
  const program = programOf(manyViews(100));
  expect(errorsOf(program)).toEqual([]);
  expect(program.getInstantiationCount()).toBeLessThan(5_000_000);
  expect(program.getInstantiationCount()).toBeGreaterThan(10_000);
});

it('says the wrong member of an item that is written, at its place', { timeout: 60_000 }, () => {
  const program = programOf(`
import type { Transport } from '@cdf/core';
import { nodes, p, view } from '@cdf/data-modeling';
const Pump = view('acme', 'Pump', 'v1', { name: p.text(), power: p.float().optional() });
export async function use(transport: Transport) {
  const pumps = nodes(transport, Pump, { space: 'acme' });
  await pumps.upsert([{ externalId: 'a', name: 5 }]);
  await pumps.create([{ externalId: 'a', name: 'n' }, { externalId: 'b', name: 'n', pwr: 5 }]);
  await pumps.upsert(new Set([{ externalId: 'a', name: 'n' }]));
}`);
  expect(errorsOf(program)).toEqual([
    "Type 'number' is not assignable to type 'string'.",
    expect.stringMatching(/^Object literal may only specify known properties, and 'pwr' does not/),
  ]);
});
