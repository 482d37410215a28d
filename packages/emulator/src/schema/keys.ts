import type { ContainerReference, InstanceKey, ViewReference } from './model.js';

/** Spaces cannot contain a colon, so a key has one meaning only. */
export function containerKey({
  space,
  externalId,
}: {
  readonly space: string;
  readonly externalId: string;
}): string {
  return `${space}:${externalId}`;
}

export function versionedKey(of: {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
}): string {
  return `${of.space}:${of.externalId}/${of.version}`;
}

/** The key of an instance; the values of direct relations are stored in this form. */
export function instanceKey({ space, externalId }: InstanceKey): string {
  return `${space}:${externalId}`;
}

export function instanceOf(key: string): InstanceKey {
  const colon = key.indexOf(':');
  return { space: key.slice(0, colon), externalId: key.slice(colon + 1) };
}

export function containerReference(of: {
  readonly space: string;
  readonly externalId: string;
}): ContainerReference {
  return { type: 'container', space: of.space, externalId: of.externalId };
}

export function viewReference(of: {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
}): ViewReference {
  return { type: 'view', space: of.space, externalId: of.externalId, version: of.version };
}

/**
 * A member of a dictionary with names of users, which may be those of methods that every object
 * has.
 */
export function member<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

/** The name of a property in stored rows: not one that every object has. */
export function rowName(identifier: string): string {
  return identifier in Object.prototype ? `${identifier} ` : identifier;
}
