import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How each package is installed from tarballs: the command names the package and every other one of
 * ours that it needs, however far down, since no registry has them.
 *
 * @param {string} root the workspace's folder
 * @param {Record<string, string>} tarballs by the package's name
 * @returns {Record<string, string[]>} the words after `npm install`, by the package's name
 * @throws {Error} when a package needs one that has no tarball
 */
export function installCommands(root, tarballs) {
  const needs = Object.fromEntries(
    Object.keys(tarballs).map((name) => {
      const folder = name.slice(name.indexOf('/') + 1);
      const manifest = JSON.parse(
        readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
      );
      const optional = Object.entries(manifest.peerDependenciesMeta ?? {}).flatMap(
        ([peer, meta]) => (meta.optional ? [peer] : []),
      );
      const all = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies });
      return [
        name,
        all.flatMap(([needed, range]) =>
          isOurs(range) && !optional.includes(needed) ? [needed] : [],
        ),
      ];
    }),
  );
  return Object.fromEntries(
    Object.keys(tarballs).map((name) => {
      const wanted = new Set([name]);
      for (const each of wanted)
        for (const needed of needs[each]) {
          if (tarballs[needed] === undefined)
            throw new Error(`${each} needs ${needed}, which has no tarball`);
          wanted.add(needed);
        }
      return [name, [...wanted].map((each) => tarballs[each])];
    }),
  );
}

function isOurs(range) {
  return range.startsWith('workspace:');
}
