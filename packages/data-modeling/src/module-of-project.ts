import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const DEPENDENCIES = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
] as const;

/**
 * The module that the views of a project import from, by its manifest: the `package.json` of the
 * folder, or of the nearest one above. Of two packages with the same command, npm links either one.
 *
 * @returns `undefined` where the manifest does not tell
 */
export function moduleOfProject(folder: string): string | undefined {
  const manifest = nearestManifest(folder);
  const names = DEPENDENCIES.flatMap((kind) => Object.keys(Object(manifest[kind])));
  return names.includes('@cdf/sdk') ? '@cdf/sdk/data-modeling' : undefined;
}

/** Empty where there is none, or one that cannot be read: it is for other programs to say so. */
function nearestManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    // Editors of Windows begin files with a mark that JSON does not have.
    const text = readFileSync(join(folder, 'package.json'), 'utf8').replace(/^\uFEFF/, '');
    return Object(JSON.parse(text));
  } catch (error) {
    const parent = dirname(folder);
    const isAbsent = Object(error).code === 'ENOENT';
    return isAbsent && parent !== folder ? nearestManifest(parent) : {};
  }
}
