import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * Checks the types of modules made of blocks, as a strict user would, against the packages' source.
 *
 * @param {{ path: string, block: import('./blocks.mjs').Block }[]} modules
 * @param {string} configPath a tsconfig.json
 * @returns {string[]} one line for each error, named by the Markdown file and its line
 */
export function typeErrors(modules, configPath) {
  const { config, error } = ts.readConfigFile(configPath, ts.sys.readFile);
  if (error !== undefined) throw new Error(textOf(error));
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, files: [] },
    ts.sys,
    dirname(configPath),
  );
  const blockOf = new Map(modules.map(({ path, block }) => [resolve(path), block]));
  const ambient = join(dirname(configPath), 'src/foreign-modules.d.ts');
  const program = ts.createProgram([...blockOf.keys(), ambient], {
    ...options,
    noEmit: true,
    composite: false,
    incremental: false,
    tsBuildInfoFile: undefined,
  });
  return [...blockOf.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map((diagnostic) => {
      const block = blockOf.get(path);
      // The module has one line before the block.
      const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      return `${block.file}:${block.line + line - 1}: ${textOf(diagnostic)}`;
    });
  });
}

function textOf({ code, messageText }) {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n  ')}`;
}
