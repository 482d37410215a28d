import type { Browser, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { page } from '../page.js';

/** Sockets that listen, in this process. */
const servers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

/** A browser that opens pages, or does not, and counts how often it is closed. */
function fake(newPage: () => Promise<Page>): { browser: Browser; closed: () => number } {
  let times = 0;
  const close = async (): Promise<void> => {
    times++;
  };
  return { browser: { newPage, close } as unknown as Browser, closed: () => times };
}

it('leaves neither a browser nor a site where no page opens', async () => {
  const before = servers();
  const { browser, closed } = fake(() => Promise.reject(new Error('no page')));
  await expect(page({ html: '' }, async () => browser)).rejects.toThrow('no page');
  expect(closed()).toBe(1);
  await expect.poll(servers).toBeLessThanOrEqual(before);
  const launch = (): Promise<Browser> => Promise.reject(new Error('no browser'));
  await expect(page({ html: '' }, launch)).rejects.toThrow('no browser');
  await expect.poll(servers).toBeLessThanOrEqual(before);
});

it('answers 500 where the answer of a test fails, so that the page does not wait', async () => {
  const { browser, closed } = fake(async () => ({}) as Page);
  const before = servers();
  {
    const answer = (): Promise<boolean> => Promise.reject(new Error('wrong answer'));
    await using site = await page({ html: 'page', answer }, async () => browser);
    const response = await fetch(site.origin.replace('localhost', '127.0.0.1'), {
      signal: AbortSignal.timeout(5000),
    });
    expect([response.status, await response.text()]).toEqual([500, 'Error: wrong answer']);
  }
  expect(closed()).toBe(1);
  await expect.poll(servers).toBeLessThanOrEqual(before);
});
