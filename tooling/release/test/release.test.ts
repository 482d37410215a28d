import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { beforePublishing, releaseProblems } from '../release-problems.mjs';

const files = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js'];
const publishConfig = { provenance: true };

describe('the release dry run', () => {
  it('is content with tarballs of one version that depend on what strangers can install', () => {
    const released = ['@cdf/a', '@cdf/b'].map((name) => ({
      name,
      files,
      manifest: { version: '1.0.0', publishConfig, dependencies: { '@cdf/core': '^1.0.0' } },
    }));
    expect(releaseProblems(released)).toEqual([]);
  });

  it('says which addresses have to be set before publishing, and that npm needs one of them', () => {
    const address = 'https://project.example';
    const manifests = [
      { repository: address, homepage: address, bugs: address },
      { homepage: address },
    ];
    expect(
      beforePublishing(manifests.map((manifest) => ({ name: '@cdf/a', files, manifest }))),
    ).toEqual([
      'set "repository" in packages/*/package.json: missing in 1 (npm refuses `publishConfig.provenance` without it)',
      'set "bugs" in packages/*/package.json: missing in 1 (where users report what is broken)',
    ]);
    expect(beforePublishing([{ name: '@cdf/a', files, manifest: manifests[0] }])).toEqual([]);
  });

  it('finds two versions, a range of the workspace, files that are missing or too many, and no provenance', () => {
    expect(
      releaseProblems([
        {
          name: '@cdf/a',
          files,
          manifest: { version: '1.0.0', publishConfig, peerDependencies: { b: 'workspace:^' } },
        },
        {
          name: '@cdf/b',
          files: [...files.slice(1), 'test/b.test.ts'],
          manifest: { version: '1.1.0' },
        },
      ]),
    ).toEqual([
      'the packages have several versions: 1.0.0, 1.1.0',
      '@cdf/a: depends on b@workspace:^',
      '@cdf/b: package.json is not packed',
      '@cdf/b: packs test/b.test.ts',
      '@cdf/b: publishConfig has no provenance',
    ]);
  });
});
