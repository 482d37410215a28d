import { AuthError, type CallOptions, type Transport } from '@cdf/core';
import { DataModelingApi } from '../api/data-modeling-api.js';
import type { Container, ViewDefinition } from '../api/schema-types.js';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { type Connection, transportOf } from '../wire/send.js';
import { filterChanges } from './before-deletion.js';
import { checkContainers, checkViews } from './check-answers.js';
import { containerChanges } from './container-changes.js';
import { containerName } from './container-name.js';
import { refuseEmpty } from './empty-values.js';
import { foreignChanges, foreignContainers, uncompared } from './foreign-containers.js';
import { foreignParents, keysOf, parentChanges, uncomparedParents } from './foreign-parents.js';
import { inspectContainers } from './inspect-containers.js';
import { remade } from './kept-parts.js';
import { withKnownThrough } from './known-through.js';
import { containerLimits, viewLimits } from './limits.js';
import type { SchemaChange } from './schema-change.js';
import { ofSystem } from './system-parts.js';
import { type Definitions, definitionsOf, withParents } from './to-definitions.js';
import { storedIn } from './try-without-loss.js';
import { viewChanges } from './view-changes.js';

/** The part of some views that is in the project. */
export interface Existing {
  readonly spaces: ReadonlySet<string>;
  /** Those of them that belong to the system, with all that is in them. */
  readonly system: ReadonlySet<string>;
  readonly containers: ReadonlyMap<string, Container>;
  readonly views: ReadonlyMap<string, ViewDefinition>;
  /** Those of other spaces in which the views are stored, if the credentials can read them. */
  readonly foreign: ReadonlyMap<string, Container> | undefined;
  /** Parents of the views that are not among them, likewise. */
  readonly parents: ReadonlyMap<string, ViewDefinition> | undefined;
}

/**
 * How views, and their parents of the same space, differ from those of the project. A property that
 * is stored in a container of another space, and says something else of it, is `refused`, and so is
 * a view whose parent of another space differs. Three requests, one more for each 100 containers or
 * views, for containers and for parents of other spaces, and for views that only a reverse relation
 * of the project names; one for each property that becomes required or is new with a default, and
 * for each ten containers that would lose their data.
 *
 * @param connection a client or a transport
 * @returns no change but `kept` when `push` has nothing to do
 * @throws {ConfigError} with every fault of the views, before anything is sent
 * @throws {DecodeError} for containers and views of the project that cannot be read
 */
export async function diff(
  connection: Connection,
  views: readonly AnyView[],
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const definitions = definitionsOf(views, 'diff');
  const all = withParents(views);
  const existing = await readExisting(connection, { definitions, views: all }, options);
  const known = await withKnownThrough(connection, definitions, existing.views, all, options);
  return changesOf(connection, { definitions: known, views: all }, existing, options);
}

/** Views, and the definitions of them. */
export interface Wanted {
  readonly definitions: Definitions;
  /** Those of the definitions. */
  readonly views: readonly AnyView[];
}

/** The changes of the schema, those that only data tells of included. */
export async function changesOf(
  connection: Connection,
  { definitions, views }: Wanted,
  existing: Existing,
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const transport = transportOf(connection);
  const changes = await refuseEmpty(
    transport,
    compare(definitions, views, existing),
    definitions.containers,
    existing.containers,
    options,
  );
  return [...changes, ...(await viewsLosing(transport, definitions, changes, options))];
}

/** Other views that are stored in containers which lose their data. */
async function viewsLosing(
  transport: Transport,
  { containers, views }: Definitions,
  changes: readonly SchemaChange[],
  options?: CallOptions,
): Promise<SchemaChange[]> {
  const losing = new Set(
    changes
      .filter(({ kind, change }) => kind === 'container' && change === 'losesData')
      .map(({ name }) => name),
  );
  const lost = containers.filter((each) => losing.has(containerName(each)));
  const pushed = new Set(views.map(viewKey));
  const found = await inspectContainers(transport, lost, options);
  return found.flatMap(({ container, views: involved, unavailable }) => {
    const name = containerName(container);
    const changes = involved
      .filter((view) => !pushed.has(viewKey(view)))
      .map((view): SchemaChange => {
        const reason = storedIn(name);
        return { kind: 'view', name: viewKey(view), change: 'losesData', reason };
      });
    if (unavailable === 0) return changes;
    const which =
      unavailable === 1
        ? '1 view that the credentials cannot read is'
        : `${unavailable} views that the credentials cannot read are`;
    const reason = `${which} stored in it, and would lose properties that could not be written again`;
    return [...changes, { kind: 'container', name, change: 'refused', reason }];
  });
}

/** The part of some definitions that the project has. */
export async function readExisting(
  connection: Connection,
  { definitions: { spaces, containers, views }, views: given }: Wanted,
  options?: CallOptions,
): Promise<Existing> {
  const api = new DataModelingApi(transportOf(connection));
  const others = foreignContainers(given, spacesOf(spaces));
  const above = foreignParents(given).map(({ space, externalId, version }) => ({
    ...{ space, externalId, version },
  }));
  const ignore = { ignoreUnknownIds: true };
  const [foundSpaces, foundContainers, foundViews, foreign, parents] = await Promise.all([
    api.spaces.retrieveMultiple(spaces, ignore, options),
    api.containers.retrieveMultiple(containers, ignore, options),
    api.views.retrieveMultiple(views, { ...ignore, includeInheritedProperties: false }, options),
    others.length === 0
      ? []
      : api.containers.retrieveMultiple(others, ignore, options).catch(unreadable),
    above.length === 0 ? [] : api.views.retrieveMultiple(above, ignore, options).catch(unreadable),
  ]);
  return {
    spaces: new Set(foundSpaces.map(({ space }) => space)),
    system: new Set(foundSpaces.filter(({ isGlobal }) => isGlobal).map(({ space }) => space)),
    containers: byName(foundContainers),
    views: viewsByName(foundViews),
    foreign: foreign && byName(foreign),
    parents: parents && viewsByName(parents),
  };
}

/** What other teams have may be closed to the credentials. */
function unreadable(error: unknown): undefined {
  if (AuthError.isInstance(error) && error.status === 403) return undefined;
  throw error;
}

function byName(containers: readonly Container[]): Map<string, Container> {
  return new Map(checkContainers(containers).map((each) => [containerName(each), each]));
}

function viewsByName(views: readonly ViewDefinition[]): Map<string, ViewDefinition> {
  return new Map(checkViews(views).map((each) => [viewKey(each), each]));
}

/** The spaces that are pushed, by name. */
export function spacesOf(spaces: Definitions['spaces']): Set<string> {
  return new Set(spaces.map(({ space }) => space));
}

function compare(
  { spaces, containers, views: wanted }: Definitions,
  given: readonly AnyView[],
  existing: Existing,
): SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const { space } of spaces)
    if (!existing.spaces.has(space)) changes.push({ kind: 'space', name: space, change: 'added' });
  const add = (space: string, found: readonly SchemaChange[]): unknown =>
    changes.push(...(existing.system.has(space) ? ofSystem(found) : found));
  for (const each of containers) {
    const found = existing.containers.get(containerName(each));
    add(each.space, containerChanges(each, found));
    if (found !== undefined) add(each.space, containerLimits(each, found));
  }
  const views = new Map(given.map((view) => [viewKey(view), view]));
  const pushed = spacesOf(spaces);
  const keys = keysOf(given);
  for (const each of wanted) {
    const found = existing.views.get(viewKey(each));
    add(each.space, viewChanges(each, found));
    const view = views.get(viewKey(each)) as AnyView;
    add(each.space, viewLimits(view, found));
    add(each.space, foreignChanges(view, pushed, existing));
    add(each.space, parentChanges(view, keys, existing.parents));
  }
  // What the API would reject after a deletion.
  if (changes.some(({ change }) => change === 'losesData')) {
    for (const view of given) {
      changes.push(...uncompared(view, pushed, existing));
      if (!existing.views.has(viewKey(view)))
        changes.push(...uncomparedParents(view, keys, existing.parents));
    }
    const whole = new Map(
      containers.map((each) => {
        const found = existing.containers.get(containerName(each));
        return [containerName(each), found === undefined ? each : remade(each, found)];
      }),
    );
    for (const each of wanted) changes.push(...filterChanges(each, whole));
  }
  return changes;
}
