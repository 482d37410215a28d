import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';

it('is all that a program with AssetsApi and a token has in it', async () => {
  const { text, modules } = await bundled(
    `
      import { AssetsApi } from '@cdf/assets';
      import { createTransport, Token } from '@cdf/core';
      const credentials = new Token('t');
      const transport = createTransport({ clientName: 'app', project: 'p', cluster: 'c', credentials });
      export const assets = new AssetsApi(transport);`,
    fileURLToPath(new URL('.', import.meta.url)),
    { minify: true },
  );
  console.log(`AssetsApi with a Token: ${gzipSync(text, { level: 9 }).length} bytes gzip`);
  const resources = ['/events', '/files', '/timeseries', '/data', 'datapoints'];
  const traces = [...resources, 'protobuf', 'varint', 'plot', '<svg', 'grant_type'];
  expect(traces.filter((word) => text.includes(word))).toEqual([]);
  expect(text).toContain('/assets');
  expect(modules.filter((file) => /protobuf|codec|wire-reader/.test(file))).toEqual([]);
  const own = modules
    .map((file) => /packages\/([^/]+)\/src/.exec(file)?.[1])
    .filter((name) => name !== undefined);
  expect(new Set(own)).toEqual(new Set(['assets', 'core']));
});
