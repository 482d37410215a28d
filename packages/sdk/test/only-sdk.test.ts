import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it, onTestFinished } from 'vitest';
// @ts-expect-error a plain script without declarations
import { modulesNamedIn } from '../../../tooling/matrix/only-sdk-cells.mjs';
import { strictProject } from './strict-project.js';

const HELPERS = fileURLToPath(
  new URL('../../../tooling/matrix/only-sdk/helpers.ts', import.meta.url),
);

it('lets a project that installs only the full client name every type that it meets', () => {
  const project = strictProject();
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  const file = join(project, 'helpers.ts');
  cpSync(HELPERS, file);
  const program = ts.createProgram([file], {
    strict: true,
    declaration: true,
    emitDeclarationOnly: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@cdf/source'],
  });
  const source = program.getSourceFile(file);
  let declarations = '';
  const { diagnostics } = program.emit(
    source,
    (_, text) => {
      declarations += text;
    },
    undefined,
    true,
  );
  const problems = [
    ...program.getSemanticDiagnostics(source),
    ...program.getDeclarationDiagnostics(source),
    ...diagnostics,
  ];
  expect(problems.map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'))).toEqual(
    [],
  );
  expect(modulesNamedIn(declarations)).toEqual(['@cdf/sdk']);
  expect(declarations.match(/^export declare const/gm)?.length).toBeGreaterThan(20);
});
