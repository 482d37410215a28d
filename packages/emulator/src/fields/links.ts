import { badRequest } from '../errors.js';
import type { LabelReference } from '../model/common.js';
import type { Lookup } from './lookup.js';

/** Refuses data sets that do not exist. */
export function checkDataSets(
  { dataSets }: Pick<Lookup, 'dataSets'>,
  ids: readonly number[],
): void {
  refuse(
    'Data set ids not found',
    ids.filter((id) => dataSets.get(id) === undefined),
    (id) => ({ id }),
  );
}

/** Refuses assets that do not exist. */
export function checkAssets({ assets }: Pick<Lookup, 'assets'>, ids: readonly number[]): void {
  refuse(
    'Asset ids not found',
    ids.filter((id) => assets.get(id) === undefined),
    (id) => ({ id }),
  );
}

/** Refuses labels that are not defined. */
export function checkLabels(
  { labels }: Pick<Lookup, 'labels'>,
  given: readonly LabelReference[],
): void {
  refuse(
    'Labels not found',
    given
      .map(({ externalId }) => externalId)
      .filter((externalId) => labels.getByExternalId(externalId) === undefined),
    (externalId) => ({ externalId }),
  );
}

function refuse<K>(message: string, unknown: readonly K[], keyOf: (key: K) => object): void {
  if (unknown.length === 0) return;
  const distinct = [...new Set(unknown)];
  throw badRequest(`${message}: ${distinct.join(', ')}`, { missing: distinct.map(keyOf) });
}
