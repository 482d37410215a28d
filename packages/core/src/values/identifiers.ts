import { ConfigError } from '../errors.js';
import type { InstanceId, ResourceName } from './resource-name.js';
import { quoted } from './text.js';

/** Exactly one way to name a resource. */
export type Identifier =
  | { readonly id: number; readonly externalId?: undefined; readonly instanceId?: undefined }
  | { readonly externalId: string; readonly id?: undefined; readonly instanceId?: undefined }
  | { readonly instanceId: InstanceId; readonly id?: undefined; readonly externalId?: undefined }
  // A node of data modeling, as it is read: what `{ instanceId: node }` names.
  | {
      readonly space: string;
      readonly externalId: string;
      readonly id?: undefined;
      readonly instanceId?: undefined;
    };

/** Every way to name a resource. */
export const IDENTIFIER_NAMES: Readonly<Record<keyof Identifier | 'space', true>> = {
  id: true,
  externalId: true,
  instanceId: true,
  space: true,
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
 * The identifier alone, as the wire wants it: other properties of the argument are dropped.
 *
 * @throws {ConfigError} when none or several of `id`, `externalId`, `instanceId` are given, or the one given is not usable.
 */
export function toIdentifier(value: Identifier, what = 'identifier'): Identifier {
  // Counted by hand: calls name thousands of resources.
  const { id, externalId, instanceId, space: own } = (value ?? {}) as ResourceName & { readonly space?: unknown };
  // The external id of a node is not that of a classic resource.
  if (own !== undefined && id === undefined && instanceId === undefined)
    return toIdentifier({ instanceId: value as unknown as InstanceId }, what);
  if (Number(id !== undefined) + Number(externalId !== undefined) + Number(instanceId !== undefined) !== 1)
    throw notOne(value, what);
  if (id !== undefined) {
    if (!Number.isSafeInteger(id) || id < 1)
      throw new ConfigError(
        `${what}: id must be a whole number from 1 to 2^53 - 1, got ${typeof id === 'string' ? `the string ${quoted(id)}` : String(id)}`,
      );
    return { id };
  }
  if (externalId !== undefined) {
    if (typeof externalId !== 'string') throw new ConfigError(`${what}: externalId must be a string`);
    return { externalId };
  }
  const { space, externalId: name } = instanceId as InstanceId;
  if (typeof space !== 'string' || typeof name !== 'string')
    throw new ConfigError(`${what}: instanceId needs a space and an externalId, both strings`);
  return { instanceId: { space, externalId: name } };
}

function notOne(value: Identifier, what: string): ConfigError {
  const names = ['id', 'externalId', 'instanceId'] as const;
  const given = names.filter((name) => value?.[name] !== undefined).join(' and ');
  const other: unknown = value;
  const kind = typeof other === 'object' && other !== null ? 'none of them' : String(other);
  const got = given || (typeof other === 'string' ? `the string ${quoted(other.slice(0, 60))}` : kind);
  return new ConfigError(`${what}: expected exactly one of { id }, { externalId }, { instanceId }; got ${got}`);
}

/** A string that is equal for equal identifiers and different for different ones. */
export function identifierKey(identifier: Identifier): string {
  if (identifier.id !== undefined) return `id:${identifier.id}`;
  if ('space' in identifier && identifier.space !== undefined) return instanceKey(identifier);
  if (identifier.externalId !== undefined) return `externalId:${identifier.externalId}`;
  return instanceKey(identifier.instanceId);
}

function instanceKey({ space, externalId }: InstanceId): string {
  return `instanceId:${JSON.stringify([space, externalId])}`;
}

/** An identifier for people: `id 12`, `externalId "pump-1"`. Characters that act on a terminal or hide text are escaped. */
export function describeIdentifier(identifier: ResourceName): string {
  if (identifier.externalId !== undefined) return `externalId ${quoted(identifier.externalId)}`;
  if (identifier.id !== undefined) return `id ${identifier.id}`;
  if (identifier.instanceId !== undefined)
    return `instanceId ${quoted(identifier.instanceId.space)}/${quoted(identifier.instanceId.externalId)}`;
  return 'no identifier';
}
