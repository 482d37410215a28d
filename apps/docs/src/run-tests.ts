import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { defaultServerConditions } from 'vite';
import { startVitest } from 'vitest/node';

/**
 * Runs modules that are tests, as a user's `vitest run` does. The last line of the output is a JSON
 * array of problems.
 */

interface Module {
  readonly path: string;
  readonly block: { readonly file: string; readonly line: number };
}

const [list = ''] = process.argv.slice(2);
const modules = JSON.parse(readFileSync(list, 'utf8')) as Module[];
const root = join(dirname(list), 'tests');
mkdirSync(root);
for (const [index, { path }] of modules.entries())
  writeFileSync(join(root, `${index}.test.ts`), `import ${JSON.stringify(path)};\n`);

const conditions = ['@cdf/source', ...defaultServerConditions];
const vitest = await startVitest(
  'test',
  [],
  { root, config: false, watch: false, reporters: [{}] },
  { ssr: { resolve: { conditions } } },
);
const problems = modules.flatMap(({ block }, index) => {
  const file = vitest.state
    .getTestModules()
    .find(({ moduleId }) => moduleId.endsWith(`/${index}.test.ts`));
  const tests = [...(file?.children.allTests() ?? [])];
  const failed = tests.filter((test) => test.result().state !== 'passed');
  const errors = [
    ...(file?.errors() ?? []),
    ...failed.flatMap((test) => test.result().errors ?? []),
  ];
  if (tests.length > 0 && errors.length === 0 && failed.length === 0) return [];
  return [`${block.file}:${block.line}: ${errors[0]?.message ?? 'no test ran to its end'}`];
});
await vitest.close();
process.exitCode = 0;
console.log(JSON.stringify(problems));
