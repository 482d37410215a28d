import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';
import { hasBrowser } from '../../../tooling/browser/launch.mjs';
import { page as openPage, type SitePage } from '../../../tooling/browser/page.js';
import { type IdentityProvider, startIdentityProvider } from './helpers/identity-provider.js';
import { eventually } from './helpers/server.js';

/** The code of an application. `mode` is the page's own query. */
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
else if (new URLSearchParams(location.search).has('popup')) {
  const transport = connect(popupWindow({ redirectUri: '/done' }));
  document.getElementById('go').onclick = () => ask(transport).catch((error) => show(String(error)));
} else ask(connect(pageWindow({ redirectUri: '/' }), webTokenStore(sessionStorage))).catch((error) => show(String(error)));
`;

describe.runIf(hasBrowser)('signing in with a page in Chromium', () => {
  let identity: IdentityProvider;
  let site: SitePage;
  const scripts = new Map<string, string>();
  const html =
    '<!doctype html><button id=go>Go</button><p id=out></p><script type=module src=/page.js></script>';

  beforeAll(async () => {
    site = await openPage({
      html,
      scripts,
      answer: async ({ url, headers }, response) => {
        if (!url?.startsWith('/api/')) return false;
        const token = await identity.provider.AccessToken.find(
          headers.authorization?.replace('Bearer ', '') ?? '',
        );
        response.writeHead(token === undefined ? 401 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ for: token?.clientId }));
        return true;
      },
    });
    identity = await startIdentityProvider(site.origin);
    const define = { ISSUER: JSON.stringify(identity.issuer) };
    const { text } = await bundled(PAGE, fileURLToPath(new URL('.', import.meta.url)), { define });
    scripts.set('/page.js', text);
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await identity?.[Symbol.asyncDispose]();
  });

  /** The provider's own forms: a login, then a consent. */
  const fillIn = async (page: Page): Promise<void> => {
    await page.fill('input[name=login]', 'ada');
    await page.fill('input[name=password]', 'any');
    await page.click('[type=submit]');
    await page.waitForSelector('text=Authorize');
    await page.click('[type=submit]');
  };

  it('works by leaving the page and coming back, and then removes the code from the URL', async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.origin}/?kept=1`);
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
    const context = await site.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.origin}/?popup=1`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('#go')]);
    await popup.waitForSelector('input[name=login]');
    await fillIn(popup);
    await page.waitForSelector('text=client web,web,web');
    await eventually(() => popup.isClosed()).toBe(true);
    expect(page.url()).toBe(`${site.origin}/?popup=1`);
    await context.close();
  });

  it('fails when the person closes the window, and can be tried again', async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.origin}/?popup=1`);
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
