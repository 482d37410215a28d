// Builds the site and checks it: TypeDoc's warnings, docstrings, links, and the questions that its search answers.
//   node apps/site/run.mjs [--serve] [--dev]
//     serves what was built; serves the sources instead, and follows their changes
import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, createServer, serve } from 'vitepress';
import { checkLinks } from './check-links.mjs';
import { checkQuestions } from './check-questions.mjs';
import { writeReference } from './reference.mjs';

const site = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '');
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const out = `${site}/dist`;

rmSync(`${site}/reference`, { recursive: true, force: true });
const { problems, undocumented } = await writeReference({
  root,
  out: `${site}/reference`,
  tsconfig: `${site}/tsconfig.reference.json`,
});
for (const name of undocumented) problems.push(`${name} has no docstring`);
if (process.argv.includes('--dev')) {
  for (const problem of problems) console.error(problem);
  const server = await createServer(site, { host: '127.0.0.1' });
  await server.listen();
  server.printUrls();
} else {
  await build(site);
  const checked = checkLinks(out);
  const asked = await checkQuestions(out);
  for (const problem of checked.problems.concat(asked.problems)) problems.push(problem);
  for (const problem of problems) console.error(problem);
  const counts = `${checked.pages} pages, ${checked.links} links, ${asked.questions} questions`;
  console.log(`${relative(process.cwd(), out)}: ${counts}, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
  if (process.argv.includes('--serve')) await serve({ root: site, port: 4173 });
}
