import { ApiError, type CallOptions, CdfError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import type { DataModelingApi } from '../api/data-modeling-api.js';
import type { Container, ContainerWrite } from '../api/schema-types.js';
import { ownOf } from './canonical.js';
import { containerChanges } from './container-changes.js';
import { containerName } from './container-name.js';
import type { SchemaChange } from './schema-change.js';
import { isRejection } from './write-views.js';

// The API answers reads of the schema with that of some seconds ago. A container that has just been
// made anew looks as if it had to be made anew once more, which would delete what was written since.

/**
 * Writes containers in their new form without a deletion, each in a request of its own: the API
 * rejects those that need one, and takes those that were changed by another push.
 *
 * @param known the containers as they were read
 * @returns the names of those that are as they are to be
 */
export async function tryWithoutLoss(
  { containers }: DataModelingApi,
  bodies: readonly ContainerWrite[],
  known: ReadonlyMap<string, Container>,
  call?: CallOptions,
): Promise<Set<string>> {
  const done = new Set<string>();
  for (const body of bodies) {
    const name = containerName(body);
    if (changesUnit(body, known.get(name))) continue;
    try {
      const [answer] = await containers.upsert([body], call);
      const left = containerChanges(body, answer).filter(({ change }) => change === 'losesData');
      if (left.length === 0) done.add(name);
    } catch (error) {
      if (!CdfError.isInstance(error)) throw error;
      // After a timeout of its own the API may have taken it.
      if (!isRejection(error) || (ApiError.isInstance(error) && error.status === 408))
        throw copyOfError(error, `${error.message}; nothing was deleted`, { cause: error });
    }
  }
  return done;
}

/** Where the API took another unit, the values of before would be read in it. */
function changesUnit({ properties }: ContainerWrite, known: Container | undefined): boolean {
  return Object.entries(properties).some(([property, { type }]) => {
    const before = ownOf(known?.properties, property);
    return before !== undefined && before.type.unit?.externalId !== type.unit?.externalId;
  });
}

/** The changes, where some containers have not lost their data. */
export function withoutLoss(
  changes: readonly SchemaChange[],
  kept: ReadonlySet<string>,
): SchemaChange[] {
  const reasons = new Set([...kept].map(storedIn));
  return changes
    .filter(({ kind, change, reason = '' }) => {
      return kind !== 'view' || change !== 'losesData' || !reasons.has(reason);
    })
    .map((each) =>
      each.kind === 'container' && each.change === 'losesData' && kept.has(each.name)
        ? { ...each, change: 'changed', reason: 'the API took it without a deletion' }
        : each,
    );
}

/** The reason for which a view loses data. */
export function storedIn(container: string): string {
  return `it is stored in the container ${container}`;
}
