import { ownOf } from './canonical.js';
import type { SchemaChange } from './schema-change.js';

/** The part of a property of the project that tells whether new nodes need a value. */
interface FoundProperty {
  readonly nullable?: boolean | undefined;
  readonly defaultValue?: unknown;
  readonly autoIncrement?: boolean | undefined;
}

const REQUIRED =
  'it is required in the project, without a default: new nodes of this view are rejected';

/**
 * Properties of a container or view that only the project has.
 *
 * @param at the container or view
 * @param isWritten whether writes through the view reach the container of a property
 */
export function keptProperties<Found extends FoundProperty>(
  at: Pick<SchemaChange, 'kind' | 'name'>,
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, Found>>,
  isWritten: (property: Found) => boolean = () => true,
): SchemaChange[] {
  return Object.entries(found)
    .filter(([property]) => ownOf(wanted, property) === undefined)
    .map(([property, definition]) => ({
      ...at,
      property,
      change: 'kept',
      ...(isRequired(definition) && isWritten(definition) && { reason: REQUIRED }),
    }));
}

function isRequired({ nullable, defaultValue, autoIncrement }: FoundProperty): boolean {
  return nullable === false && (defaultValue ?? undefined) === undefined && autoIncrement !== true;
}
