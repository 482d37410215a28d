import { LICENCES, PURPOSES } from './purposes.mjs';

/** How much `@cdf/sdk-core` may take on a disk, with everything it brings. @unit bytes */
const INSTALLED_LIMIT = 3_400_000;

/**
 * Problems of the dependencies, in words.
 *
 * @param {import('./collect.mjs').Dependency[]} dependencies as installed
 * @param {{ releases: Record<string, object>, sdkCore: { bytes: number } }} measured
 * @returns {string[]}
 */
export function problemsOf(dependencies, measured) {
  const known = new Set(dependencies.map(({ name }) => name));
  return [
    ...dependencies.flatMap((dependency) => {
      const { name, version } = dependency;
      const release = measured.releases[name];
      return [
        ...(PURPOSES[name] === undefined
          ? [`${name}: its purpose is missing in purposes.mjs`]
          : []),
        ...(release?.version === version
          ? []
          : [`${name}: ${version} is installed, the table has ${release?.version}`]),
        ...[dependency, ...dependency.along]
          .filter(({ licence }) => !LICENCES.test(licence))
          .map(
            (each) =>
              `${each.name}: its licence ${each.licence} is not among those that are allowed`,
          ),
      ];
    }),
    ...Object.keys(measured.releases)
      .filter((name) => !known.has(name))
      .map((name) => `${name}: is in the table and no dependency`),
    ...(measured.sdkCore.bytes > INSTALLED_LIMIT
      ? [`@cdf/sdk-core: ${measured.sdkCore.bytes} bytes installed, ${INSTALLED_LIMIT} allowed`]
      : []),
  ];
}
