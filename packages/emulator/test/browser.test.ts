import { type Emulator, startEmulator } from '@cdf/emulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser } from '../../../tooling/browser/launch.mjs';
import { page as openPage, type SitePage } from '../../../tooling/browser/page.js';
import { clientOf, type Json } from './helpers.js';

/** Everything that a page can try without being let in; each attempt says what came of it. */
const ATTEMPTS = `async ({ url, api, control }) => {
  const results = {};
  const attempt = async (name, run) => {
    try { results[name] = await run(); } catch (error) { results[name] = 'blocked: ' + error.name; }
  };
  const read = async (response) => response.type + ' ' + (await response.text());
  const json = { 'api-key': 'emulator-key', 'content-type': 'application/json' };
  const body = JSON.stringify({ items: [{ name: 'evil' }] });
  await attempt('read', async () => read(await fetch(api + '/assets', { headers: { 'api-key': 'emulator-key' } })));
  await attempt('simple read', async () => read(await fetch(url + '/login/status')));
  await attempt('opaque read', async () => read(await fetch(url + '/login/status', { mode: 'no-cors' })));
  await attempt('write', async () => read(await fetch(api + '/assets', { method: 'POST', headers: json, body })));
  await attempt('simple write', async () => read(await fetch(api + '/assets', { method: 'POST', mode: 'no-cors', body })));
  await attempt('token', async () => read(await fetch(url + '/oauth2/token', { method: 'POST', body: new URLSearchParams({
    grant_type: 'client_credentials', client_id: 'emulator-client', client_secret: 'emulator-secret' }) })));
  await attempt('reset', async () => read(await fetch(url + '/_emulator/reset', { method: 'POST', headers: { 'x-control-token': control } })));
  await attempt('simple reset', async () => read(await fetch(url + '/_emulator/reset', { method: 'POST', mode: 'no-cors' })));
  await attempt('beacon', async () => String(navigator.sendBeacon(url + '/_emulator/reset', 'x')));
  await attempt('form', async () => {
    document.body.innerHTML = '<iframe name=target></iframe><form target=target method=post action="' + url + '/oauth2/activate"><input name=user_code value=x></form>';
    const loaded = new Promise((resolve) => document.querySelector('iframe').addEventListener('load', resolve));
    document.forms[0].submit();
    await loaded;
    return document.querySelector('iframe').contentDocument === null ? 'unreadable' : 'readable';
  });
  return results;
}`;

describe.runIf(hasBrowser)('a page in Chromium', () => {
  let emulator: Emulator;
  let site: SitePage;
  let page: Page;
  const addresses = (): { url: string; api: string; control: string } => ({
    url: emulator.url,
    api: `${emulator.url}/api/v1/projects/emulator`,
    control: emulator.controlToken,
  });
  const siteUrl = (): string => `${site.origin}/`;

  beforeAll(async () => {
    emulator = await startEmulator({ seed: 'small' });
    site = await openPage({ html: '<!doctype html><title>page</title><body></body>' });
    page = site.page;
  });

  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator?.close();
  });

  it('on another origin can neither read, change nor reset anything', async () => {
    const { post } = clientOf(emulator, fetch);
    await post('/assets', { items: [{ name: 'kept', externalId: 'kept' }] });
    const written = emulator.writes.length;
    await page.goto(siteUrl());
    const results = (await page.evaluate(`(${ATTEMPTS})(${JSON.stringify(addresses())})`)) as Json;
    for (const name of ['read', 'simple read', 'write', 'token', 'reset'])
      expect(results[name]).toBe('blocked: TypeError');
    for (const name of ['opaque read', 'simple write', 'simple reset'])
      expect(results[name]).toMatch(/^(opaque $|blocked)/);
    expect(results.form).toBe('unreadable');
    expect(emulator.writes.length).toBe(written);
    expect((await post('/assets/byids', { items: [{ externalId: 'kept' }] })).status).toBe(200);
    const fromPage = emulator.requests
      .all()
      .filter(({ headers }) => headers.origin === siteUrl().slice(0, -1));
    expect(fromPage.length).toBeGreaterThan(0);
    expect(fromPage.every(({ status }) => status === 403)).toBe(true);
  });

  it('that was allowed can read', async () => {
    const origin = siteUrl().slice(0, -1);
    await using open = await startEmulator({ seed: 'small', allowOrigins: [origin] });
    await page.goto(siteUrl());
    const names = await page.evaluate(async (api) => {
      const response = await fetch(`${api}/assets`, { headers: { 'api-key': 'emulator-key' } });
      const { items } = (await response.json()) as { items: { name: string }[] };
      return [response.headers.get('x-request-id') !== null, ...items.map(({ name }) => name)];
    }, `${open.url}/api/v1/projects/emulator`);
    expect(names.slice(0, 3)).toEqual([true, 'Water works', 'Pumping station']);
  });

  it('lets a person sign in', async () => {
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: emulator.clientId,
      redirect_uri: `${siteUrl()}callback`,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'kept',
    });
    await page.goto(`${emulator.issuer}/authorize?${query}`);
    await page.getByLabel('Name').fill('Ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/callback/);
    const back = new URL(page.url()).searchParams;
    expect(back.get('state')).toBe('kept');
    const form = {
      grant_type: 'authorization_code',
      client_id: emulator.clientId,
      redirect_uri: `${siteUrl()}callback`,
    };
    const secret = {
      code: back.get('code') ?? '',
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    };
    const response = await fetch(emulator.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ ...form, ...secret }),
    });
    expect(response.status).toBe(200);
  });
});
