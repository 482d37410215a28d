import { type CallOptions, NotFoundError } from '@cdf/core';
import { unexpected } from '@cdf/core/resource';
import { DataModelingApi, type VersionedName } from '../api/data-modeling-api.js';
import type { DataModel, ViewDefinition } from '../api/schema-types.js';
import { checkOptions, checkSwitches } from '../nodes/check-options.js';
import type { ViewReference } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { type Connection, transportOf } from '../wire/send.js';
import { checkViews, checkViewsOf, VIEWS } from './check-answers.js';
import { circleOf } from './circles.js';
import { readThrough } from './read-through.js';
import { type SourceTextOptions, toSourceText } from './source-text.js';
import { namedByThrough } from './through.js';

/** Views that a message names. */
const MOST_NAMED = 10;

/**
 * The views of a data model as the source of a TypeScript module, in a stable order. Two requests,
 * and one more for each 100 views; one where reverse relations go through a property that the API has
 * as that of a view which the model does not name. A property that no view of the library can have,
 * such as one of a type that is newer, is a comment in the source, and so is a reverse relation
 * through such a property.
 *
 * @param connection a client or a transport
 * @throws {NotFoundError} for an unknown model, for views that it names and that do not exist any
 * more, and for such parents of its views
 */
export async function pull(
  connection: Connection,
  model: VersionedName,
  options: SourceTextOptions = {},
  call?: CallOptions,
): Promise<string> {
  checkOptions(options, ['declarations', 'module'], 'pull');
  checkSwitches(options, ['declarations'], 'pull');
  const own = { ...options };
  const views = await readViews(connection, { ...model }, call);
  return toSourceText([...views.values()], own, await readOutside(connection, views, call));
}

/** Views outside the model that tell what its reverse relations go through, if they can be read. */
async function readOutside(
  connection: Connection,
  views: ReadonlyMap<string, ViewDefinition>,
  call?: CallOptions,
): Promise<ViewDefinition[]> {
  const names = namedByThrough(views.values()).filter((name) => !views.has(viewKey(name)));
  return readThrough(connection, names, call);
}

/** The views of a data model, each with its own properties only, and those that they implement. */
async function readViews(
  connection: Connection,
  model: VersionedName,
  call?: CallOptions,
): Promise<Map<string, ViewDefinition>> {
  const api = new DataModelingApi(transportOf(connection));
  const found = await api.dataModels.retrieve(model, {}, call);
  if (found === undefined)
    throw new NotFoundError(
      `pull: the project has no data model ${model.space}:${model.externalId}/${model.version ?? 'any version'}`,
      {
        status: 400,
        missing: [{ instanceId: { space: model.space, externalId: model.externalId } }],
      },
    );
  const views = new Map<string, ViewDefinition>();
  const asked = new Map<string, Asked>();
  let open = checkViewsOf(found).map((name): Asked => ({ name }));
  while (open.length > 0) {
    for (const each of open) asked.set(viewKey(each.name), each);
    const read = checkViews(
      await api.views.retrieveMultiple(
        open.map(({ name }) => name),
        { includeInheritedProperties: false, ignoreUnknownIds: true },
        call,
      ),
    );
    for (const view of read) views.set(viewKey(view), view);
    const parents = read.flatMap(({ implements: all = [], ...child }) =>
      all.map(({ space, externalId, version }) => ({
        name: { space, externalId, version },
        child,
      })),
    );
    open = [...new Map(parents.map((each) => [viewKey(each.name), each])).values()].filter(
      ({ name }) => !asked.has(viewKey(name)),
    );
  }
  refuseMissing(
    [...asked.values()].filter(({ name }) => !views.has(viewKey(name))),
    found,
  );
  refuseCircles(views);
  return views;
}

/** A view that was asked for: as one of the model, or as a parent. */
interface Asked {
  readonly name: ViewReference;
  readonly child?: ViewReference;
}

function refuseMissing(missing: readonly Asked[], model: DataModel): void {
  if (missing.length === 0) return;
  const texts = missing
    .slice(0, MOST_NAMED)
    .map(({ name, child }) =>
      child === undefined ? viewKey(name) : `${viewKey(name)}, which ${viewKey(child)} implements`,
    );
  if (missing.length > MOST_NAMED) texts.push(`${missing.length - MOST_NAMED} more`);
  throw new NotFoundError(
    `pull: the data model ${viewKey(model)} needs views that do not exist, or that the credentials cannot read: ${texts.join('; ')}. Push these views, or delete the model and upsert it without what names them, or upsert a new version of it: an upsert keeps views that it leaves out`,
    {
      status: 400,
      missing: missing.map(({ name: { space, externalId } }) => ({
        instanceId: { space, externalId },
      })),
    },
  );
}

function refuseCircles(views: ReadonlyMap<string, ViewDefinition>): void {
  const circle = circleOf(views.values(), viewKey, ({ implements: parents = [] }) =>
    parents.flatMap((parent) => views.get(viewKey(parent)) ?? []),
  );
  if (circle === undefined) return;
  const names = [...circle, circle[0] as ViewDefinition].map(viewKey);
  throw unexpected(VIEWS, `views implement each other: ${names.join(' implements ')}`);
}
