import type { Browser } from 'playwright-core';

/**
 * Whether tests that need a browser run: without one they are skipped, visibly, on a developer's machine; in CI they fail.
 */
export const hasBrowser: boolean;

/**
 * Starts the Chromium that `CHROMIUM` names or that is installed.
 *
 * @param args further switches of its command line
 * @throws {Error} that says what to do when there is none
 */
export function launchChromium(...args: readonly string[]): Promise<Browser>;
