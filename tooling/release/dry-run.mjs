// A release without publishing, from a fresh clone of the last commit: versions and changelogs from the changesets, a tarball of every
// package, and a software bill of materials. The working tree stays as it is; everything is in the folder release/.
//   node tooling/release/dry-run.mjs [--out release]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packAll } from '../pack-check/tarballs.mjs';
import { beforePublishing, releaseProblems } from './release-problems.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'release' } } });
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = resolve(root, values.out);
const work = mkdtempSync(join(tmpdir(), 'release-'));
const clone = join(work, 'clone');

try {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  run('git', ['clone', '--quiet', '--local', root, clone], work);
  const bin = (name) => join(clone, 'node_modules/.bin', name);
  run(
    join(root, 'node_modules/.bin/pnpm'),
    ['install', '--frozen-lockfile', '--prefer-offline', '--loglevel=error'],
    clone,
  );
  run(bin('changeset'), ['version'], clone);
  // Only the packed files: CI shows that everything works together.
  run(
    bin('tsc'),
    ['-b', ...readdirSync(join(clone, 'packages')).map((name) => `packages/${name}`)],
    clone,
  );
  run(bin('pnpm'), ['--recursive', '--filter', './packages/*', 'run', 'build'], clone);
  const tarballs = packAll(clone, out);
  const released = Object.entries(tarballs).map(([name, tarball]) => ({
    name,
    tarball: basename(tarball),
    manifest: JSON.parse(read(tarball, 'package.json')),
    files: run('tar', ['-tzf', tarball], work)
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
  }));
  for (const { name } of released) {
    const folder = name.replace('@cdf/', '');
    copyFileSync(
      join(clone, 'packages', folder, 'CHANGELOG.md'),
      join(out, `CHANGELOG-${folder}.md`),
    );
  }
  writeFileSync(
    join(out, 'sbom.cdx.json'),
    billOfMaterials(tarballs, released[0].manifest.version),
  );
  const problems = releaseProblems(released);
  for (const { name, tarball, manifest } of released)
    console.log(`${name} ${manifest.version}  ${tarball}`);
  for (const problem of problems) console.error(problem);
  const pending = readdirSync(join(clone, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  if (pending.length > 0) console.error(`changesets that were not used: ${pending.join(', ')}`);
  const failures = problems.length + pending.length;
  console.log(
    `release dry run: ${released.length} tarballs, changelogs and sbom.cdx.json in ${out}, ${failures} problems`,
  );
  for (const step of beforePublishing(released)) console.log(`before publishing: ${step}`);
  process.exitCode = failures === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** CycloneDX, of what a user of all packages has installed. */
function billOfMaterials(tarballs, version) {
  const project = join(work, 'installed');
  mkdirSync(project);
  const dependencies = Object.fromEntries(
    Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]),
  );
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      name: 'cdf-sdk',
      version,
      license: 'Apache-2.0',
      private: true,
      dependencies,
    }),
  );
  run(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--loglevel=error',
    ],
    project,
  );
  const words = [
    'sbom',
    '--sbom-format',
    'cyclonedx',
    '--sbom-type',
    'library',
    '--loglevel=error',
  ];
  const bill = JSON.parse(run('npm', words, project));
  // The paths of our own tarballs on this machine do not belong in the bill.
  for (const component of bill.components)
    component.externalReferences = component.externalReferences?.filter(
      ({ url }) => !url.startsWith('file:'),
    );
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

function read(tarball, path) {
  return run('tar', ['-xzOf', tarball, `package/${path}`], work);
}

function run(command, words, cwd) {
  const env = { ...process.env, PATH: `${join(clone, 'node_modules/.bin')}:${process.env.PATH}` };
  const options = { cwd, env, encoding: 'utf8', timeout: 900_000, maxBuffer: 64 * 1024 * 1024 };
  const { status, error, stdout, stderr } = spawnSync(command, words, options);
  if (status === 0) return stdout;
  throw new Error(
    `${command} ${words.join(' ')}: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`,
  );
}
