import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

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

function programOf(text: string, options: ts.CompilerOptions = OPTIONS): ts.Program {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  return ts.createProgram([FILE], options, {
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

it('reads the same without strict checks', { timeout: 60_000 }, () => {
  const text = `
import type { Transport } from '@cdf/core';
import { edges, nodes, p, view } from '@cdf/data-modeling';
const Area = view('acme', 'Area', 'v1', { name: p.text(), built: p.timestamp() });
const Feed = view('acme', 'Feed', 'v1', { flow: p.float(), since: p.timestamp() }, { usedFor: 'edge' });
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(),
  built: p.timestamp(),
  area: p.ref(() => Area),
  get feeds() {
    return p.edges(() => Pump, { type: { space: 'acme', externalId: 'feeds' }, properties: () => Feed });
  },
});
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};
export async function use(transport: Transport) {
  const pumps = nodes(transport, Pump, { space: 's' });
  const [listed] = await pumps.list();
  same<typeof listed.built, Date>(true);
  const read = await nodes(transport, Pump).retrieve({ space: 's', externalId: 'a' });
  same<typeof read.built, Date>(true);
  const [epoch] = await nodes(transport, Pump, { space: 's', times: 'epoch' }).list();
  same<typeof epoch.built, number>(true);
  const [found] = await pumps.find({ with: { area: true, feeds: true } });
  same<typeof found.built, Date>(true);
  same<typeof found.area.built, Date>(true);
  same<(typeof found.feeds)[number]['edge']['since'], Date>(true);
  const [picked] = await pumps.find({ pick: ['built'] });
  same<typeof picked.built, Date>(true);
  same<'name' extends keyof typeof picked ? true : false, false>(true);
  const [plain] = await pumps.find();
  same<typeof plain.name, string>(true);
  same<'externalId' extends keyof typeof plain.area ? true : false, true>(true);
  for await (const change of pumps.changes())
    if (!('deleted' in change)) same<typeof change extends { built: Date } ? true : false, true>(true);
  const [feed] = await edges(transport, Feed, { space: 's' }).list();
  same<typeof feed.since, Date>(true);
  await pumps.upsert([{ externalId: 'a', name: 'n', built: new Date(0) }]);
  // @ts-expect-error a name is a text
  await pumps.upsert([{ externalId: 'a', name: 5, built: new Date(0) }]);
}`;
  const options = { ...OPTIONS, strict: false, exactOptionalPropertyTypes: false };
  expect(errorsOf(programOf(text, options))).toEqual([]);
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

const PLANT = `
import type { Transport } from '@cdf/core';
import { graph, nodes, p, view } from '@cdf/data-modeling';
const Site = view('acme', 'Site', 'v1', { name: p.text(), get pumps() { return p.reverse(() => Pump, 'site'); } });
const Pump = view('acme', 'Pump', 'v1', {
  name: p.text(), power: p.float().optional(), state: p.oneOf('on', 'off'), get site() { return p.ref(() => Site); },
});
`;

it('tells what was expected of a relation, an option and a value', { timeout: 60_000 }, () => {
  const program = programOf(`${PLANT}
export async function use(transport: Transport) {
  const [sites, pumps] = [nodes(transport, Site), nodes(transport, Pump)];
  await pumps.find({ with: { name: true } });
  await sites.find({ with: { pumps: { with: { sitte: true } } } });
  await sites.find({ with: { pumps: { lmit: 5 } } });
  await sites.find({ with: { pumps: { where: { state: 'idle' } } } });
  await sites.find({ with: { pumps: { where: { nmae: 'x' } } } });
  await sites.find({ with: { pumps: false } });
  await pumps.find({ pick: ['nmae'] });
  await sites.find({ with: { pumps: { pick: ['nmae'] } } });
  await pumps.aggregate({ avg: ['name'] });
  await pumps.aggregate({ groupBy: ['state'] });
  await pumps.search('x', { properties: ['power'] });
  return graph((g) => ({ pumps: g.pick(g.nodes(Pump), ['nmae']) }));
}`);
  expect(errorsOf(program).map((message) => message.split('\n')[0])).toEqual([
    `Type 'true' is not assignable to type 'Unknown<"name", "is no relation of this view"> & true'.`,
    `Type 'true' is not assignable to type 'Unknown<"sitte", "is no relation of this view"> & true'.`,
    `Type '5' is not assignable to type 'Unknown<"lmit", "known are pick, with, where, orderBy and limit"> & 5'.`,
    `Type '"idle"' is not assignable to type 'Expected<"on" | "off" | null | undefined> & "idle"'.`,
    `Type '"x"' is not assignable to type 'Unknown<"nmae", "is unknown here"> & "x"'.`,
    `Type 'false' is not assignable to type 'Expected<"true, or options"> & false'.`,
    `Type '"nmae"' is not assignable to type '"name" | "power" | "state" | "site"'.`,
    `Type '"nmae"' is not assignable to type 'Expected<"name" | "power" | "state" | "site"> & "nmae"'.`,
    `Type '"name"' is not assignable to type '"power"'.`,
    // Compilers differ in the order.
    expect.stringMatching(/^Type '"state"' is not assignable to type '"name" \| .*"externalId"/),
    `Type '"power"' is not assignable to type '"name"'.`,
    `Type '"nmae"' is not assignable to type '"name" | "power" | "state" | "site"'.`,
  ]);
});

describe('in an editor', () => {
  const text = `${PLANT}
export async function use(transport: Transport) {
  const pumps = nodes(transport, Pump);
  const list = await pumps.list();
  const item = list[0]!;
  await pumps.find({ pick: ['/*own*/'], with: { site: { pick: ['/*theirs*/'] } } });
  await nodes(transport, Site).find({ with: { /*relations*/ } });
  await nodes(transport, Site).find({ with: { pumps: { /*options*/ } } });
  await nodes(transport, Site).find({ with: { pumps: { with: { /*further*/ } } } });
  await nodes(transport, Site).find({ with: { pumps: { where: { /*conditions*/ } } } });
  return [item, await pumps.list({ where: { power: { gte: 1 } } })];
}`;
  const host = ts.createCompilerHost(OPTIONS);
  const readText = (name: string): string | undefined =>
    name === FILE ? text : host.readFile(name);
  const service = ts.createLanguageService({
    fileExists: (name) => name === FILE || host.fileExists(name),
    readFile: readText,
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const known = readText(name);
      return known === undefined ? undefined : ts.ScriptSnapshot.fromString(known);
    },
    getCurrentDirectory: () => host.getCurrentDirectory(),
    getCompilationSettings: () => OPTIONS,
    getDefaultLibFileName: () => ts.getDefaultLibFilePath(OPTIONS),
  });
  const hoverOf = (place: string, offset = 0): ts.QuickInfo | undefined =>
    service.getQuickInfoAtPosition(FILE, text.indexOf(place) + offset);
  const proposedAt = (place: string): string[] | undefined =>
    service
      .getCompletionsAtPosition(FILE, text.indexOf(place), undefined)
      ?.entries.map(({ name }) => name);

  it('a node of a list shows its members, not how its type is made', { timeout: 60_000 }, () => {
    const shownText = ts.displayPartsToString(hoverOf('item = ')?.displayParts);
    expect(shownText).toContain('readonly state: "on" | "off";');
    expect(shownText).toContain('readonly power: number | undefined;');
    expect(shownText).not.toMatch(/View<|Property</);
  });

  it('with proposes relations, and each of them its options', { timeout: 60_000 }, () => {
    expect(proposedAt('/*relations*/')).toEqual(['pumps']);
    expect(proposedAt('/*options*/')).toEqual(
      expect.arrayContaining(['limit', 'orderBy', 'pick', 'where', 'with']),
    );
    expect(proposedAt('/*own*/')).toEqual(expect.arrayContaining(['name', 'power', 'state']));
    expect(proposedAt('/*theirs*/')).toEqual(['name']);
    expect(proposedAt('/*further*/')).toEqual(['site']);
    expect(proposedAt('/*conditions*/')).toEqual(
      expect.arrayContaining(['name', 'power', 'state', 'site', 'or']),
    );
  });

  it('options and operators have a text', { timeout: 60_000 }, () => {
    for (const place of ['where: { power', 'gte: 1'])
      expect(ts.displayPartsToString(hoverOf(place)?.documentation)).toMatch(/\w{4}/);
  });
});
