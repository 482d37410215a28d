import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

/**
 * Makes the tarball of every package, as it would be published: versions of the workspace and of
 * the catalog are written out.
 *
 * @param {string} root the workspace's folder
 * @param {string} destination the folder for the tarballs
 * @param {(name: string, tarball: string) => void} report called as soon as each is made
 * @returns {Record<string, string>} the path of each tarball by the package's name
 * @throws {Error} when a package cannot be packed
 */
export function packAll(root, destination, report = () => {}) {
  mkdirSync(destination, { recursive: true });
  const folders = readdirSync(join(root, 'packages'));
  return Object.fromEntries(
    folders.map((name) => {
      const tarball = pack(root, name, destination);
      report(`@cdf/${name}`, tarball);
      return [`@cdf/${name}`, tarball];
    }),
  );
}

/** The tarballs that are in a folder, by the package's name. */
export function tarballsIn(folder) {
  const found = readdirSync(folder).flatMap((file) => {
    const name = /^cdf-(.+?)-\d.*\.tgz$/.exec(file)?.[1];
    return name === undefined ? [] : [[`@cdf/${name}`, resolve(folder, file)]];
  });
  if (found.length === 0) throw new Error(`no tarballs in ${folder}`);
  return Object.fromEntries(found);
}

/** Packs one package and gives the path of its tarball. */
export function pack(root, name, destination) {
  const { status, stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/pnpm'),
    ['pack', '--pack-destination', destination],
    { cwd: join(root, 'packages', name), encoding: 'utf8', timeout: 120_000, env: process.env },
  );
  if (status !== 0) throw new Error(`${name} cannot be packed: ${stdout}${stderr}`);
  const file = readdirSync(destination).find((each) => new RegExp(`^cdf-${name}-\\d`).test(each));
  if (file === undefined) throw new Error(`${name} was not packed`);
  return join(destination, file);
}
