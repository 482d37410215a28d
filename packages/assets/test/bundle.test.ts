import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('is all that a program with AssetsApi and a token has in it', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { AssetsApi } from '@cdf/assets';
        import { createTransport, Token } from '@cdf/core';
        const credentials = new Token('t');
        const transport = createTransport({ clientName: 'app', project: 'p', cluster: 'c', credentials });
        export const assets = new AssetsApi(transport);`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    conditions: ['@cdf/source'],
    ...{
      bundle: true,
      minify: true,
      metafile: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
    },
  });
  const text = outputFiles[0]?.text ?? '';
  console.log(`AssetsApi with a Token: ${gzipSync(text, { level: 9 }).length} bytes gzip`);
  const resources = ['/events', '/files', '/timeseries', '/data', 'datapoints'];
  const traces = [...resources, 'protobuf', 'varint', 'plot', '<svg', 'grant_type'];
  expect(traces.filter((word) => text.includes(word))).toEqual([]);
  expect(text).toContain('/assets');
  const [output] = Object.values(metafile.outputs);
  const packages = Object.entries(output?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  );
  expect(packages.filter(([file]) => /protobuf|codec|wire-reader/.test(file))).toEqual([]);
  const own = packages
    .map(([file]) => /packages\/([^/]+)\/src/.exec(file)?.[1])
    .filter((name) => name !== undefined);
  expect(new Set(own)).toEqual(new Set(['assets', 'core']));
});
