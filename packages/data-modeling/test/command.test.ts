import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DataModelingApi } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed, type Project, startProject } from './project.js';

const BIN = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
/** By its place: the command runs in folders that do not have it. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const NODE = ['--conditions=@cdf/source', '--import', TSX];
const SOURCE = pathToFileURL(fileURLToPath(new URL('../src/index.ts', import.meta.url))).href;

let project: Project;
let folder: string;
beforeAll(async () => {
  project = await startProject();
  folder = await mkdtemp(join(tmpdir(), 'cdf-models-'));
});
afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command in the project of the emulator. */
async function models(
  args: readonly string[],
  environment: Record<string, string> = {},
  cwd = fileURLToPath(new URL('..', import.meta.url)),
): Promise<Result> {
  const { emulator } = project;
  const env = {
    PATH: process.env.PATH,
    CDF_PROJECT: emulator.project,
    CDF_URL: emulator.url,
    CDF_TOKEN: await emulator.issueToken(),
    ...environment,
  };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...NODE, BIN, ...args], { cwd, env });
    let out = '';
    let error = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (error += chunk));
    child.on('close', (code) => resolve({ code, out, error }));
  });
}

async function fileOf(name: string, properties: string): Promise<string> {
  const path = join(folder, name);
  const text = `import { p, view } from '${SOURCE}';\nexport const Tank = view('acme', 'Tank', 'v1', ${properties});\n`;
  await writeFile(path, text);
  return path;
}

// A process each: short, each command is tried once.
const long = process.env.CDF_TEST_LONG === '1' ? it : () => {};

describe('cdf-models', { timeout: 120_000 }, () => {
  it('pushes the views of a file, says how another differs, and rejects a loss of data', async () => {
    const file = await fileOf('tank.mts', '{ name: p.text(), level: p.float().optional() }');
    expect(await models(['diff', file])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/view acme:Tank\/v1.*added/),
    });
    expect(await models(['diff', file, '--exit-code'])).toMatchObject({ code: 2, error: '' });
    expect(await models(['push', file])).toMatchObject({ code: 0, error: '' });
    expect(await models(['diff', file, '--exit-code'])).toMatchObject({
      code: 0,
      out: 'no differences\n',
    });
    const other = await fileOf('other.mts', '{ name: p.text(), level: p.text().optional() }');
    const refused = await models(['push', other]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.error).toMatch(/^cdf-models: push: .*level.*float64 in the project, not text/);
    expect(refused.error).not.toContain('    at ');
    expect(await models(['push', other, '--allow-data-loss'])).toMatchObject({
      code: 0,
      error: '',
    });
  });

  it('takes views in arrays, passes over what is like a view, and says what to export', async () => {
    const config = "export const config = { version: '1', properties: { a: 1 }, options: {} };\n";
    const path = join(folder, 'list.mjs');
    const views = `[view('acme', 'Mill', 'v1', { a: p.text() }), view('acme', 'Silo', 'v1', {})]`;
    const text = `import { p, view } from '${SOURCE}';\n${config}export default ${views};\n`;
    await writeFile(path, text);
    const { code, out, error } = await models(['diff', path]);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/view acme:Mill\/v1.*added\n.*view acme:Silo\/v1.*added\n$/s);
    await writeFile(path, config);
    const none = await models(['diff', path]);
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.error).toMatch(
      /^cdf-models: .*list\.mjs exports no views; export each view, or an array of them: .*\n$/,
    );
  });

  it('says nothing where its reader has gone', async () => {
    const child = spawn(process.execPath, [...NODE, BIN, 'help'], {
      env: { PATH: process.env.PATH },
    });
    child.stdout.destroy();
    let error = '';
    child.stderr.on('data', (chunk) => (error += chunk));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, error }).toEqual({ code: 0, error: '' });
  });

  long('pulls a data model as a module', async () => {
    await new DataModelingApi(project.transport).dataModels.upsert([
      {
        space: 'acme',
        externalId: 'Plant',
        version: 'v1',
        views: [{ type: 'view', space: 'acme', externalId: 'Feed', version: 'v1' }],
      },
    ]);
    const { code, out, error } = await models(['pull', 'acme/Plant/v1']);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(
      /^import \{ p, view \} from '@cdf\/data-modeling';\n\nexport const Feed = view\('acme', 'Feed', 'v1', \{/,
    );
    expect((await models(['pull', 'acme/Plant', '--declarations'])).out).toContain(
      'export interface FeedView extends',
    );
    expect(
      (await models(['pull', 'acme/Plant', '--import', '@cdf/sdk/data-modeling'])).out,
    ).toMatch(/^import \{ p, view \} from '@cdf\/sdk\/data-modeling';/);
    const missing = await models(['pull', 'acme/Absent/v1']);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.error).toMatch(
      /^cdf-models: pull: the project has no data model acme:Absent\/v1/,
    );
  });

  it('imports what is pulled from the package that the project names', async () => {
    const { space, externalId, version } = Feed;
    await new DataModelingApi(project.transport).dataModels.upsert([
      {
        ...{ space: 'acme', externalId: 'Feeds', version: 'v1' },
        views: [{ type: 'view', space, externalId, version }],
      },
    ]);
    const below = join(folder, 'app/models');
    await mkdir(below, { recursive: true });
    const pulled = async (manifest: string, args: readonly string[] = []): Promise<unknown> => {
      await writeFile(join(folder, 'app/package.json'), manifest);
      const { code, out, error } = await models(['pull', 'acme/Feeds', ...args], {}, below);
      return { code, error, module: /from '(.*)'/.exec(out)?.[1] };
    };
    const [own, umbrella] = ['@cdf/data-modeling', '@cdf/sdk/data-modeling'].map((module) => ({
      ...{ code: 0, error: '', module },
    }));
    const both = JSON.stringify({ dependencies: { '@cdf/data-modeling': '1', '@cdf/sdk': '1' } });
    expect(await pulled(both)).toEqual(umbrella);
    expect(await pulled(both, ['--import', '@cdf/data-modeling'])).toEqual(own);
    expect(await pulled('{ "devDependencies": { "@cdf/sdk": "1" } }')).toEqual(umbrella);
    expect(await pulled('{ "dependencies": { "@cdf/data-modeling": "1" } }')).toEqual(own);
    for (const broken of ['{ "dependencies": ', 'null', '{ "dependencies": null }'])
      expect(await pulled(broken)).toEqual(own);
  });

  long('says what is wrong with the command line, and sends nothing', async () => {
    const sent = project.emulator.requests.all().length;
    const wrong: [readonly string[], RegExp][] = [
      [['fetch', 'x'], /unknown command "fetch"; known commands: pull, diff, push/],
      [['pull', 'acme'], /expected SPACE\/MODEL\[\/VERSION\]/],
      [['push', 'a.ts', '--force'], /push: Unknown option '--force'$/m],
      [
        ['diff', join(folder, 'absent.mts')],
        /absent\.mts could not be loaded: the file does not exist$/m,
      ],
    ];
    for (const result of await Promise.all(
      wrong.map(async ([args, text]) => ({ ...(await models(args)), text })),
    )) {
      expect(result).toMatchObject({ code: 1, out: '' });
      expect(result.error).toMatch(result.text);
    }
    expect((await models(['--help'])).out).toMatch(
      /^cdf-models: the views of a project as TypeScript/,
    );
    const unnamed = await models(['pull', 'acme/Plant'], { CDF_PROJECT: '' });
    expect(unnamed.code).toBe(1);
    expect(unnamed.error).toContain('CDF_PROJECT');
    expect(project.emulator.requests.all()).toHaveLength(sent);
  });
});
