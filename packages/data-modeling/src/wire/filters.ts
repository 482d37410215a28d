import type { AnyView } from '../view/definition.js';

/** A filter in the API's form. */
export type WireFilter = Readonly<Record<string, unknown>>;

/** All of some filters. */
export function allOf(filters: readonly (WireFilter | undefined)[]): WireFilter | undefined {
  const given = filters.filter((filter) => filter !== undefined);
  return given.length > 1 ? { and: given } : given[0];
}

/** The filter of the nodes with data in the view. */
export function hasData(view: AnyView): WireFilter {
  const { space, externalId, version } = view;
  return { hasData: [{ type: 'view', space, externalId, version }] };
}
