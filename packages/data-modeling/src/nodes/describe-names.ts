import { type ApiErrorDetails, DuplicatedError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { VersionConflictError } from './version-conflict-error.js';

/** At most five names, for messages. */
export function describeNames(names: readonly NodeReference[]): string {
  const shown = names.slice(0, 5).map(({ space, externalId }) => quoted(`${space}/${externalId}`));
  return shown.join(', ') + (names.length > 5 ? ', …' : '');
}

/** A creation of an item that exists already. */
export function alreadyThere(
  names: readonly NodeReference[],
  what: string,
  instance: 'node' | 'edge',
  cause?: unknown,
): DuplicatedError {
  const [exist, them] = names.length === 1 ? ['exists', 'it'] : ['exist', 'them'];
  // A relation names a node, and the API makes those that do not exist.
  const origin = instance === 'node' ? `a relation may have made ${them}, without data; ` : '';
  return new DuplicatedError(
    `${what}: ${names.length} ${exist} already (${describeNames(names)}); ${origin}upsert writes ${them}`,
    {
      status: 409,
      cause,
      duplicated: names.map(({ space, externalId }) => ({ instanceId: { space, externalId } })),
    },
  );
}

/** Items that have changed since they were read. */
export function versionConflict(
  names: readonly (NodeReference & { readonly existingVersion?: number | undefined })[],
  what: string,
  details: ApiErrorDetails,
): VersionConflictError {
  const [first, second] = names;
  const remedy =
    second === undefined
      ? `has changed since version ${first?.existingVersion} was read; read it again, apply the change and write it with its new version`
      : 'have changed since the given versions were read; read them again, apply the changes and write them with their new versions';
  return new VersionConflictError(`${what}: ${describeNames(names)} ${remedy}`, {
    ...details,
    conflicts: names.map(({ space, externalId }) => ({ space, externalId })),
  });
}
