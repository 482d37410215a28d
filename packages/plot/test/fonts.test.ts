import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { plot } from '@cdf/plot';
import { pngChart } from '@cdf/plot/png';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const font = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
);
const data = {
  name: 'Level in tank 7',
  unit: 'm³',
  timestamps: Float64Array.of(0, 60_000),
  values: Float64Array.of(1, 2),
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-fonts-'));
  await writeFile(join(folder, 'fonts.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * The output of a process without system fonts: their folders are read once, so this process
 * cannot show it.
 */
async function withoutSystemFonts(options: string): Promise<string> {
  const code = `
    import { plot } from '@cdf/plot';
    import { pngChart } from '@cdf/plot/png';
    import { createHash } from 'node:crypto';
    const data = { name: 'Level in tank 7', unit: 'm³', timestamps: Float64Array.of(0, 60_000), values: Float64Array.of(1, 2) };
    try {
      console.log(createHash('sha256').update(await pngChart(plot(data))(${options})).digest('hex'));
    } catch (error) {
      console.log(String(error));
    }`;
  const { stdout } = await run(
    process.execPath,
    ['--conditions=@cdf/source', '--import', 'tsx', '--input-type=module', '--eval', code],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, NODE_OPTIONS: '', FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    },
  );
  return stdout.trim();
}

it('a PNG on a system without fonts is the same picture when it is given one', async () => {
  const here = await pngChart(plot(data))({ fonts: [font] });
  expect(await withoutSystemFonts(JSON.stringify({ fonts: [font] }))).toBe(
    createHash('sha256').update(here).digest('hex'),
  );
  const unnamed = await pngChart(plot({ ...data, name: undefined }))({ fonts: [font] });
  expect(unnamed).not.toEqual(here);
}, 60_000);

it('a PNG on a system without fonts is an error when it is given none', async () => {
  expect(await withoutSystemFonts('{}')).toContain(
    'ConfigError: toPng: this system has no fonts; pass fonts:',
  );
}, 60_000);
