// Says where Chromium is, and installs Debian's package where that is possible. Exits with 1
// without a Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { findChromium } from './find.mjs';

let found = findChromium();
if (found === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words) =>
    spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  found = findChromium();
}
console.log(found ?? 'no Chromium here: install the package chromium, or set CHROMIUM to its path');
process.exitCode = found === undefined ? 1 : 0;
