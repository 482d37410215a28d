import type { ContainerWrite, ViewDefinition, ViewWrite } from '../api/schema-types.js';
import { ownOf } from './canonical.js';
import { containerName } from './container-name.js';
import { defined } from './kept-parts.js';

/**
 * Views as a request writes them, with those of their properties that are stored in some
 * containers: an upsert keeps the others. Those that have none are left out.
 *
 * @param containers as they are when the views are written: a property that is no relation there is
 * none of the view
 */
export function viewsAsTheyWere(
  views: readonly ViewDefinition[],
  containers: readonly ContainerWrite[],
): ViewWrite[] {
  const byName = new Map(containers.map((each) => [containerName(each), each]));
  return views.flatMap((each) => viewAsItWas(each, byName) ?? []);
}

function viewAsItWas(
  found: ViewDefinition,
  containers: ReadonlyMap<string, ContainerWrite>,
): ViewWrite | undefined {
  const { space, externalId, version, name, description, filter } = found;
  const properties = Object.entries(found.properties).flatMap(([property, definition]) => {
    if (!('container' in definition)) return [];
    const { container, containerPropertyIdentifier, type } = definition;
    const held = containers.get(containerName(container))?.properties;
    const stored = ownOf(held, containerPropertyIdentifier);
    if (stored === undefined) return [];
    const isRelation = stored.type.type === 'direct';
    const source = definition.source ?? (type !== undefined && 'source' in type && type.source);
    const texts = { name: definition.name, description: definition.description };
    const mapped = { container, containerPropertyIdentifier, ...defined(texts) };
    return [[property, source && isRelation ? { ...mapped, source } : mapped] as const];
  });
  if (properties.length === 0) return undefined;
  return {
    ...{ space, externalId, version },
    ...defined({ name, description, filter }),
    implements: found.implements ?? [],
    properties: Object.fromEntries(properties),
  };
}
