import { DuplicatedError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';

/** At most five names, for messages. */
export function describeNames(names: readonly NodeReference[]): string {
  const shown = names.slice(0, 5).map(({ space, externalId }) => quoted(`${space}/${externalId}`));
  return shown.join(', ') + (names.length > 5 ? ', …' : '');
}

/** A creation of an item that exists already. */
export function alreadyThere(
  names: readonly NodeReference[],
  what: string,
  cause?: unknown,
): DuplicatedError {
  return new DuplicatedError(`${what}: ${names.length} exist already (${describeNames(names)})`, {
    status: 409,
    cause,
    duplicated: names.map(({ space, externalId }) => ({ instanceId: { space, externalId } })),
  });
}
