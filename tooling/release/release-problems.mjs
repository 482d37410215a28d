/** Protocols that mean something in the workspace only. */
const UNRESOLVED = /^(workspace|catalog|file|link):/;
const NEEDED = ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json'];

/**
 * Problems of a release, in words.
 *
 * @param {readonly { name: string, manifest: object, files: readonly string[] }[]} released the
 *   files in each tarball
 * @returns {string[]}
 */
export function releaseProblems(released) {
  const versions = [...new Set(released.map(({ manifest }) => manifest.version))];
  return [
    ...(versions.length > 1 ? [`the packages have several versions: ${versions.join(', ')}`] : []),
    ...released.flatMap(({ name, manifest, files }) => [
      ...unresolved(manifest).map((each) => `${name}: depends on ${each}`),
      ...NEEDED.filter((file) => !files.includes(file)).map(
        (file) => `${name}: ${file} is not packed`,
      ),
      ...files
        .filter((file) => /(^|\/)(test|node_modules|\.turbo)\//.test(file))
        .map((file) => `${name}: packs ${file}`),
      ...(manifest.publishConfig?.provenance === true
        ? []
        : [`${name}: publishConfig has no provenance`]),
    ]),
  ];
}

/**
 * Decisions to make before these packages are published. A dry run is complete without them.
 *
 * @param {readonly { name: string, manifest: object }[]} released
 * @returns {string[]}
 */
export function beforePublishing(released) {
  const without = (field) =>
    released.filter(({ manifest }) => manifest[field] === undefined).length;
  const why = {
    repository: 'npm refuses `publishConfig.provenance` without it',
    homepage: 'the link on the page of the package',
    bugs: 'where users report what is broken',
  };
  return Object.entries(why)
    .filter(([field]) => without(field) > 0)
    .map(
      ([field, reason]) =>
        `set "${field}" in packages/*/package.json: missing in ${without(field)} (${reason})`,
    );
}

function unresolved({ dependencies, peerDependencies, optionalDependencies }) {
  return Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })
    .filter(([, range]) => UNRESOLVED.test(range))
    .map(([dependency, range]) => `${dependency}@${range}`);
}
