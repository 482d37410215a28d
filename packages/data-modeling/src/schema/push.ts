import { type CallOptions, ConfigError } from '@cdf/core';
import { DataModelingApi } from '../api/data-modeling-api.js';
import type { ContainerWrite, ViewWrite } from '../api/schema-types.js';
import { checkOptions, checkSwitches } from '../nodes/check-options.js';
import { setChecked } from '../nodes/checked-views.js';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { toText } from '../wire/exact-json.js';
import { type Connection, transportOf } from '../wire/send.js';
import { refuseMissingParents, viewsBesides } from './before-deletion.js';
import { containerName } from './container-name.js';
import { changesOf, readExisting, spacesOf } from './diff.js';
import { uncompared } from './foreign-containers.js';
import { keysOf, uncomparedParents } from './foreign-parents.js';
import { remade, viewWithKept, withKept } from './kept-parts.js';
import { withKnownThrough } from './known-through.js';
import { replaceContainers } from './replace-containers.js';
import type { SchemaChange } from './schema-change.js';
import { definitionsOf, withParents } from './to-definitions.js';
import { tryWithoutLoss, withoutLoss } from './try-without-loss.js';
import { describeLacking, type UnwrittenView, unwrittenError, writeViews } from './write-views.js';

/** How a schema is pushed. */
export interface PushOptions {
  /**
   * Deletes containers whose properties cannot be changed otherwise, with all their data, and makes
   * them anew, with the properties, indexes and constraints that they had besides. Other views that
   * are stored there lose their data too: the changes name them. The API takes the properties that
   * views have there along with the container; `push` writes them again, in every version of every
   * view.
   *
   * Nothing is deleted where the API takes the container without a deletion: another push has
   * changed it, and reads were of before. `push` then writes the container and the views as they
   * are: where the API rejects that, the container was made anew since it was read, or the
   * credentials cannot read one of the views, nothing is deleted either.
   *
   * When the API rejects the new container, the one of before and the views are made again, without
   * the data, and the error says so. A view that it rejects costs no other view its properties:
   * `failed` and `unknown` of the error have those that were not written. The `signal` and the
   * `timeoutMs` of the call do not end what is made again after a deletion: each of these requests
   * has the time of a call without options, its retries included.
   *
   * A process that ends between the deletion and the last of these writes makes nothing again:
   * indexes, constraints, the properties that only the project has, and those of views of others
   * are gone. Keep what `pull` gives of each model that has such views, and what
   * `containers.retrieve` and `views.retrieveMultiple` give.
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
  const definitions = await withKnownThrough(connection, wanted, existing.views, all, call);
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
  const others = await viewsBesides(api, changes, call);
  if (lost.size > 0) {
    const isNew = (view: ViewWrite): boolean => !existing.views.has(viewKey(view));
    const added = definitions.views.filter(isNew);
    await refuseMissingParents(api, { added, pushed: definitions.views }, call);
  }
  await api.spaces.upsert(
    definitions.spaces.filter(({ space }) => spaces.has(space)),
    call,
  );
  const risky = bodies.filter((each) => lost.has(containerName(each)));
  const safe = await tryWithoutLoss(api, risky, existing.containers, call);
  for (const name of safe) lost.delete(name);
  const lacking = await replaceContainers(
    api,
    {
      containers: [...lost].flatMap((name) => existing.containers.get(name) ?? []),
      views: [...existing.views.values(), ...others],
    },
    bodies.filter((each) => !safe.has(containerName(each))),
    call,
  );
  if (lost.size === 0) await api.views.upsert(written, call);
  else await writeAfterLoss(api, { lost, lacking, written }, call);
  const done = withoutLoss(changes, safe).filter(({ change }) => change !== 'kept');
  // The API answers with the schema of some seconds ago: what has just been written is not compared
  // with it. A view that stays has another answer too, where its container has changed.
  const pushed = spacesOf(definitions.spaces);
  const keys = keysOf(all);
  const isCompared = (view: AnyView): boolean =>
    uncompared(view, pushed, existing).length === 0 &&
    uncomparedParents(view, keys, existing.parents).length === 0;
  if (done.length > 0)
    for (const view of all) if (isCompared(view)) setChecked({ transport, view });
  return done;
}

/**
 * Writes the views that are pushed. One that is rejected keeps no other from being written: their
 * containers are made anew.
 */
async function writeAfterLoss(
  api: DataModelingApi,
  {
    lost,
    lacking,
    written,
  }: {
    readonly lost: ReadonlySet<string>;
    readonly lacking: readonly UnwrittenView[];
    readonly written: readonly ViewWrite[];
  },
  call?: CallOptions,
): Promise<void> {
  const before = new Map(lacking.map((each) => [viewKey(each.view), each]));
  // The API may take what is pushed where it did not take the view as it was, with another filter.
  const bodies = written.map((view): ViewWrite => {
    const properties = { ...before.get(viewKey(view))?.view.properties, ...view.properties };
    return { ...view, properties };
  });
  const unwritten = await writeViews(api, bodies, call);
  const missing = new Set(unwritten.map(({ view }) => viewKey(view)));
  const done = bodies.filter((view) => !missing.has(viewKey(view)));
  for (const view of done) before.delete(viewKey(view));
  const others = [...before.values()].filter(({ view }) => !missing.has(viewKey(view)));
  const left = [...unwritten, ...others];
  if (left.length === 0) return;
  const hint = [
    `the data of ${[...lost].join(', ')} was deleted before`,
    ...leftViews(unwritten.length > 0 ? done : [], unwritten),
    ...(before.size === 0 ? [] : [describeLacking([...before.values()].map(({ view }) => view))]),
    ...(others.length === 0
      ? []
      : ['correct and write these with views.upsert: failed and unknown of this error have them']),
    ...(unwritten.length === 0 ? [] : ['push again']),
  ];
  throw unwrittenError(left, done, hint.join('; '));
}

/** Which views a failed write leaves written, and which as they were. */
function leftViews(done: readonly ViewWrite[], unwritten: readonly UnwrittenView[]): string[] {
  const of = (isOpen: boolean): ViewWrite[] =>
    unwritten.filter((each) => each.isOpen === isOpen).map(({ view }) => view);
  const parts: readonly (readonly [string, readonly ViewWrite[]])[] = [
    ['written', done],
    ['maybe written', of(true)],
    ['not written', of(false)],
  ];
  return parts
    .filter(([, views]) => views.length > 0)
    .map(([state, views]) => `${state}: ${views.map(viewKey).join(', ')}`);
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
