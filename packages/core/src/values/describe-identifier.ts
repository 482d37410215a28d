import type { ResourceName } from './resource-name.js';
import { quoted } from './text.js';

/**
 * An identifier for people: `id 12`, `externalId "pump-1"`. Characters that act on a terminal or
 * hide text are escaped.
 */
export function describeIdentifier(identifier: ResourceName): string {
  if (identifier.externalId !== undefined) return `externalId ${quoted(identifier.externalId)}`;
  if (identifier.id !== undefined) return `id ${identifier.id}`;
  if (identifier.instanceId !== undefined)
    return `instanceId ${quoted(identifier.instanceId.space)}/${quoted(identifier.instanceId.externalId)}`;
  return 'no identifier';
}
