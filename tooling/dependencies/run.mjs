// The table of run-time dependencies in apps/docs/guides/dependencies.md.
//   node tooling/dependencies/run.mjs            fails when the table does not describe the installed packages
//   node tooling/dependencies/run.mjs --refresh  measures, asks the registry for dates and an audit, and writes it; needs built packages
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { packAll } from '../pack-check/tarballs.mjs';
import { bytesOf, collect } from './collect.mjs';
import { pageOf } from './page.mjs';
import { problemsOf } from './problems.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = join(root, 'tooling/dependencies/measured.json');
const page = join(root, 'apps/docs/guides/dependencies.md');

const refresh = process.argv.includes('--refresh');
if (refresh) {
  const measured = measure();
  writeFileSync(data, `${JSON.stringify(measured, undefined, 2)}\n`);
  writeFileSync(page, pageOf(measured.dependencies, measured));
}
const measured = JSON.parse(readFileSync(data, 'utf8'));
const problems = problemsOf(collect(root), measured);
if (readFileSync(page, 'utf8') !== pageOf(measured.dependencies, measured))
  problems.push('the page is not what was measured: it is made, and not written');
for (const problem of problems) console.error(problem);
console.log(
  `dependencies: ${measured.dependencies.length} at run time, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function measure() {
  const dependencies = collect(root);
  return {
    measuredOn: new Date().toISOString().slice(0, 10),
    sdkCore: installedSize('@cdf/sdk-core'),
    audit: audit(),
    releases: Object.fromEntries(dependencies.map((each) => [each.name, releaseOf(each)])),
    dependencies,
  };
}

/** From tarballs, as a user has it. */
function installedSize(name) {
  const work = mkdtempSync(join(tmpdir(), 'dependencies-'));
  try {
    const tarballs = packAll(root, join(work, 'tarballs'));
    const overrides = Object.fromEntries(
      Object.entries(tarballs).map(([each, path]) => [each, `file:${path}`]),
    );
    const project = join(work, 'project');
    mkdirSync(project);
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ private: true, dependencies: { [name]: overrides[name] }, overrides }),
    );
    run(
      'npm',
      [
        'install',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        '--omit=optional',
        '--loglevel=error',
      ],
      project,
    );
    const modules = join(project, 'node_modules');
    const packages = readdirSync(modules)
      .filter((each) => !each.startsWith('.'))
      .flatMap((each) => (each.startsWith('@') ? readdirSync(join(modules, each)) : [each]));
    return { bytes: bytesOf(modules), packages: packages.length };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function releaseOf({ name, version }) {
  const { time, 'dist-tags': tags } = JSON.parse(
    run('npm', ['view', name, 'time', 'dist-tags', '--json'], root),
  );
  const day = (each) => time[each].slice(0, 10);
  return { version, released: day(version), latest: tags.latest, latestReleased: day(tags.latest) };
}

/** One sentence. An audit that cannot be had is not a clean one. */
function audit() {
  const { status, stdout } = spawnSync(
    join(root, 'node_modules/.bin/pnpm'),
    ['audit', '--prod', '--json'],
    {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  const { metadata } = parsed(stdout);
  if (metadata === undefined)
    return 'The registry did not answer the audit (`pnpm audit --prod`) when this page was made: advisories are unknown. Look up the versions above.';
  const found = Object.entries(metadata.vulnerabilities).filter(([, count]) => count > 0);
  if (status === 0 && found.length === 0)
    return '`pnpm audit --prod` knows of no advisory about these versions.';
  return `\`pnpm audit --prod\` knows of advisories: ${found.map(([level, count]) => `${count} ${level}`).join(', ')}.`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function run(command, words, cwd) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${words.join(' ')}: ${stdout}${stderr}`);
}
