import { type CallOptions, ConfigError } from '@cdf/core';
import type { DataModelingApi } from '../api/data-modeling-api.js';
import type { ContainerWrite, ViewDefinition, ViewWrite } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { checkViews } from './check-answers.js';
import { containerName } from './container-name.js';
import type { SchemaChange } from './schema-change.js';

// What the API would reject after a deletion, and what has to be known by then.

/**
 * Views that are not pushed, and are stored in containers that lose their data.
 *
 * @throws {ConfigError} that names those which the credentials cannot read
 */
export async function viewsBesides(
  { views }: DataModelingApi,
  changes: readonly SchemaChange[],
  call?: CallOptions,
): Promise<ViewDefinition[]> {
  const names = changes
    .filter(({ kind, change }) => kind === 'view' && change === 'losesData')
    .map(({ name }) => name);
  // Neither sign is in a space, a version or an external id.
  const references = [...new Set(names)].map((name) => {
    const [space, externalId, version] = name.split(/[:/]/) as [string, string, string];
    return { space, externalId, version };
  });
  const how = { ignoreUnknownIds: true, includeInheritedProperties: false };
  const found = checkViews(await views.retrieveMultiple(references, how, call));
  const known = new Set(found.map(viewKey));
  const unknown = references.map(viewKey).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new ConfigError(
      `push: ${unknown.join(', ')} would lose properties, and cannot be read to write them again afterwards; where they have just been deleted, push again in some seconds`,
    );
  return found;
}

/**
 * The parents of new views have to be there. Those of the system are read only here: its views do
 * not change, but a version of them may be missing.
 *
 * @throws {ConfigError} that names those which are missing
 */
export async function refuseMissingParents(
  { views }: DataModelingApi,
  {
    added,
    pushed,
  }: { readonly added: readonly ViewWrite[]; readonly pushed: readonly ViewWrite[] },
  call?: CallOptions,
): Promise<void> {
  const known = new Set(pushed.map(viewKey));
  const parents = new Map(
    added
      .flatMap((view) => view.implements ?? [])
      .filter((parent) => !known.has(viewKey(parent)))
      .map(({ space, externalId, version }) => {
        const name = { space, externalId, version };
        return [viewKey(name), name] as const;
      }),
  );
  if (parents.size === 0) return;
  const how = { ignoreUnknownIds: true, includeInheritedProperties: false };
  const found = await views.retrieveMultiple([...parents.values()], how, call);
  for (const view of found) parents.delete(viewKey(view));
  if (parents.size > 0)
    throw new ConfigError(
      `push: parents of new views do not exist, or cannot be read: ${[...parents.keys()].join(', ')}; nothing was deleted`,
    );
}

/**
 * Refuses filters that name a property which a container of the push does not have.
 *
 * @param containers as they are to be, with what only the project has
 */
export function filterChanges(
  { filter, ...view }: ViewWrite,
  containers: ReadonlyMap<string, ContainerWrite>,
): SchemaChange[] {
  return [...unknownIn(filter, containers)].map((reason) => ({
    kind: 'view',
    name: viewKey(view),
    change: 'refused',
    reason: `its filter names ${reason}`,
  }));
}

function* unknownIn(
  filter: unknown,
  containers: ReadonlyMap<string, ContainerWrite>,
): Generator<string> {
  if (typeof filter !== 'object' || filter === null) return;
  for (const [name, member] of Object.entries(filter)) {
    if (name === 'property' && Array.isArray(member) && member.length === 3) {
      const [space, externalId, property] = (member as unknown[]).map(String) as [
        string,
        string,
        string,
      ];
      const held = containers.get(containerName({ space, externalId }));
      if (held !== undefined && !Object.hasOwn(held.properties, property))
        yield `${property}, which the container ${containerName(held)} does not have`;
    } else yield* unknownIn(member, containers);
  }
}
