import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, launchChromium } from '../../../tooling/browser/launch.mjs';
import { type IdentityProvider, startIdentityProvider } from './helpers/identity-provider.js';
import { eventually } from './helpers/server.js';

/** What an application would write. `mode` is the page's own query. */
const PAGE = `
import { createTransport, OAuthInteractive, pageWindow, popupWindow, completePopup, webTokenStore } from '@cdf/core';
const settings = { issuer: ISSUER, clientId: 'web', scopes: ['openid', 'offline_access', 'cdf'] };
const show = (text) => { document.getElementById('out').textContent = text; };
const connect = (window, store) => createTransport({
  clientName: 'browser', project: 'p', baseUrl: location.origin,
  credentials: new OAuthInteractive({ ...settings, window, store }),
});
const ask = async (transport) => {
  const calls = await Promise.all([1, 2, 3].map(() => transport.request({ method: 'GET', path: '/assets', idempotent: true })));
  show('client ' + calls.map((call) => call.for).join(','));
};
if (location.pathname === '/done') completePopup();
else if (document.title === 'popup') {
  const transport = connect(popupWindow({ redirectUri: '/done' }));
  document.getElementById('go').onclick = () => ask(transport).catch((error) => show(String(error)));
} else ask(connect(pageWindow({ redirectUri: '/' }), webTokenStore(sessionStorage))).catch((error) => show(String(error)));
`;

describe.runIf(hasBrowser)('signing in with a page in Chromium', () => {
  let identity: IdentityProvider;
  let browser: Browser;
  let origin: string;
  let script = '';
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else if (pathname.startsWith('/api/')) {
      const token = await identity.provider.AccessToken.find(
        request.headers.authorization?.replace('Bearer ', '') ?? '',
      );
      response.writeHead(token === undefined ? 401 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ for: token?.clientId }));
    } else {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        `<!doctype html><title>${searchParams.has('popup') ? 'popup' : 'page'}</title><button id=go>Go</button><p id=out></p><script type=module src=/page.js></script>`,
      );
    }
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    identity = await startIdentityProvider(origin);
    const built = await build({
      stdin: { contents: PAGE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      define: { ISSUER: JSON.stringify(identity.issuer) },
      conditions: ['@cdf/source'],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
    });
    script = built.outputFiles[0]?.text ?? '';
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await identity?.[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  /** The provider's own forms: a login, then a consent. */
  const fillIn = async (page: Page): Promise<void> => {
    await page.fill('input[name=login]', 'ada');
    await page.fill('input[name=password]', 'any');
    await page.click('[type=submit]');
    await page.waitForSelector('text=Authorize');
    await page.click('[type=submit]');
  };

  it('works by leaving the page and coming back, after which the code is gone from the address', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${origin}/?kept=1`);
    await fillIn(page);
    await page.waitForSelector('text=client web,web,web');
    expect(new URL(page.url()).search).toBe('');
    const before = identity.requests.filter((request) => request === 'GET /auth').length;
    await page.reload();
    await page.waitForSelector('text=client web,web,web');
    expect(identity.requests.filter((request) => request === 'GET /auth')).toHaveLength(before);
    await context.close();
  });

  it('works in a window of its own, which closes, while the page stays', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${origin}/?popup=1`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await popup.waitForSelector('input[name=login]');
    await fillIn(popup);
    await page.waitForSelector('text=client web,web,web');
    await eventually(() => popup.isClosed()).toBe(true);
    expect(page.url()).toBe(`${origin}/?popup=1`);
    await context.close();
  });

  it('fails when the person closes the window, and can be tried again', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${origin}/?popup=1`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await popup.waitForSelector('input[name=login]');
    await popup.close();
    await page.waitForSelector('text=the window was closed');
    const [again] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await fillIn(again);
    await page.waitForSelector('text=client web,web,web');
    await context.close();
  });
});
