import type { ViewDefinition, ViewProperty, ViewWrite } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { canonical, ownOf } from './canonical.js';
import { containerName } from './container-name.js';
import { differenceOf } from './fixed-parts.js';
import { keptProperties } from './kept-properties.js';
import type { SchemaChange } from './schema-change.js';

/** How a view differs from the one of the project. */
export function viewChanges(wanted: ViewWrite, found: ViewDefinition | undefined): SchemaChange[] {
  const at = { kind: 'view', name: viewKey(wanted) } as const;
  if (found === undefined) return [{ ...at, change: 'added' }];
  const changes: SchemaChange[] = [];
  if (canonical(wanted.implements ?? []) !== canonical(found.implements ?? []))
    changes.push({
      ...at,
      change: 'refused',
      reason: 'it implements other views; give it a new version',
    });
  for (const name of ['name', 'description', 'filter'] as const)
    if (wanted[name] !== undefined && canonical(wanted[name]) !== canonical(found[name]))
      changes.push({ ...at, change: 'changed', reason: name });
  if (wanted.filter === undefined && (found.filter ?? undefined) !== undefined)
    changes.push({ ...at, change: 'kept', reason: 'the project has a filter' });
  for (const [property, definition] of Object.entries(wanted.properties ?? {})) {
    const known = ownOf(found.properties, property);
    const difference = known && differenceOf(definition, known);
    if (known === undefined) changes.push({ ...at, property, change: 'added' });
    else if (difference !== undefined)
      changes.push({
        ...at,
        property,
        change: 'refused',
        reason: `${difference}; give the view a new version`,
      });
    else if (definition.description !== undefined && definition.description !== known.description)
      changes.push({ ...at, property, change: 'changed', reason: 'description' });
  }
  const { properties = {} } = wanted;
  const written = new Set(Object.values(properties).map(containerOf));
  const isWritten = (property: ViewProperty) => written.has(containerOf(property));
  changes.push(...keptProperties(at, properties, found.properties, isWritten));
  return changes;
}

/** The container of a property, if it has one. */
function containerOf(property: ViewProperty): string | undefined {
  return 'container' in property ? containerName(property.container) : undefined;
}
