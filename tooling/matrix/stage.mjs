import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { launchChromium } from '../browser/launch.mjs';

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
};

/**
 * Chromium, a server of the project's folder, and the project's own emulator, which lets that
 * server's pages in. They start with the first visit.
 *
 * @typedef {ReturnType<typeof createStage>} Stage
 * @param {string} project
 */
export function createStage(project) {
  let started;
  return {
    /**
     * Opens a page, and gives what `look` found there and what the page complained of.
     *
     * @template T
     * @param {string} path
     * @param {(page: import('playwright-core').Page) => Promise<T>} look
     * @returns {Promise<T & { problems: string[] }>}
     */
    async visit(path, look) {
      started ??= start(project);
      const { browser, origin } = await started;
      const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
      const problems = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      try {
        await page.goto(origin + path);
        return { ...(await look(page)), problems };
      } catch (error) {
        throw new Error([error.message, ...problems].join('\n'));
      } finally {
        await page.close();
      }
    },
    async close() {
      await (await started?.catch(() => undefined))?.close();
    },
  };
}

async function start(project) {
  let config = '{}';
  const server = createServer(
    (request, response) => void answer(project, () => config, request, response),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const emulator = spawn(process.execPath, ['serve.mjs', origin], {
    cwd: project,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  [config] = await once(createInterface(emulator.stdout), 'line');
  const browser = await launchChromium();
  return {
    browser,
    origin,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      emulator.stdin.end();
      await once(emulator, 'close');
    },
  };
}

async function answer(project, config, request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  try {
    const body = path === '/config.json' ? config() : await readFile(join(project, path));
    response
      .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
      .end(body);
  } catch {
    response.writeHead(404).end();
  }
}
