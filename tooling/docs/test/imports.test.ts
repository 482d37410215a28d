import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { blocksOf } from '../blocks.mjs';

const GUIDES = fileURLToPath(new URL('../../../apps/docs/guides', import.meta.url));
/** Guides with a part about single packages, which a reader of that part installs. */
const ABOUT_PACKAGES = ['architecture.md', 'browser-apps.md', 'plotting.md'];

it('guides import from what a project has that installed the full client, and the emulator', () => {
  const foreign = readdirSync(GUIDES)
    .filter((name) => name.endsWith('.md') && !ABOUT_PACKAGES.includes(name))
    .flatMap((name) =>
      (blocksOf(name, readFileSync(join(GUIDES, name), 'utf8')) as { readonly code: string }[])
        .flatMap(({ code }) => [...code.matchAll(/from '(@cdf\/[^/']+)/g)].map(([, from]) => from))
        .filter((from) => from !== '@cdf/sdk' && from !== '@cdf/emulator')
        .map((from) => `${name}: ${from}`),
    );
  expect(foreign).toEqual([]);
});
