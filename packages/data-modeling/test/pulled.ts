import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AnyView } from '@cdf/data-modeling';
import ts from 'typescript';

// What `pull` gives, as programs take it.

/** The views that the text of a module exports. */
export async function load(text: string): Promise<AnyView[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pull-'));
  try {
    const index = pathToFileURL(fileURLToPath(new URL('../src/index.ts', import.meta.url))).href;
    const { outputText } = ts.transpileModule(text.replace("'@cdf/data-modeling'", `'${index}'`), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const path = join(folder, 'models.mjs');
    await writeFile(path, outputText);
    return Object.values((await import(pathToFileURL(path).href)) as Record<string, AnyView>);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The messages of a strict compiler for some modules. */
export function errorsOf(texts: Readonly<Record<string, string>>): string[] {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const files = new Map(Object.entries(texts).map(([name, text]) => [join(folder, name), text]));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    customConditions: ['@cdf/source'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (name) => files.has(name) || fileExists(name),
    getSourceFile: (name, version) => {
      const text = files.get(name);
      return text === undefined
        ? getSourceFile(name, version)
        : ts.createSourceFile(name, text, version);
    },
  });
  return [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(
      ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}
