import { badRequest } from '../errors.js';
import type { State } from '../state.js';
import type { LabelReference } from '../validation/common.js';

/** Refuses items whose data set does not exist. */
export function checkDataSets(state: State, items: readonly { readonly dataSetId?: number | undefined }[]): void {
  const unknown = new Set<number>();
  for (const { dataSetId } of items) {
    if (dataSetId !== undefined && state.dataSets.get(dataSetId) === undefined) unknown.add(dataSetId);
  }
  if (unknown.size > 0) {
    throw badRequest(`Data set ids not found: ${[...unknown].join(', ')}`, {
      missing: [...unknown].map((id) => ({ id })),
    });
  }
}

/** Refuses items with labels that are not defined. */
export function checkLabels(
  state: State,
  items: readonly { readonly labels?: readonly LabelReference[] | undefined }[],
): void {
  const unknown = new Set<string>();
  for (const { labels = [] } of items) {
    for (const { externalId } of labels)
      if (state.labels.getByExternalId(externalId) === undefined) unknown.add(externalId);
  }
  if (unknown.size > 0) {
    const missing = [...unknown].map((externalId) => ({ externalId }));
    throw badRequest(`Labels not found: ${[...unknown].join(', ')}`, { missing });
  }
}

/** Refuses items that name assets which do not exist. */
export function checkAssets(
  state: State,
  items: readonly { readonly assetId?: number | undefined; readonly assetIds?: readonly number[] | undefined }[],
): void {
  const unknown = new Set<number>();
  for (const { assetId, assetIds = [] } of items) {
    for (const id of assetId === undefined ? assetIds : [assetId])
      if (state.assets.get(id) === undefined) unknown.add(id);
  }
  if (unknown.size > 0) {
    throw badRequest(`Asset ids not found: ${[...unknown].join(', ')}`, {
      missing: [...unknown].map((id) => ({ id })),
    });
  }
}

/** Refuses a labels patch that adds what is not defined; removing may name anything. */
export function checkAddedLabels(state: State, patch: unknown): void {
  const { set, add } = (patch ?? {}) as { set?: LabelReference[]; add?: LabelReference[] };
  checkLabels(state, [{ labels: [...(set ?? []), ...(add ?? [])] }]);
}
