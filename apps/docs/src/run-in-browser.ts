import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../../tooling/browser/launch.mjs';

interface Module {
  readonly path: string;
  readonly block: { readonly file: string; readonly line: number; readonly code: string };
}

/**
 * Longer than any block takes, on a machine that is busy with other things as well.
 *
 * @unit milliseconds
 */
const LIMIT = 120_000;

/**
 * Runs modules in Chromium, each in a page with a `#chart` of its own. A sign-in page is answered
 * as a person would. The last line of the output is a JSON array of problems.
 */
async function runInBrowser(modules: readonly Module[]): Promise<string[]> {
  const scripts = await bundle(modules.map(({ path }) => path));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const script = scripts.get(pathname.slice(1));
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? page(pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const emulator = await startEmulator({ allowOrigins: [origin], seed: 'plant' });
  const browser = await launchChromium();
  const problems: string[] = [];
  for (const [index, { block }] of modules.entries()) {
    const context = await browser.newContext();
    context.setDefaultTimeout(LIMIT);
    try {
      await prepare(emulator, context);
      await visit(await context.newPage(), `${origin}/${index}`, block.code.includes('.mount('));
    } catch (error) {
      problems.push(
        `${block.file}:${block.line}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    await context.close();
  }
  await browser.close();
  await emulator.close();
  server.close();
  return problems;
}

/**
 * The plant, and the clusters and the identity provider that examples name: both are the emulator.
 */
async function prepare(emulator: Emulator, context: BrowserContext): Promise<void> {
  await emulator.reset();
  const { url, project, clientId } = emulator;
  const token = await emulator.issueToken();
  await context.addInitScript((given) => Object.assign(window, { emulator: given }), {
    url,
    project,
    clientId,
    token,
  });
  await context.route('https://login.microsoftonline.com/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    if (pathname.endsWith('/authorize'))
      await route.fulfill({
        status: 302,
        headers: { location: `${url}/oauth2/authorize${search}` },
      });
    else await route.fulfill({ response: await route.fetch({ url: emulator.tokenUrl }) });
  });
  // `http://127.0.0.1:4100` is where the emulator is when it is started by hand.
  await context.route(
    /^(https:\/\/[^/]+\.cognitedata\.com|http:\/\/127\.0\.0\.1:4100)\//,
    async (route) => {
      const { origin, pathname, search } = new URL(route.request().url());
      const path = pathname.replace('/projects/my-project/', `/projects/${project}/`);
      const response = await route.fetch({ url: url + path + search });
      const isJson = response.headers()['content-type']?.includes('json') === true;
      // A cluster does not hand out links to this machine, which clients refuse.
      const body = isJson
        ? (await response.text()).replaceAll(`"${url}/storage/`, `"${origin}/storage/`)
        : undefined;
      await route.fulfill({ response, ...(body !== undefined && { body }) });
    },
  );
}

/**
 * The page of a block: `/0` is that of the first one. It says when the block has come to its end.
 */
function page(pathname: string): string {
  return `<!doctype html><meta charset="utf-8"><title>A block</title><div id="chart"></div>
<script type="module">import '/block${pathname}.js'; document.body.dataset.done = 'true';</script>`;
}

/**
 * All blocks at once, with shared code in separate files, as an application's bundler would. By
 * name.
 */
async function bundle(paths: readonly string[]): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: paths.map((path, index) => ({ in: path, out: `block/${index}` })),
    outdir: '/',
    conditions: ['@cdf/source'],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/^[^/]*\//, ''), text]));
}

async function visit(page: Page, address: string, draws: boolean): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const failed = new Promise<never>((_, reject) => page.once('pageerror', reject));
  failed.catch(() => undefined);
  await page.goto(address);
  const next = '[data-done], input[name=name]';
  await Promise.race([page.waitForSelector(next, { state: 'attached' }), failed]);
  if (await page.locator('input[name=name]').count()) {
    await page.fill('input[name=name]', 'Ada');
    await page.press('input[name=name]', 'Enter');
    await Promise.race([page.waitForSelector('[data-done]', { state: 'attached' }), failed]);
  }
  if (draws && !(await page.locator('#chart svg').count()))
    throw new Error('#chart has no chart in it');
  if (errors.length > 0) throw new Error(errors.join('; '));
}

const [list = ''] = process.argv.slice(2);
console.log(JSON.stringify(await runInBrowser(JSON.parse(readFileSync(list, 'utf8')) as Module[])));
