import { ApiError, badRequest } from '../errors.js';
import { type Call, post, type Route } from '../http/route.js';
import type { State } from '../state.js';
import type { Entry } from '../storage/collection.js';
import {
  externalIdText,
  type GeoLocation,
  geoLocation,
  type InstanceId,
  idNumber,
  type LabelReference,
  labelReference,
  labels,
  METADATA_LIMITS,
  metadata,
  type Reference,
  timestamp,
} from '../validation/common.js';
import { array, type Check, integer, needed, object, parse, text, where } from '../validation/schema.js';
import { byIdRoute, byIdsRoute, deleteRoute, type Kind, listRoute, updateRoute } from './crud.js';
import { fileFilter, fileQueryParameters } from './file-filter.js';
import { getListRoute } from './get-list.js';
import { checkAddedLabels, checkAssets, checkDataSets, checkLabels } from './links.js';
import { list, metadataField, scalar } from './patch.js';
import { searchRoute } from './query.js';
import type { Refusals } from './references.js';

export interface CdfFile {
  readonly id: number;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
  readonly directory?: string | undefined;
  readonly source?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly assetIds?: readonly number[] | undefined;
  readonly dataSetId?: number | undefined;
  readonly sourceCreatedTime?: number | undefined;
  readonly sourceModifiedTime?: number | undefined;
  readonly securityCategories?: readonly number[] | undefined;
  readonly labels: readonly LabelReference[];
  readonly geoLocation?: GeoLocation | undefined;
  readonly uploaded: boolean;
  readonly uploadedTime?: number | undefined;
  readonly createdTime: number;
  readonly lastUpdatedTime: number;
  /** Where the content is; the emulator's own and never sent. */
  readonly content?: string | undefined;
}

export type FileCreate = Omit<
  CdfFile,
  'id' | 'uploaded' | 'uploadedTime' | 'createdTime' | 'lastUpdatedTime' | 'labels' | 'content'
> & {
  readonly labels?: readonly LabelReference[] | undefined;
};

const directory = where(text({ max: 512 }), (value) => (value.startsWith('/') ? undefined : 'must start with /'));
const fields = {
  externalId: externalIdText,
  directory,
  source: text({ max: 128 }),
  mimeType: text({ max: 256 }),
  metadata: metadata(METADATA_LIMITS.files),
  sourceCreatedTime: timestamp,
  sourceModifiedTime: timestamp,
  dataSetId: idNumber,
  geoLocation,
};
export const fileCreateCheck: Check<FileCreate> = object({
  ...fields,
  name: needed(text({ max: 256 })),
  assetIds: array(idNumber, { min: 1, max: 1000 }),
  securityCategories: array(integer({ min: 1 }), { max: 100 }),
  labels,
});

const patchFields = {
  externalId: scalar(fields.externalId),
  directory: scalar(directory),
  source: scalar(fields.source),
  mimeType: scalar(fields.mimeType),
  metadata: metadataField(METADATA_LIMITS.files),
  assetIds: list(idNumber, { max: 1000, nullable: true, dropsEmpty: true }),
  sourceCreatedTime: scalar(timestamp),
  sourceModifiedTime: scalar(timestamp),
  dataSetId: scalar(idNumber),
  securityCategories: list(integer({ min: 1 }), { max: 100, nullable: true }),
  labels: list(labelReference, { max: 10, keyOf: (label) => (label as LabelReference).externalId }),
  geoLocation: scalar(geoLocation),
};

const refusals: Refusals = {
  missing: (missing) => badRequest(named('File ids not found', 'Files ids not found', missing), { missing }),
  duplicated: (duplicated) =>
    new ApiError(409, named('Duplicate ids', 'Duplicate external ids', duplicated), { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, `Duplicate external ids: ${externalIds.join(', ')}`, {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};

/** The endpoints under `/files` that concern metadata; contents are in `file-contents.ts`. */
export function fileRoutes(state: State): Route[] {
  const kind = fileKind(state);
  const filter = fileFilter(state);
  return [
    getListRoute(kind, filter, fileQueryParameters),
    listRoute(kind, filter, { bodyRequired: true }),
    searchRoute(kind, filter, { members: { name: { max: 256, of: ['name'] } } }),
    byIdRoute(kind),
    byIdsRoute(kind, { instance: true }),
    updateRoute(state, kind, patchFields, {
      instance: true,
      complete: (after, _before, patch) => {
        checkAddedLabels(state, patch.labels);
        checkFileLinks(state, { ...after, labels: [] });
        return { ...after, labels: after.labels ?? [] };
      },
    }),
    deleteRoute(state, kind, {
      committed: (deleted) => {
        for (const { content } of deleted) if (content !== undefined) state.dropContent(content);
      },
    }),
    post('/files/aggregate', (body) => {
      const request = parse(object({ filter: filter.check }), body ?? {});
      const matches = filter.predicate(request.filter ?? {});
      let count = 0;
      for (const file of state.files.items()) if (matches(file)) count += 1;
      return { items: [{ count }] };
    }),
  ];
}

export function fileKind(state: State): Kind<CdfFile> {
  return { path: '/files', name: 'files', collection: state.files, refusals, textOf: fileText };
}

/** The file as the API sends it. */
export function fileView(file: CdfFile): object {
  const { content: _own, ...view } = file;
  return view;
}

export function checkFileLinks(state: State, file: FileCreate): void {
  checkDataSets(state, [file]);
  checkAssets(state, [file]);
  checkLabels(state, [file]);
}

/** Whether a query parameter of this call says yes. */
export function flag(call: Call, name: string): boolean {
  const value = call.query.get(name);
  if (value !== null && value !== 'true' && value !== 'false') throw badRequest(`${name} must be true or false`);
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
