import type { InstanceKey, SourceReference } from '../schema/model.js';
import {
  instanceExternalId,
  instanceKeyCheck,
  sourceReferenceCheck,
  spaceName,
} from '../schema/names.js';
import {
  array,
  boolean,
  type Check,
  integer,
  isObject,
  needed,
  object,
  oneOf,
  where,
} from '../validation/schema.js';
import type { InstanceType } from './entry.js';

const MAX_ITEMS = 1000;
const MAX_SOURCES = 100;

/** Values for one view or container. */
export interface SourceWrite {
  readonly source: SourceReference;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** One item of an apply request; `type` is null where the request says so. */
export interface InstanceWrite {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
  readonly existingVersion?: number | undefined;
  readonly type?: InstanceKey | null | undefined;
  readonly startNode?: InstanceKey | undefined;
  readonly endNode?: InstanceKey | undefined;
  readonly sources?: readonly SourceWrite[] | undefined;
}

export interface InstanceDelete {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
  readonly existingVersion?: number | undefined;
}

export interface ApplyBody {
  readonly items: readonly InstanceWrite[];
  readonly delete?: readonly InstanceDelete[] | undefined;
  readonly autoCreateDirectRelations?: boolean | undefined;
  readonly autoCreateStartNodes?: boolean | undefined;
  readonly autoCreateEndNodes?: boolean | undefined;
  readonly skipOnVersionConflict?: boolean | undefined;
  readonly replace?: boolean | undefined;
}

const properties: Check<Record<string, unknown>> = (value, path, problems) => {
  if (!isObject(value)) problems.push(`${path} must be an object`);
  return value as Record<string, unknown>;
};

const base = {
  space: needed(spaceName),
  externalId: needed(instanceExternalId),
  existingVersion: integer(),
  sources: array(
    object({ source: needed(sourceReferenceCheck), properties }) as Check<SourceWrite>,
    {
      min: 1,
      max: MAX_SOURCES,
    },
  ),
};
const node = object({ instanceType: needed(oneOf('node')), type: instanceKeyCheck, ...base });
const edge = object({
  instanceType: needed(oneOf('edge')),
  type: needed(instanceKeyCheck),
  startNode: needed(instanceKeyCheck),
  endNode: needed(instanceKeyCheck),
  ...base,
});

const write: Check<InstanceWrite> = (value, path, problems) => {
  if (isObject(value) && value.instanceType === 'edge') return edge(value, path, problems);
  const given = node(value, path, problems);
  return isObject(value) && value.type === null ? { ...given, type: null } : given;
};

const deletion: Check<InstanceDelete> = object({
  instanceType: needed(oneOf('node', 'edge')),
  space: needed(spaceName),
  externalId: needed(instanceExternalId),
  existingVersion: integer(),
});

export const applyCheck: Check<ApplyBody> = where(
  object({
    items: needed(array(write, { max: MAX_ITEMS })),
    delete: array(deletion, { max: MAX_ITEMS }),
    autoCreateDirectRelations: boolean,
    autoCreateStartNodes: boolean,
    autoCreateEndNodes: boolean,
    skipOnVersionConflict: boolean,
    replace: boolean,
  }) as Check<ApplyBody>,
  (body) => {
    const count = body.items.length + (body.delete?.length ?? 0);
    if (count > MAX_ITEMS)
      return `items and delete together size must be between 0 and ${MAX_ITEMS}`;
    const seen = new Set<string>();
    for (const { space, externalId } of [...body.items, ...(body.delete ?? [])]) {
      const key = `${space}:${externalId}`;
      if (seen.has(key)) return `holds the instance '${key}' twice`;
      seen.add(key);
    }
    return undefined;
  },
);

export const deleteCheck: Check<{ items: InstanceDelete[] }> = object({
  items: needed(array(deletion, { min: 1, max: MAX_ITEMS })),
});
