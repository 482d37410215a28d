import { badRequest } from '../errors.js';
import type { InstanceType } from '../instances/entry.js';
import type { SelectedSource, TargetUnit } from '../instances/selection.js';
import type { CompiledView } from '../schema/compiled-view.js';
import { versionedKey } from '../schema/keys.js';
import { viewReferenceCheck } from '../schema/names.js';
import {
  array,
  boolean,
  type Check,
  integer,
  needed,
  object,
  text,
  where,
} from '../validation/schema.js';

const MAX_SOURCES = 10;
const MAX_UNITS = 10;
const MAX_TIMEOUT = 60_000;

export const targetUnitsCheck: Check<TargetUnit[]> = array(
  object({
    property: needed(text()),
    unit: needed(
      where(object({ externalId: text(), unitSystemName: text() }), (unit) =>
        (unit.externalId === undefined) === (unit.unitSystemName === undefined)
          ? 'must have exactly one of externalId, unitSystemName'
          : undefined,
      ),
    ),
  }) as Check<TargetUnit>,
  { min: 1, max: MAX_UNITS },
);

/** Sources of requests that always read all properties. */
export const sourcesCheck: Check<SelectedSource[]> = array(
  object({
    source: needed(viewReferenceCheck),
    targetUnits: targetUnitsCheck,
  }) as Check<SelectedSource>,
  { max: MAX_SOURCES },
);

/** Sources of query and sync, which name properties. */
export const selectedSourcesCheck: Check<SelectedSource[]> = array(
  object({
    source: needed(viewReferenceCheck),
    properties: needed(array(text())),
    targetUnits: targetUnitsCheck,
  }) as Check<SelectedSource>,
  { max: MAX_SOURCES },
);

export interface Debug {
  readonly emitResults?: boolean | undefined;
}

export const debugCheck: Check<Debug> = object({
  emitResults: boolean,
  timeout: integer({ min: 1, max: MAX_TIMEOUT }),
  profile: boolean,
});

/** Refuses views that cannot have instances of this type. */
export function checkViewUse(views: readonly CompiledView[], instanceType: InstanceType): void {
  for (const { usedFor, reference } of views)
    if (usedFor !== 'all' && usedFor !== instanceType)
      throw badRequest(
        `The view '${versionedKey(reference)}' is used for ${usedFor}s, not for ${instanceType}s.`,
      );
}
