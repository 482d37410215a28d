import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * In the order of the navigation: what users start with first. Packages that are not named stand
 * between the two.
 */
const FIRST = ['sdk', 'sdk-core', 'core', 'assets', 'timeseries', 'datapoints', 'events-files'];
const LAST = ['plot', 'emulator'];

/**
 * Every way into every package, as its manifest says: `@cdf/core/node` and the source file behind
 * it.
 *
 * @param {string} root the workspace's folder
 * @returns {{ specifier: string, source: string, folder: string, description: string }[]}
 */
export function entryPoints(root) {
  const folders = readdirSync(join(root, 'packages')).sort(
    (left, right) => rank(left) - rank(right),
  );
  return folders.flatMap((name) => {
    const folder = join(root, 'packages', name);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object.entries(manifest.exports).flatMap(([entry, target]) =>
      target['@cdf/source'] === undefined
        ? []
        : [
            {
              specifier: manifest.name + entry.slice(1),
              source: join(folder, target['@cdf/source']),
              folder,
              description: manifest.description,
            },
          ],
    );
  });
}

function rank(name) {
  if (FIRST.includes(name)) return FIRST.indexOf(name);
  return FIRST.length + 1 + LAST.indexOf(name);
}
