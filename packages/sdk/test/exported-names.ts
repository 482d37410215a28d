import { fileURLToPath } from 'node:url';
import ts from 'typescript';
// @ts-expect-error a plain script without declarations
import { entryPoints } from '../../../tooling/docs/entry-points.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The exports of every entry of every package, values and types: by specifier, the symbol behind
 * each name.
 */
export interface ExportedNames {
  readonly checker: ts.TypeChecker;
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, ts.Symbol>>;
}

/**
 * Reads the sources: nothing has to be built first. The emulator shares no name with the others, as
 * it does not import them.
 */
export function exportedNames(): ExportedNames {
  const points: { specifier: string; source: string }[] = entryPoints(ROOT).filter(
    ({ specifier }: { specifier: string }) => specifier !== '@cdf/emulator',
  );
  const options: ts.CompilerOptions = {
    types: [],
    noLib: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@cdf/source'],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  // Names need neither the types of the language nor those of other people's packages.
  host.getSourceFile = (file, target) =>
    file.includes('/node_modules/') ? ts.createSourceFile(file, '', target) : read(file, target);
  const program = ts.createProgram(
    points.map(({ source }) => source),
    options,
    host,
  );
  const checker = program.getTypeChecker();
  const namesOf = (source: string): Map<string, ts.Symbol> => {
    const file = program.getSourceFile(source);
    const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`${source} is not a module`);
    return new Map(
      checker.getExportsOfModule(module).map((each) => [each.name, resolved(each, checker)]),
    );
  };
  return {
    checker,
    entries: new Map(points.map(({ specifier, source }) => [specifier, namesOf(source)])),
  };
}

function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
