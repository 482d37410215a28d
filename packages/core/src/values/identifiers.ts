import type { InstanceId } from './resource-name.js';

/** Exactly one way to name a resource. */
export type Identifier =
  | { readonly id: number; readonly externalId?: undefined; readonly instanceId?: undefined }
  | { readonly externalId: string; readonly id?: undefined; readonly instanceId?: undefined }
  | { readonly instanceId: InstanceId; readonly id?: undefined; readonly externalId?: undefined }
  // A node of data modeling, as it is read. It stands for its identifier in `{ instanceId: node }`.
  | {
      readonly space: string;
      readonly externalId: string;
      readonly id?: undefined;
      readonly instanceId?: undefined;
    };

/** The identity of a resource in an answer. */
export interface Identified {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** A label by reference. */
export interface LabelReference {
  readonly externalId: string;
}

/** String to string, as CDF stores it. */
export type Metadata = Record<string, string>;

/**
 * What names an item: of one that was read its id, which is beside its other names; of a node, whose
 * view may have an `id`, the node itself.
 */
export function ownIdentifier(item: Identifier | Identified): Identifier {
  return item?.id === undefined || 'space' in item ? (item as Identifier) : { id: item.id };
}

/** A string that is equal for equal identifiers and different for different ones. */
export function identifierKey(identifier: Identifier): string {
  if ('space' in identifier && identifier.space !== undefined) return instanceKey(identifier);
  if (identifier.id !== undefined) return `id:${identifier.id}`;
  if (identifier.externalId !== undefined) return `externalId:${identifier.externalId}`;
  return instanceKey(identifier.instanceId);
}

function instanceKey({ space, externalId }: InstanceId): string {
  return `instanceId:${JSON.stringify([space, externalId])}`;
}
