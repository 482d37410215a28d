import { describeIdentifier } from '../../values/describe-identifier.js';
import type { ResourceName } from '../../values/resource-name.js';

/** Series that a message names. */
const MOST_NAMED = 3;

type Asked = ResourceName & {
  readonly targetUnit?: unknown;
  readonly targetUnitSystem?: unknown;
  readonly unitExternalId?: unknown;
  readonly update?: { readonly unitExternalId?: { readonly set?: unknown } | null } | null;
};

/**
 * The remedy for a unit that CDF refuses; empty if the error is about something else.
 *
 * @param said the message of the API, which names no series
 */
export function unitAdvice(missing: readonly ResourceName[], body: unknown, said: string): string {
  const { items } = Object(body) as { readonly items?: unknown };
  const asked = (Array.isArray(items) ? items : []) as readonly (Asked | null)[];
  const units = new Set(asked.flatMap(unitsOf));
  if (missing.some(({ externalId }) => units.has(externalId)))
    return 'units are those of the catalogue of CDF, which all projects share, such as "pressure:bar"; GET /units lists them';
  if (missing.length > 0 || !/unit|convert/i.test(said)) return '';
  const converted = asked.filter(
    (item): item is Asked => (item?.targetUnit ?? item?.targetUnitSystem) !== undefined,
  );
  if (converted.length === 0) return '';
  const names = converted.slice(0, MOST_NAMED).map(describeIdentifier).join(', ');
  const more = converted.length > MOST_NAMED ? ` and ${converted.length - MOST_NAMED} more` : '';
  return `the query converts ${names}${more}: a series is converted from its unitExternalId, to units of the same quantity`;
}

/** Every unit that an item of a request names. */
function unitsOf(item: Asked | null): unknown[] {
  const { unitExternalId, targetUnit, update } = Object(item) as Asked;
  return [unitExternalId, targetUnit, update?.unitExternalId?.set].filter(
    (unit) => unit !== undefined,
  );
}
