import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Bundled, bundled } from '../../../tooling/browser/bundled.js';
import { FakeFiles } from './fake-files.js';

/** The bundle of a program that imports this. */
const bundle = (contents: string, options = {}): Promise<Bundled> =>
  bundled(contents, fileURLToPath(new URL('.', import.meta.url)), {
    ...{ minify: true, logLevel: 'silent' },
    ...options,
  });

describe('a bundle', () => {
  it.each([
    [
      '@cdf/events-files/events',
      "export { EventsApi, assetEvents } from '@cdf/events-files/events';",
    ],
    ['@cdf/events-files', "export { EventsApi, assetEvents } from '@cdf/events-files';"],
  ])('of events alone, from %s, has no code for files', async (_, contents) => {
    const { modules: files, text } = await bundle(contents);
    const own = files.filter((file) => file.includes('events-files/src'));
    expect(own.some((file) => file.endsWith('/events-api.ts'))).toBe(true);
    expect(
      own.filter((file) =>
        /file|upload|download|node/.test(file.split('events-files/src/')[1] as string),
      ),
    ).toEqual([]);
    expect(/uploadUrl|downloadUrl|"\/files/.test(text)).toBe(false);
  });

  it('of files without /node imports nothing of Node', async () => {
    const { modules: files, text } = await bundle(
      "export { FilesApi, UploadSession } from '@cdf/events-files';",
    );
    expect(files.some((file) => file.endsWith('/upload/multipart.ts'))).toBe(true);
    expect(
      files.filter((file) => file.includes('events-files/src/node/') || file.includes('mrmime')),
    ).toEqual([]);
    // As counts: a bundle in a message does not help.
    expect(text.split('node:').length - 1).toBe(0);
    expect(text.split('"/events"').length - 1).toBe(0);
  });

  it('in chunks has what moves bytes apart from what a program needs that only lists files', async () => {
    const { modules, metafile } = await bundle(
      "import { FilesApi } from '@cdf/events-files'; export const api = (t) => new FilesApi(t).list();",
      { splitting: true },
    );
    const own = modules.filter((file) => file.includes('events-files/src/'));
    expect(own.some((file) => file.endsWith('/files-api.ts'))).toBe(true);
    // Two small classes that programs name themselves are where both sides find them.
    const named = ['upload/session.ts'];
    const moving = own
      .map((file) => file.split('events-files/src/')[1] as string)
      .filter((file) => file.includes('load'));
    expect(moving.filter((file) => !named.includes(file))).toEqual([]);
    const all = Object.values(metafile.outputs).flatMap((chunk) => Object.keys(chunk.inputs));
    expect(all.some((file) => file.endsWith('/upload/multipart.ts'))).toBe(true);
    expect(all.some((file) => file.endsWith('/download/file-stream.ts'))).toBe(true);
  });

  it('in one file works without further ones', async () => {
    const { text } = await bundle("export { FilesApi } from '@cdf/events-files';");
    const { FilesApi } = await import(
      `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
    );
    const fake = new FakeFiles();
    const files = new FilesApi(fake.transport);
    const { id } = await files.upload(new Blob(['text']), { name: 'a.txt' });
    expect(new TextDecoder().decode(await files.download({ id }))).toBe('text');
  });

  it('is empty when nothing of it is used', async () => {
    const { text } = await bundle("import '@cdf/events-files';");
    expect(text.trim()).toBe('');
  });
});
