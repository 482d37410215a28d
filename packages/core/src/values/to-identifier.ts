import { ConfigError } from '../errors.js';
import type { Identifier } from './identifiers.js';
import type { InstanceId, ResourceName } from './resource-name.js';
import { shown } from './text.js';

/** Every way to name a resource. */
export const IDENTIFIER_NAMES: Readonly<Record<keyof Identifier | 'space', true>> = {
  id: true,
  externalId: true,
  instanceId: true,
  space: true,
};

/**
 * The identifier alone, as the wire wants it: other properties of the argument are dropped.
 *
 * @throws {ConfigError} unless exactly one of `id`, `externalId`, `instanceId` is given, and valid.
 */
export function toIdentifier(value: Identifier, what = 'identifier'): Identifier {
  // Counted by hand: calls name thousands of resources.
  const {
    id,
    externalId,
    instanceId,
    space: own,
  } = (value ?? {}) as ResourceName & { readonly space?: unknown };
  // The external id of a node is not that of a classic resource, and its view may have an `id`.
  if (own !== undefined) return toIdentifier({ instanceId: value as unknown as InstanceId }, what);
  if (
    Number(id !== undefined) +
      Number(externalId !== undefined) +
      Number(instanceId !== undefined) !==
    1
  )
    throw notOne(value, what);
  if (id !== undefined) {
    if (!Number.isSafeInteger(id) || id < 1)
      throw new ConfigError(
        `${what}: id must be a whole number from 1 to 2^53 - 1, got ${shown(id)}`,
      );
    return { id };
  }
  if (externalId !== undefined) {
    if (typeof externalId !== 'string')
      throw new ConfigError(`${what}: externalId must be a string`);
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
  return new ConfigError(
    `${what}: expected exactly one of { id }, { externalId }, { instanceId }; got ${given || shown(value)}`,
  );
}
