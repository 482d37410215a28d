import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Writes each block as a module of its own. Before it, on one line, stand imports of names that it
 * uses and does not declare: those that an earlier block of the same page imported, and those of
 * the prelude. The block itself begins on the second line, as it stands.
 *
 * @param {import('./blocks.mjs').Block[]} blocks
 * @param {string} folder
 * @param {(block: import('./blocks.mjs').Block) => { path: string, names: readonly string[] }}
 *   preludeOf what a block may use without declaring it: the path as modules import it
 * @returns {{ path: string, block: import('./blocks.mjs').Block }[]}
 */
export function writeModules(blocks, folder, preludeOf) {
  mkdirSync(folder, { recursive: true });
  const pages = new Map();
  return blocks.map((block, index) => {
    const path = join(
      folder,
      `${String(index).padStart(3, '0')}-${block.file.replace(/[^a-z0-9]+/gi, '-')}.ts`,
    );
    const prelude = preludeOf(block);
    const given = prelude.names.map((name) => [name, `import { ${name} } from '${prelude.path}';`]);
    const before = pages.get(block.file) ?? [];
    const imported = new Map([...given, ...before]);
    const needed = missingNames(block.code, [...imported.keys()]).map((name) => imported.get(name));
    pages.set(block.file, [...before, ...importsOf(block.code)]);
    writeFileSync(path, `${[...needed, 'export {};'].join(' ')}\n${block.code}\n`);
    return { path, block };
  });
}

/** The names that a block imports, each with an import of its own. */
function importsOf(code) {
  return parse(code)
    .statements.filter((statement) => ts.isImportDeclaration(statement))
    .flatMap(({ importClause, moduleSpecifier }) =>
      (importClause?.namedBindings?.elements ?? []).map((element) => [
        element.name.text,
        `import ${importClause.isTypeOnly ? 'type ' : ''}{ ${element.getText()} } from ${moduleSpecifier.getText()};`,
      ]),
    );
}

/** The names that `source` exports. */
export function exportedNames(source) {
  const names = [];
  for (const statement of parse(source).statements) {
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    names.push(...declaredBy(statement));
  }
  return names;
}

function missingNames(code, names) {
  const source = parse(code);
  const declared = new Set(source.statements.flatMap((statement) => declaredBy(statement)));
  const used = new Set();
  const visit = (node) => {
    if (ts.isIdentifier(node) && !isMemberName(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names.filter((name) => used.has(name) && !declared.has(name));
}

/** `b` in `a.b` and in `{ b: 1 }` is not a use of a variable. */
function isMemberName(node) {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

function declaredBy(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap((each) => boundNames(each.name));
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bound = namedBindings === undefined ? [] : (namedBindings.elements ?? [namedBindings]);
    return [name, ...bound.map((each) => each.name)]
      .filter((each) => each !== undefined)
      .map((each) => each.text);
  }
  return statement.name === undefined ? [] : [statement.name.text];
}

function boundNames(name) {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    element.name === undefined ? [] : boundNames(element.name),
  );
}

function parse(code) {
  return ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest, true);
}
