import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const PROGRAM = `
import { AssetsApi } from '@cdf/assets';
import type { AssetScope, Transport } from '@cdf/core';
import { assetEvents } from '@cdf/events-files';
interface Relations {
  /** Events that refer to these assets: all of them. */
  readonly events: ReturnType<typeof assetEvents>;
}
declare const transport: Transport;
declare const relations: Relations;
const assets = new AssetsApi<Relations>(transport, relations);
const selection = assets.select({ id: 1 }).subtree();
selection.events();
const [first] = await assets.list();
first!.events({ limit: 3 });
assets.select().
`;

/** Asks TypeScript what an editor shows. */
function languageService(text: string): { service: ts.LanguageService; file: string } {
  const file = fileURLToPath(new URL('./hovered.ts', import.meta.url));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    // Without the browser's declarations, which take seconds to read and are not asked about.
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    customConditions: ['@cdf/source'],
    strict: true,
    types: [],
  };
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => {
      const content = name === file ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => fileURLToPath(new URL('.', import.meta.url)),
    getDefaultLibFileName: (each) => ts.getDefaultLibFilePath(each),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    ...(ts.sys.realpath === undefined ? {} : { realpath: ts.sys.realpath }),
  });
  return { service, file };
}

it('shows the documentation and the arguments of a relation where it is used', {
  timeout: 60_000,
}, () => {
  const { service, file } = languageService(PROGRAM);
  for (const use of ['selection.events(', 'first!.events(']) {
    const position = PROGRAM.indexOf(use) + use.indexOf('events') + 1;
    const info = service.getQuickInfoAtPosition(file, position);
    expect(ts.displayPartsToString(info?.documentation)).toBe(
      'Events that refer to these assets: all of them.',
    );
    const shown = ts.displayPartsToString(info?.displayParts);
    expect(shown).toContain('query?: AssetEventQuery');
    expect(shown).toContain('Listing<CdfEvent, EventList>');
  }
  const end = PROGRAM.indexOf('assets.select().\n') + 'assets.select().'.length;
  const offered =
    service.getCompletionsAtPosition(file, end, undefined)?.entries.map(({ name }) => name) ?? [];
  expect(offered).toEqual(expect.arrayContaining(['events', 'subtree', 'children', 'tree']));
  expect(offered).not.toContain('files');
});
