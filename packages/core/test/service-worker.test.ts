import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';
import { hasBrowser } from '../../../tooling/browser/launch.mjs';
import { page as openPage } from '../../../tooling/browser/page.js';

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

/** Answers of the service to the worker, by the ends of their paths. */
const ANSWERS: readonly (readonly [path: string, body: object])[] = [
  ['/token', { access_token: 'a', token_type: 'bearer', expires_in: 60 }],
  ['/things', { items: [{ id: 1, name: 'a' }] }],
  ['/things/list', { items: [{ id: 1, name: 'a' }, { id: 2 }] }],
];

async function bundledWorker(): Promise<string> {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  return (await bundled(WORKER, folder, { format: 'iife' })).text;
}

describe('a service worker, which may not import anything later', () => {
  it('has everything in one file', async () => {
    expect(await bundledWorker()).not.toMatch(/\bimport\(/);
  });

  it.runIf(hasBrowser)(
    'signs in, writes and reads',
    async () => {
      await using site = await openPage({
        html: PAGE,
        scripts: new Map([['/worker.js', await bundledWorker()]]),
        answer: ({ url = '' }, response) => {
          const body = ANSWERS.find(([path]) => url.endsWith(path))?.[1];
          if (body === undefined) return false;
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(body));
          return true;
        },
      });
      await site.page.goto(site.origin);
      const said = await (await site.page.waitForSelector('p')).textContent();
      expect(JSON.parse(said ?? '')).toEqual({
        created: [{ id: 1, name: 'a' }],
        listed: [{ id: 1, name: 'a' }, { id: 2 }],
      });
    },
    60_000,
  );
});
