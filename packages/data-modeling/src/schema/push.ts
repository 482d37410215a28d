import { type CallOptions, CdfError, ConfigError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import { DataModelingApi } from '../api/data-modeling-api.js';
import type { ContainerWrite, ViewDefinition, ViewWrite } from '../api/schema-types.js';
import { checkOptions, checkSwitches } from '../nodes/check-options.js';
import { setChecked } from '../nodes/checked-views.js';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { toText } from '../wire/exact-json.js';
import { type Connection, transportOf } from '../wire/send.js';
import { checkViews } from './check-answers.js';
import { containerName } from './container-name.js';
import { changesOf, readExisting, spacesOf } from './diff.js';
import { uncompared } from './foreign-containers.js';
import { uncomparedParents } from './foreign-parents.js';
import { remade, viewWithKept, withKept } from './kept-parts.js';
import { withKnownThrough } from './known-through.js';
import { replaceContainers } from './replace-containers.js';
import type { SchemaChange } from './schema-change.js';
import { definitionsOf, withParents } from './to-definitions.js';

/** How a schema is pushed. */
export interface PushOptions {
  /**
   * Deletes containers whose properties cannot be changed otherwise, with all their data, and makes
   * them anew, with the properties, indexes and constraints that they had besides. Other views that
   * are stored there lose their data too: the changes name them. The API takes the properties that
   * views have there along with the container; `push` writes them again, in every version of every
   * view. It writes the container and the views as they are first: where the API rejects that, or
   * the credentials cannot read one of the views, nothing is deleted. When the API rejects the new
   * container, the one of before and the views are made again, without the data, and the error says
   * so.
   * @default false: such a change is rejected
   */
  readonly allowDataLoss?: boolean | undefined;
}

/**
 * Makes the spaces, containers and views of a project like those here, in an order that works, with
 * the parents of views that are of the same space. What is in the project and not here is kept: the
 * view of an application that is older looks like that. A text, filter or default that both have
 * becomes that of here; `push` cannot know which is the later one. A property becomes required only
 * where every node that the credentials may read has a value of it, and a new one is required, with
 * a default, only where no node has data in the container; a node that is written without one while
 * `push` runs is not seen.
 *
 * @param connection a client or a transport
 * @returns what was done
 * @throws {ConfigError} before anything is sent, with every fault of the views; before anything is
 * written, that names each change which cannot be made, and why
 */
export async function push(
  connection: Connection,
  views: readonly AnyView[],
  options: PushOptions = {},
  call?: CallOptions,
): Promise<SchemaChange[]> {
  checkOptions(options, ['allowDataLoss'], 'push');
  checkSwitches(options, ['allowDataLoss'], 'push');
  const transport = transportOf(connection);
  const api = new DataModelingApi(transport);
  const { allowDataLoss = false } = options;
  const wanted = definitionsOf(views, 'push');
  const all = withParents(views);
  const existing = await readExisting(connection, { definitions: wanted, views: all }, call);
  const definitions = withKnownThrough(wanted, existing.views, all);
  const changes = await changesOf(connection, { definitions, views: all }, existing, call);
  const refused = changes.filter(
    ({ change }) => change === 'refused' || (change === 'losesData' && !allowDataLoss),
  );
  if (refused.length > 0) throw new ConfigError(`push: ${refused.map(describeChange).join('; ')}`);
  const names = (
    kind: SchemaChange['kind'],
    ...which: readonly SchemaChange['change'][]
  ): Set<string> =>
    new Set(
      changes
        .filter((each) => each.kind === kind && which.includes(each.change))
        .map(({ name }) => name),
    );
  const spaces = names('space', 'added');
  const lost = names('container', 'losesData');
  const containers = names('container', 'added', 'changed', 'losesData');
  const changed = names('view', 'added', 'changed');
  // Before anything is written: a fault in what follows a deletion would cost the container.
  const bodies = definitions.containers
    .filter((each) => containers.has(containerName(each)))
    .map((each): ContainerWrite => {
      const found = existing.containers.get(containerName(each));
      if (found === undefined) return each;
      return lost.has(containerName(each)) ? remade(each, found) : withKept(each, found);
    });
  const written = definitions.views
    .filter((view) => changed.has(viewKey(view)))
    .map((view) => viewWithKept(view, existing.views.get(viewKey(view))));
  toText({ containers: bodies, views: written }, 'push: ');
  const deleted = [...lost].flatMap((name) => existing.containers.get(name) ?? []);
  const others = await viewsBesides(api, changes, call);
  await api.spaces.upsert(
    definitions.spaces.filter(({ space }) => spaces.has(space)),
    call,
  );
  const stored = [...existing.views.values(), ...others];
  await replaceContainers(api, { containers: deleted, views: stored }, bodies, call);
  await api.views.upsert(written, call).catch((error: unknown) => {
    if (!CdfError.isInstance(error) || lost.size === 0) throw error;
    const hint = `the data of ${[...lost].join(', ')} was deleted before; ${leftViews(written, error)}; push again`;
    throw copyOfError(error, `${error.message}; ${hint}`, { cause: error });
  });
  const done = changes.filter(({ change }) => change !== 'kept');
  // The API answers with the schema of some seconds ago: what has just been written is not compared
  // with it. A view that stays has another answer too, where its container has changed.
  const pushed = spacesOf(definitions.spaces);
  const isCompared = (view: AnyView): boolean =>
    uncompared(view, pushed, existing).length === 0 &&
    uncomparedParents(view, all, existing.parents).length === 0;
  if (done.length > 0)
    for (const view of all) if (isCompared(view)) setChecked({ transport, view });
  return done;
}

/**
 * Views that are not pushed, and are stored in containers that lose their data.
 *
 * @throws {ConfigError} that names those which the credentials cannot read
 */
async function viewsBesides(
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
      `push: ${unknown.join(', ')} would lose properties, and cannot be read to write them again afterwards`,
    );
  return found;
}

/** Which views a failed write leaves written, and which as they were. */
function leftViews(
  written: readonly ViewWrite[],
  { successful, unknown }: CdfError<unknown>,
): string {
  const [done, open] = [successful, unknown].map(
    (part) => new Set((part as readonly ViewWrite[]).map(viewKey)),
  ) as [Set<string>, Set<string>];
  const names = written.map(viewKey);
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['written', [...done]],
    ['maybe written', [...open]],
    ['not written', names.filter((name) => !done.has(name) && !open.has(name))],
  ];
  return parts
    .filter(([, views]) => views.length > 0)
    .map(([state, views]) => `${state}: ${views.join(', ')}`)
    .join('; ');
}

/** A change for messages. */
export function describeChange({ kind, name, property, change, reason }: SchemaChange): string {
  const what = `${kind} ${name}${property === undefined ? '' : `, property ${property}`}`;
  const remedy = property === undefined ? '' : 'a property of another name keeps the data; ';
  const hint =
    change === 'losesData'
      ? ` (${remedy}allowDataLoss deletes the container and makes it anew)`
      : '';
  return `${what}: ${change}${reason === undefined ? '' : `: ${reason}`}${hint}`;
}
