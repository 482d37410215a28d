import process from 'node:process';
import { chromium } from 'playwright-core';
import { findChromium } from './find.mjs';

export const hasBrowser = findChromium() !== undefined || process.env.CI === 'true';

export function launchChromium(...args) {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error(
      'no Chromium: run node tooling/browser/chromium.mjs, or set CHROMIUM to its path',
    );
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
