// The public surface of every package as Markdown, one file per package: packages/<package>/etc/<package>.api.md.
//   node tooling/api-report/run.mjs           writes them
//   node tooling/api-report/run.mjs --check   fails when one is not what is committed
// Names of packages after it restrict it to them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');
const drifted = [];

const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const name of readdirSync(join(root, 'packages')).filter((each) => only.length === 0 || only.includes(each))) {
  const folder = join(root, 'packages', name);
  const file = join(folder, 'etc', `${name}.api.md`);
  const report = reportOf(folder);
  const known = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (known === report) continue;
  drifted.push(`packages/${name}/etc/${basename(file)}`);
  if (check) showDifference(known ?? '', report);
  else {
    mkdirSync(join(folder, 'etc'), { recursive: true });
    writeFileSync(file, report);
  }
}
for (const file of drifted) console.log(`${check ? 'drifted' : 'written'} ${file}`);
console.log(
  check && drifted.length > 0
    ? 'api reports: the public surface changed; look at it, then run `npm run api:update` and commit the reports'
    : `api reports: ${check ? 'all as committed' : `${drifted.length} written`}`,
);
process.exitCode = check && drifted.length > 0 ? 1 : 0;

/** One report with a part per entry of the package's exports. */
function reportOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const parts = Object.entries(manifest.exports)
    .filter(([, entry]) => entry.types !== undefined)
    .map(([entry, { types }]) => `# \`${manifest.name}${entry.slice(1)}\`\n\n${extract(folder, join(folder, types))}`);
  return `${parts.join('\n')}`;
}

function extract(folder, declarations) {
  const temporary = mkdtempSync(join(tmpdir(), 'api-report-'));
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(folder, 'api-extractor.json'),
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      compiler: { tsconfigFilePath: join(folder, 'tsconfig.json') },
      apiReport: { enabled: true, reportFolder: temporary, reportTempFolder: temporary, reportFileName: 'report' },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          // A type that a public one needs and nobody can name.
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    showVerboseMessages: false,
    messageCallback: (message) => (message.handled = true),
  });
  const [file] = readdirSync(temporary).filter((each) => each.endsWith('.md'));
  const text = readFileSync(join(temporary, file), 'utf8');
  rmSync(temporary, { recursive: true, force: true });
  // The tool's own heading and advice are the same in every part.
  return text.slice(text.indexOf('```ts'));
}

function showDifference(before, after) {
  const old = new Set(before.split('\n'));
  const fresh = new Set(after.split('\n'));
  for (const each of old) if (!fresh.has(each)) console.log(`- ${each}`);
  for (const each of fresh) if (!old.has(each)) console.log(`+ ${each}`);
}
