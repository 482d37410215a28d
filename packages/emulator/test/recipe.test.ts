import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEmulator } from '@cdf/emulator';
import { expect, it } from 'vitest';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const FOLDER = fileURLToPath(new URL('..', import.meta.url));

it('the recipe for the official JavaScript client runs as it is written', async () => {
  const recipe = /```js tested\n([^`]*@cognite\/sdk[^`]*)```/.exec(README)?.[1] ?? '';
  expect(recipe).toContain('new CogniteClient(');
  await using emulator = await startEmulator({ seed: 'small' });
  const env = {
    PATH: process.env.PATH,
    CDF_URL: emulator.url,
    CDF_PROJECT: emulator.project,
    CDF_TOKEN_URL: emulator.tokenUrl,
    CDF_CLIENT_ID: emulator.clientId,
    CDF_CLIENT_SECRET: emulator.clientSecret,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', recipe],
    {
      cwd: FOLDER,
      env,
    },
  );
  expect(stdout).toContain('Pumping station');
});
