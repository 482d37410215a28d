import { type CallOptions, NotFoundError } from '@cdf/core';
import { DataModelingApi, type VersionedName } from '../api/data-modeling-api.js';
import type { ViewDefinition } from '../api/schema-types.js';
import { checkOptions, checkSwitches } from '../nodes/check-options.js';
import { viewKey } from '../view/properties.js';
import { type Connection, transportOf } from '../wire/send.js';
import { type SourceTextOptions, toSourceText } from './source-text.js';

/**
 * The views of a data model as the source of a TypeScript module, in a stable order. Two requests,
 * and one more for each 100 views.
 *
 * @param connection a client or a transport
 * @throws {NotFoundError} for an unknown model
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
  return toSourceText(await readViews(connection, { ...model }, call), own);
}

/** The views of a data model, each with its own properties only, and those that they implement. */
async function readViews(
  connection: Connection,
  model: VersionedName,
  call?: CallOptions,
): Promise<ViewDefinition[]> {
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
  let open = found.views.map(({ space, externalId, version }) => ({ space, externalId, version }));
  while (open.length > 0) {
    const read = await api.views.retrieveMultiple(
      open,
      { includeInheritedProperties: false, ignoreUnknownIds: true },
      call,
    );
    for (const view of read) views.set(viewKey(view), withoutNulls(view));
    const parents = read
      .flatMap((view) => view.implements ?? [])
      .filter((parent) => !views.has(viewKey(parent)));
    open = [
      ...new Map(
        parents.map(({ space, externalId, version }) => [
          viewKey({ space, externalId, version }),
          { space, externalId, version },
        ]),
      ).values(),
    ];
    // A parent that does not exist any more is not requested again.
    if (read.length === 0) break;
  }
  return [...views.values()];
}

/** The view without members that are null: answers may say so of what is not there. */
function withoutNulls(view: ViewDefinition): ViewDefinition {
  const properties = Object.entries(view.properties).map(([name, property]) => [
    name,
    { ...present(property), ...(property.type && { type: present(property.type) }) },
  ]);
  return { ...present(view), properties: Object.fromEntries(properties) };
}

function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as T;
}
