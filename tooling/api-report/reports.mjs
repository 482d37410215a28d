import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

/**
 * Compares the public surface of packages with their committed reports, or writes the reports.
 *
 * @param {string} root the workspace's folder, its declarations built
 * @param {{ check: boolean, only?: readonly string[] }} options `check` writes nothing; `only` are
 * folders of `packages`
 * @returns {{ file: string, difference: string[] }[]} the reports that differ from the committed
 *   ones, lines that went with `-` and new ones with `+`
 */
export function compareReports(root, { check, only = [] }) {
  const names = readdirSync(join(root, 'packages')).filter(
    (each) => only.length === 0 || only.includes(each),
  );
  return names.flatMap((name) => {
    const folder = join(root, 'packages', name);
    const file = join(folder, 'etc', `${name}.api.md`);
    const report = reportOf(folder);
    const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (known === report) return [];
    if (!check) {
      mkdirSync(join(folder, 'etc'), { recursive: true });
      writeFileSync(file, report);
    }
    return [
      { file: `packages/${name}/etc/${name}.api.md`, difference: differenceOf(known, report) },
    ];
  });
}

/** One report with a part per entry of the package's exports. */
function reportOf(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const parts = Object.entries(manifest.exports)
    .filter(([, entry]) => entry.types !== undefined)
    .map(
      ([entry, { types }]) =>
        `# \`${manifest.name}${entry.slice(1)}\`\n\n${extract(folder, join(folder, types))}`,
    );
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
      apiReport: {
        enabled: true,
        reportFolder: temporary,
        reportTempFolder: temporary,
        reportFileName: 'report',
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          // A type that a public one needs and that is not exported.
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

function differenceOf(before, after) {
  const old = before.split('\n');
  const fresh = after.split('\n');
  const [known, found] = [new Set(old), new Set(fresh)];
  return [
    ...old.filter((line) => !found.has(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !known.has(line)).map((line) => `+ ${line}`),
  ];
}
