import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../../tooling/browser/launch.mjs';

/**
 * Signs in, reads and writes: each of them has a part that is loaded late where that is possible.
 */
const WORKER = `
import { configFromObject, createTransport } from '@cdf/core';
import { ResourceApi } from '@cdf/core/resource';
const { origin } = self.location;
const config = configFromObject({
  clientName: 'worker', project: 'p', baseUrl: origin, clientId: 'i', clientSecret: 's', tokenUrl: origin + '/token',
});
const things = new ResourceApi(createTransport(config), {
  path: '/things', noun: 'things', fields: { name: 'required' },
});
self.addEventListener('message', (event) => event.waitUntil((async () => {
  try {
    const created = await things.create([{ name: 'a' }]);
    const listed = await things.list({});
    event.source.postMessage(JSON.stringify({ created, listed }));
  } catch (error) {
    event.source.postMessage(String(error));
  }
})()));
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
`;

const PAGE = `<!doctype html><title>page</title><script type="module">
navigator.serviceWorker.addEventListener('message', ({ data }) => document.body.append(Object.assign(document.createElement('p'), { textContent: data })));
await navigator.serviceWorker.register('/worker.js');
(await navigator.serviceWorker.ready).active.postMessage('go');
</script><body></body>`;

async function bundledWorker(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    conditions: ['@cdf/source'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

describe('a service worker, which may not import anything later', () => {
  it('has everything in one file', async () => {
    expect(await bundledWorker()).not.toMatch(/\bimport\(/);
  });

  it.runIf(hasBrowser)(
    'signs in, writes and reads',
    async () => {
      const worker = await bundledWorker();
      const server = createServer((request, response) => {
        const json = (body: unknown): void => {
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        };
        if (request.url === '/worker.js')
          response.writeHead(200, { 'content-type': 'text/javascript' }).end(worker);
        else if (request.url === '/token')
          json({ access_token: 'a', token_type: 'bearer', expires_in: 60 });
        else if (request.url?.endsWith('/things')) json({ items: [{ id: 1, name: 'a' }] });
        else if (request.url?.endsWith('/things/list'))
          json({ items: [{ id: 1, name: 'a' }, { id: 2 }] });
        else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
        const said = await (await page.waitForSelector('p')).textContent();
        expect(JSON.parse(said ?? '')).toEqual({
          created: [{ id: 1, name: 'a' }],
          listed: [{ id: 1, name: 'a' }, { id: 2 }],
        });
      } finally {
        await browser.close();
        server.closeAllConnections();
        server.close();
      }
    },
    60_000,
  );
});
