import { PURPOSES } from './purposes.mjs';

/** The page of the site: the packages installed beside our own code, and their purposes. */
export function pageOf(dependencies, { measuredOn, sdkCore, audit, releases }) {
  const along = new Map(
    dependencies.flatMap((each) =>
      each.along.map((brought) => [brought.name, { ...brought, by: each.name }]),
    ),
  );
  return `# Dependencies

${wrapped(`Made by \`npm run dependencies -- --refresh\` from the installed packages, on ${measuredOn}. \`npm run dependencies\` fails when this page is not about the installed versions, when a dependency is not explained, and when a licence is one we have not agreed to.`)}

${wrapped(`\`@cdf/sdk-core\` installed from tarballs is ${megabytes(sdkCore.bytes)} in ${sdkCore.packages} packages, source and source maps included; the limit is 3.4 MB: 3 MB, and ky.`)}

| dependency | of | size | licence | released | purpose |
|---|---|---|---|---|---|
${dependencies.map((each) => row(each, releases[each.name])).join('\n')}

${wrapped('Sizes are on a disk, with the dependencies of each. "Optional" means that a package uses it when you install it. The reasons for each of them, and the code that it replaces, are in the [decisions](../decisions/README.md).')}

## Dependencies of dependencies

| package | size | licence | by |
|---|---|---|---|
${[...along.values()].map(({ name, version, licence, bytes, by }) => `| ${name} ${version} | ${megabytes(bytes)} | ${licence} | ${by} |`).join('\n')}

Binaries are there for the platform that you install on; these are of Linux on x64.

## Audit

${wrapped(audit)}
`;
}

/** Lines of at most 100 characters. */
function wrapped(text) {
  return text.replaceAll(/(.{1,100})(?: |$)/g, '$1\n').trimEnd();
}

function row({ name, version, licence, bytes, usedBy, optionalIn, along }, release) {
  const total = along.reduce((sum, each) => sum + each.bytes, bytes);
  const optional = optionalIn
    .filter((each) => !usedBy.includes(each))
    .map((each) => `${each} (optional)`);
  const released =
    release.latest === version
      ? `${release.released}, the newest`
      : `${release.released}; newest ${release.latest} of ${release.latestReleased}`;
  return `| ${name} ${version} | ${[...usedBy, ...optional].join(', ')} | ${megabytes(total)} | ${licence} | ${released} | ${PURPOSES[name]} |`;
}

function megabytes(bytes) {
  return bytes < 100_000
    ? `${Math.ceil(bytes / 1_000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
