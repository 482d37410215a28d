import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a program that imports this has in it, by file and as text. */
async function bundle(contents: string): Promise<{ files: string[]; text: string }> {
  const options: BuildOptions = {
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    conditions: ['@cdf/source'],
    bundle: true,
    minify: true,
    logLevel: 'silent',
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  };
  const { outputFiles, metafile } = await build({ ...options, metafile: true, write: false });
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { files: files.map(([file]) => file), text: outputFiles[0]?.text ?? '' };
}

describe('a bundle', () => {
  it.each([
    ['@cdf/events-files/events', "export { EventsApi, assetEvents } from '@cdf/events-files/events';"],
    ['@cdf/events-files', "export { EventsApi, assetEvents } from '@cdf/events-files';"],
  ])('of events alone, from %s, has no code for files', async (_, contents) => {
    const { files, text } = await bundle(contents);
    const own = files.filter((file) => file.includes('events-files/src'));
    expect(own.some((file) => file.endsWith('/events-api.ts'))).toBe(true);
    expect(
      own.filter((file) => /file|upload|download|node/.test(file.split('events-files/src/')[1] as string)),
    ).toEqual([]);
    expect(/uploadUrl|downloadUrl|"\/files/.test(text)).toBe(false);
  });

  it('of files without /node imports nothing of Node', async () => {
    const { files, text } = await bundle("export { FilesApi, UploadSession } from '@cdf/events-files';");
    expect(files.some((file) => file.endsWith('/upload/put-parts.ts'))).toBe(true);
    expect(files.filter((file) => file.includes('events-files/src/node/') || file.includes('mrmime'))).toEqual([]);
    // As counts: a bundle in a message helps nobody.
    expect(text.split('node:').length - 1).toBe(0);
    expect(text.split('"/events"').length - 1).toBe(0);
  });

  it('is empty when nothing of it is used', async () => {
    const { text } = await bundle("import '@cdf/events-files';");
    expect(text.trim()).toBe('');
  });
});
