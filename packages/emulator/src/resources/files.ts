import { ApiError, badRequest } from '../errors.js';
import { FILES } from '../fields/files.js';
import type { Call, Route } from '../http/route.js';
import type { Reference } from '../model/common.js';
import type { CdfFile } from '../model/file.js';
import type { State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import type { Refusals } from '../storage/references.js';
import { countRoute } from './count.js';
import { byIdRoute, byIdsRoute, deleteRoute, type Kind, listRoute, updateRoute } from './crud.js';
import { getListRoute } from './get-list.js';
import { checkOwner, pendingRoute, withoutNodes } from './node-items.js';
import { searchRoute } from './query.js';

const refusals: Refusals = {
  missing: (missing) =>
    badRequest(named('File ids not found', 'Files ids not found', missing), { missing }),
  duplicated: (duplicated) =>
    new ApiError(409, named('Duplicate ids', 'Duplicate external ids', duplicated), { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, `Duplicate external ids: ${externalIds.join(', ')}`, {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};

/** The fields that the node of a file provides. */
export const OWNED_BY_NODES: readonly string[] = ['name', 'mimeType', 'directory'];

/** The endpoints under `/files` that concern metadata; contents are in `file-contents.ts`. */
export function fileRoutes(state: State): Route[] {
  const kind = fileKind(state);
  return [
    getListRoute(state, kind),
    listRoute(state, kind, { bodyRequired: true }),
    searchRoute(state, kind),
    byIdRoute(kind),
    byIdsRoute(kind, { instance: true }),
    updateRoute(state, kind, {
      instance: true,
      complete: (after, before, patch) => {
        checkOwner(before, patch, OWNED_BY_NODES);
        return after;
      },
    }),
    pendingRoute(state, kind),
    deleteRoute(state, kind, {
      widen: withoutNodes,
      committed: (deleted) => {
        for (const { content } of deleted) if (content !== undefined) state.dropContent(content);
      },
    }),
    countRoute(state, kind),
  ];
}

export function fileKind(state: State): Kind<CdfFile> {
  return {
    table: FILES,
    path: '/files',
    name: 'files',
    collection: state.files,
    refusals,
    textOf: fileText,
  };
}

/** The file as the API sends it. */
export function fileView(file: CdfFile): object {
  const { content: _own, ...view } = file;
  return view;
}

/** True if a query parameter of this call is set. */
export function flag(call: Call, name: string): boolean {
  const value = call.query.get(name);
  if (value !== null && value !== 'true' && value !== 'false')
    throw badRequest(`${name} must be true or false`);
  return value === 'true';
}

function fileText(entry: Entry<CdfFile>): string {
  entry.json ??= JSON.stringify(fileView(entry.item));
  return entry.json;
}

function named(byId: string, byExternalId: string, references: readonly Reference[]): string {
  const ids = references.filter(({ id }) => id !== undefined).map(({ id }) => String(id));
  if (ids.length > 0) return `${byId}: ${ids.join(', ')}`;
  return `${byExternalId}: ${references.map(({ externalId, instanceId }) => externalId ?? instanceId?.externalId).join(', ')}`;
}
