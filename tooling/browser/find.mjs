import { existsSync } from 'node:fs';
import process from 'node:process';

/**
 * Where Chromium is: at `CHROMIUM`, or where Debian, Ubuntu and Google put it.
 *
 * @param {string | undefined} [named]
 * @param {(place: string) => boolean} [exists]
 * @returns {string | undefined}
 */
export function findChromium(named = process.env.CHROMIUM, exists = existsSync) {
  const places = [
    named,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return places.find((place) => place !== undefined && exists(place));
}
