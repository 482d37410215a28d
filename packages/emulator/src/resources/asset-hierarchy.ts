import { badRequest } from '../errors.js';
import { ASSETS } from '../fields/assets.js';
import { itemMaker } from '../fields/derive.js';
import type { Asset, AssetCreate } from '../model/asset.js';
import type { Reference } from '../model/common.js';
import type { State } from '../state.js';
import { wordedRefusals } from '../storage/references.js';
import { stamp } from './create.js';

type Draft = AssetCreate & { readonly id: number };

/**
 * Gives new assets their ids and finds their parents, in the same request (in any order) or among
 * the stored ones.
 */
export function linkNewAssets(state: State, items: readonly AssetCreate[], now: number): Asset[] {
  const drafts: Draft[] = items.map((item) => ({ ...item, id: state.assets.newId() }));
  const byExternalId = new Map(drafts.map((draft) => [draft.externalId, draft]));
  const rootIds = new Map<number, number>();
  const missing: Reference[] = [];
  const rootOf = (draft: Draft, above: ReadonlySet<Draft>): number => {
    const known = rootIds.get(draft.id);
    if (known !== undefined) return known;
    if (above.has(draft)) throw badRequest("The assets of the request are each other's parents");
    const parent = parentOf(state, draft, byExternalId);
    const root =
      parent === undefined
        ? draft.id
        : 'rootId' in parent
          ? parent.rootId
          : rootOf(parent, new Set([...above, draft]));
    rootIds.set(draft.id, root);
    return root;
  };
  for (const draft of drafts) {
    if (parentIsMissing(state, draft, byExternalId)) missing.push(parentKey(draft));
  }
  if (missing.length > 0) throw badRequest('Reference to unknown parent', { missing });
  const make = itemMaker<Draft>(ASSETS);
  return drafts.map((draft) => {
    const { parentExternalId: _resolved, ...own } = draft;
    const parentId = parentOf(state, draft, byExternalId)?.id;
    const item = stamp(make(own), draft.id, now);
    const rootId = rootOf(draft, NOTHING);
    return parentId === undefined ? { ...item, rootId } : { ...item, rootId, parentId };
  });
}

const NOTHING: ReadonlySet<Draft> = new Set();

/** A parent may change within the same tree; a root stays one. */
export function moveAsset(
  state: State,
  after: Asset,
  before: Asset,
  patch: Record<string, unknown>,
): Asset {
  const { parentExternalId, ...asset } = after as Asset & { parentExternalId?: string };
  if (patch.parentId === undefined && patch.parentExternalId === undefined) return asset;
  if (patch.parentId !== undefined && patch.parentExternalId !== undefined) {
    throw badRequest('An update must not have both parentId and parentExternalId');
  }
  const key: Reference =
    parentExternalId === undefined ? { id: asset.parentId } : { externalId: parentExternalId };
  const parent =
    key.id === undefined
      ? state.assets.getByExternalId(key.externalId ?? '')
      : state.assets.get(key.id);
  if (parent === undefined) throw wordedRefusals('Asset').missing([key]);
  if (before.parentId === undefined) throw badRequest('A root asset cannot be given a parent');
  if (parent.rootId !== before.rootId) throw badRequest('An asset cannot be moved to another root');
  if (state.tree.pathTo(parent).includes(before.id))
    throw badRequest('An asset cannot be moved below itself');
  return { ...asset, parentId: parent.id };
}

function parentOf(
  state: State,
  draft: Draft,
  byExternalId: ReadonlyMap<string | undefined, Draft>,
): Asset | Draft | undefined {
  if (draft.parentId !== undefined) return state.assets.get(draft.parentId);
  if (draft.parentExternalId === undefined) return undefined;
  return (
    byExternalId.get(draft.parentExternalId) ?? state.assets.getByExternalId(draft.parentExternalId)
  );
}

function parentIsMissing(
  state: State,
  draft: Draft,
  byExternalId: ReadonlyMap<string | undefined, Draft>,
): boolean {
  const named = draft.parentId !== undefined || draft.parentExternalId !== undefined;
  return named && parentOf(state, draft, byExternalId) === undefined;
}

function parentKey(draft: Draft): Reference {
  return draft.parentId === undefined
    ? { externalId: draft.parentExternalId }
    : { id: draft.parentId };
}
