import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => place !== undefined && existsSync(place));

/** Without a browser these tests are skipped, visibly, on a developer's machine; in CI they fail instead. */
export const noChromium: boolean = executablePath === undefined && process.env.CI !== 'true';

export function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium: install it, or set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
