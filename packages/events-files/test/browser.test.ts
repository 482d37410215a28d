import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Emulator, type Fault, startEmulator } from '@cdf/emulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';
import { hasBrowser } from '../../../tooling/browser/launch.mjs';
import { page as openPage, type SitePage } from '../../../tooling/browser/page.js';

/** The code of an application, and a digest of its own to compare bytes by. */
const PAGE = `
import { createTransport, Token } from '@cdf/core';
import { FilesApi } from '@cdf/events-files/files';
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const digest = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes));
const sources = {
  Blob: (bytes) => new Blob([bytes]),
  ArrayBuffer: (bytes) => bytes.slice().buffer,
  Uint8Array: (bytes) => bytes,
  ReadableStream: (bytes) => new Blob([bytes]).stream(),
  sizedStream: (bytes) => new Blob([bytes]).stream(),
  factory: (bytes) => () => new Blob([bytes]).stream(),
};
window.connect = (baseUrl, project, token) => {
  const settings = { clientName: 'browser', project, baseUrl, credentials: new Token(token), timeoutMs: 2000, retry: { backoffLimitMs: 20 } };
  window.files = new FilesApi(createTransport(settings));
};
window.trip = async (kind, size, partSize) => {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = index * 31 + (index >> 8);
  const stated = kind.startsWith('sized') ? { size } : {};
  const stored = await files.upload(sources[kind](bytes), { name: kind }, { partSize, ...stated });
  const back = await files.download({ id: stored.id });
  return { uploaded: stored.uploaded, same: back.length === size && (await digest(back)) === (await digest(bytes)) };
};
window.upFromInput = async () => {
  const [file] = document.querySelector('input').files;
  const seen = [];
  const stored = await files.upload(file, {}, { onProgress: (done, total) => seen.push([done, total]) });
  const stream = await files.downloadStream({ id: stored.id }, { onProgress: (done, total) => seen.push([done, total]) });
  const blob = await new Response(stream).blob();
  const same = (await digest(await file.arrayBuffer())) === (await digest(await blob.arrayBuffer()));
  return { name: stored.name, mimeType: stored.mimeType, same, last: seen.at(-1), size: blob.size };
};
`;

describe.runIf(hasBrowser)('files in Chromium', () => {
  const MIB = 1024 * 1024;
  let emulator: Emulator;
  let site: SitePage;
  let page: Page;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cdf-browser-'));
    const { text } = await bundled(PAGE, fileURLToPath(new URL('.', import.meta.url)));
    site = await openPage({
      html: '<!doctype html><title>files</title><input type=file><script type=module src=/page.js></script>',
      scripts: new Map([['/page.js', text]]),
    });
    emulator = await startEmulator({ allowOrigins: [site.origin] });
    page = site.page;
    await page.goto(site.origin);
    await page.waitForFunction('window.connect !== undefined');
    const settings = [emulator.url, emulator.project, await emulator.issueToken()];
    await page.evaluate(`connect(...${JSON.stringify(settings)})`);
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await emulator?.close();
    await rm(folder, { recursive: true });
  });

  const trip = (kind: string, size: number): Promise<unknown> =>
    page.evaluate(`trip(${JSON.stringify(kind)}, ${size}, ${5 * MIB + 1})`);

  const isLong = process.env.CDF_TEST_LONG === '1';
  const kinds = ['Blob', 'ArrayBuffer', 'Uint8Array', 'ReadableStream', 'sizedStream', 'factory'];
  it.each(kinds)('come back as they were: %s', async (kind) => {
    const sizes = isLong || kind === 'Blob' ? [0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 2] : [0, 1];
    for (const size of sizes)
      expect(await trip(kind, size)).toEqual({ uploaded: true, same: true });
  });

  const faults: readonly [string, Fault][] = [
    ['503 on the way up', { method: 'PUT', status: 503 }],
    ['a reset on the way up', { method: 'PUT', resetBeforeBody: true }],
    ['503 on the way down', { method: 'GET', status: 503 }],
    ['a cut body', { method: 'GET', cutBodyAfterBytes: MIB }],
    ['a stalled body', { method: 'GET', stallBodyAfterBytes: MIB }],
  ];
  it.each(faults)('survive %s', async (_, fault) => {
    emulator.faults.add({ ...fault, path: '/storage/*' });
    expect(await trip('Blob', isLong ? 5 * MIB : 2 * MIB)).toEqual({ uploaded: true, same: true });
    expect(emulator.faults.all()[0]?.struck).toBe(1);
    emulator.faults.clear();
  });

  it('go up from an input element and down as a Blob, with progress', async () => {
    const path = join(folder, 'reading.csv');
    await writeFile(path, 'time,value\n'.repeat(1000));
    await page.setInputFiles('input', path);
    const size = 11_000;
    expect(await page.evaluate('upFromInput()')).toEqual({
      name: 'reading.csv',
      mimeType: 'text/csv',
      same: true,
      last: [size, size],
      size,
    });
  });
});
