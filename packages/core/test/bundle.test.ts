import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a browser gets of a program that uses the package. */
async function bundle(program: string): Promise<{ text: string; files: string[]; size: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    conditions: ['@cdf/source'],
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const text = outputFiles[0]?.text ?? '';
  return { text, files: files.map(([file]) => file), size: gzipSync(text, { level: 9 }).length };
}

describe('a browser bundle', () => {
  it('keeps the names of errors, though classes are renamed', async () => {
    const { text } = await bundle(
      "import { NotFoundError } from '@cdf/core'; export const error = new NotFoundError('m', { status: 404 });",
    );
    const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { error: Error };
    expect(String(module.error)).toBe('NotFoundError: m');
    expect(module.error.constructor.name).not.toBe('NotFoundError');
  });

  it('has no OAuth code, no testing code and nothing of Node when it uses a token only', async () => {
    const { text, files, size } = await bundle(`
      import { createTransport, Token } from '@cdf/core';
      const credentials = new Token(() => fetch('/token').then((answer) => answer.text()));
      export const transport = createTransport({ clientName: 'app', project: 'p', cluster: 'c', credentials });`);
    console.log(`createTransport with a Token: ${size} bytes gzip`);
    for (const absent of [
      'oauth4webapi',
      'client-credentials',
      'interactive',
      'device-code',
      'testing',
      'src/node',
      'platform/node',
    ])
      expect(files.filter((file) => file.includes(absent))).toEqual([]);
    const found = ['grant_type', 'code_challenge', 'client_secret', 'process.', 'node:'].filter((word) =>
      text.includes(word),
    );
    expect(found).toEqual([]);
    expect(/\bBuffer\b/.test(text)).toBe(false);
    expect(size).toBeLessThan(10_200);
  });

  it('has what a transport is made of, and only the parts that it names', async () => {
    const program = (parts: string): string => `
      import { Token } from '@cdf/core';
      import { createTransport, compression, tracing, transfers } from '@cdf/core/transport';
      const config = { clientName: 'app', project: 'p', cluster: 'c', credentials: new Token('t') };
      export const transport = createTransport(config, [${parts}]);`;
    const bare = await bundle(program(''));
    console.log(`createTransport of @cdf/core/transport with a Token: ${bare.size} bytes gzip`);
    const PARTS = /src\/transport\/(interceptors\/|transfer\.ts)/;
    expect(bare.files.filter((file) => PARTS.test(file))).toEqual([]);
    expect(['CompressionStream', 'onRequest', 'storage address'].filter((word) => bare.text.includes(word))).toEqual(
      [],
    );
    expect(bare.size).toBeLessThan(8_500);
    for (const [part, file] of [
      ['compression()', 'compression'],
      ['tracing({})', 'tracing'],
      ['transfers()', 'transfer'],
    ] as const) {
      const { files, size } = await bundle(program(part));
      console.log(`  and ${part}: ${size - bare.size} bytes more`);
      expect(files.filter((name) => PARTS.test(name))).toHaveLength(1);
      expect(files.some((name) => PARTS.test(name) && name.endsWith(`/${file}.ts`))).toBe(true);
    }
  });

  it('has one grant when it uses one', async () => {
    const { text, size } = await bundle(`
      import { createTransport, OAuthClientCredentials } from '@cdf/core';
      export const start = (options) => createTransport({ ...options, credentials: new OAuthClientCredentials(options) });`);
    console.log(`createTransport with OAuthClientCredentials: ${size} bytes gzip`);
    const grants = ['client_credentials', 'device_code', 'code_challenge', 'refresh_token='];
    expect(grants.filter((word) => text.includes(word))).toEqual(['client_credentials']);
  });

  it('is empty when it imports something and uses nothing', async () => {
    const { text } = await bundle(`import { createTransport, OAuthInteractive, Listing } from '@cdf/core';`);
    expect(text).toBe('');
  });
});
