import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';

/**
 * The bundle of a program that uses the package.
 *
 * @param splitting looks only at the first load, not at all in one file
 */
async function bundle(
  program: string,
  splitting = false,
): Promise<{ readonly text: string; readonly files: readonly string[]; readonly size: number }> {
  const { text, modules } = await bundled(program, fileURLToPath(new URL('.', import.meta.url)), {
    ...{ splitting, minify: true },
  });
  return { text, files: modules, size: gzipSync(text, { level: 9 }).length };
}

describe('a browser bundle', () => {
  it('keeps the names of errors, though classes are renamed', async () => {
    const { text } = await bundle(
      "import { NotFoundError } from '@cdf/core'; export const error = new NotFoundError('m', { status: 404 });",
    );
    const module = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
      error: Error;
    };
    expect(String(module.error)).toBe('NotFoundError: m');
    expect(module.error.constructor.name).not.toBe('NotFoundError');
  });

  it('has no OAuth code, no testing code and nothing of Node when it uses a token only', async () => {
    const { text, files, size } = await bundle(
      `
      import { createTransport, Token } from '@cdf/core';
      const credentials = new Token(() => fetch('/token').then((answer) => answer.text()));
      export const transport = createTransport({ clientName: 'app', project: 'p', cluster: 'c', credentials });`,
      true,
    );
    console.log(`createTransport with a Token: ${size} bytes gzip`);
    for (const absent of [
      'oauth4webapi',
      'node_modules/ky/',
      'src/http',
      'client-credentials',
      'interactive',
      'device-code',
      'testing',
      'src/node',
      'platform/node',
    ])
      expect(files.filter((file) => file.includes(absent))).toEqual([]);
    const found = ['grant_type', 'code_challenge', 'client_secret', 'process.', 'node:'].filter(
      (word) => text.includes(word),
    );
    expect(found).toEqual([]);
    expect(/\bBuffer\b/.test(text)).toBe(false);
    expect(size).toBeLessThan(9_500);
  });

  it('has the interceptors that it names, and loads nothing first that moves streams', async () => {
    const program = (interceptors: string): string => `
      import { Token, createTransport, compression, tracing, hooks } from '@cdf/core';
      const config = { clientName: 'app', project: 'p', cluster: 'c', credentials: new Token('t') };
      export const transport = createTransport({ ...config, interceptors: [${interceptors}] });`;
    const bare = await bundle(program(''), true);
    const OPTIONAL = /src\/transport\/(interceptors\/(?!chain)|transfer\.ts|body\/stream\.ts)/;
    expect(bare.files.filter((file) => OPTIONAL.test(file))).toEqual([]);
    expect(['CompressionStream', 'onRequest'].filter((word) => bare.text.includes(word))).toEqual(
      [],
    );
    for (const [interceptor, names] of [
      ['compression()', ['compression']],
      ['tracing()', ['outcome', 'tracing']],
      ['hooks({})', ['hooks', 'outcome']],
    ] as const) {
      const { files, size } = await bundle(program(interceptor), true);
      console.log(`  and ${interceptor}: ${size - bare.size} bytes more`);
      const found = files
        .filter((name) => OPTIONAL.test(name))
        .map((name) => /(\w+)\.ts$/.exec(name)?.[1]);
      expect(found.sort()).toEqual(names);
    }
  });

  it('has ky when it imports the entry for it, and no OAuth code by that', async () => {
    const { files, size } = await bundle(`
      import { createTransport, Token } from '@cdf/core';
      import { cdfHttp } from '@cdf/core/http';
      const config = { clientName: 'app', project: 'p', cluster: 'c', credentials: new Token('t') };
      export const http = cdfHttp(createTransport(config));`);
    console.log(`createTransport with cdfHttp: ${size} bytes gzip`);
    expect(files.filter((file) => file.includes('node_modules/ky/')).length).toBeGreaterThan(5);
    expect(files.filter((file) => file.includes('oauth4webapi'))).toEqual([]);
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
    const { text } = await bundle(
      `import { createTransport, OAuthInteractive, Listing } from '@cdf/core';`,
    );
    expect(text).toBe('');
  });

  it('has nothing that prints data, unless it asks for it: then lists print themselves as in Node', async () => {
    const list = "export const list = ResourceList.from([{ id: 1, name: 'Pump \\u001b[31m' }]);";
    const plain = await bundle(`import { ResourceList } from '@cdf/core'; ${list}`);
    const asking = await bundle(
      `import { ResourceList } from '@cdf/core'; import { installPrinting } from '@cdf/core/print'; installPrinting(); ${list}`,
    );
    const code = ['Segmenter', 'not shown', 'inspect.custom', 'Jupyter', 'devtoolsFormatters'];
    for (const word of code) expect(plain.text).not.toContain(word);
    console.log(`printing: ${asking.size - plain.size} bytes more`);
    const run = async ({ text }: typeof plain): Promise<unknown[]> =>
      ((await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { list: unknown[] })
        .list;
    expect(String(await run(plain))).toBe('installPrinting() shows this');
    const shown = await run(asking);
    expect(String(shown)).toBe('id  name\n 1  Pump \\u{1b}[31m\n1 item');
    expect(`${shown.filter(() => false)}`).toBe('0 items');
  });

  it('shows data as text above its members in consoles that take formatters', async () => {
    const { text } = await bundle(`
      import { ResourceList } from '@cdf/core'; import { installPrinting } from '@cdf/core/print';
      globalThis.document = {};
      installPrinting();
      installPrinting();
      export const [formatter, ...others] = globalThis.devtoolsFormatters;
      export const list = ResourceList.from([{ id: 1 }]);
      delete globalThis.document;`);
    const { formatter, others, list } = (await import(
      `data:text/javascript,${encodeURIComponent(text)}`
    )) as {
      formatter: {
        header(value: unknown, config?: object): unknown;
        body(value: unknown): [string, { config: object }];
      };
      others: unknown[];
      list: unknown;
    };
    expect(others).toEqual([]);
    expect(formatter.header(list)).toEqual(['pre', {}, 'id\n 1\n1 item']);
    const [kind, { config }] = formatter.body(list);
    expect([kind, formatter.header(list, config)]).toEqual(['object', null]);
    for (const other of [[1], { toText: () => '' }, null, 'text'])
      expect(formatter.header(other)).toBeNull();
  });
});
