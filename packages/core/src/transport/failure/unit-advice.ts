import { describeIdentifier } from '../../values/describe-identifier.js';
import type { ResourceName } from '../../values/resource-name.js';

/** Series that a message names. */
const MOST_NAMED = 3;

type Asked = ResourceName & {
  readonly targetUnit?: unknown;
  readonly targetUnitSystem?: unknown;
};

/**
 * The remedy for a unit that CDF refuses; empty if the error is about something else.
 *
 * @param said the message of the API, which names no series
 */
export function unitAdvice(missing: readonly ResourceName[], body: unknown, said: string): string {
  if (missing.some(({ externalId }) => externalId !== undefined && isUnit(externalId, body)))
    return 'units are those of the catalogue of CDF, which all projects share, such as "pressure:bar"; GET /units lists them';
  if (missing.length > 0 || !/unit|convert/i.test(said)) return '';
  const { items } = Object(body) as { readonly items?: unknown };
  const asked = (Array.isArray(items) ? items : []).filter(
    (item: Partial<Asked> | null) => (item?.targetUnit ?? item?.targetUnitSystem) !== undefined,
  ) as Asked[];
  if (asked.length === 0) return '';
  const names = asked.slice(0, MOST_NAMED).map(describeIdentifier).join(', ');
  const more = asked.length > MOST_NAMED ? ` and ${asked.length - MOST_NAMED} more` : '';
  return `another unit was asked of ${names}${more}: a series is converted from its unitExternalId, to units of the same quantity`;
}

/** True if a request names a unit. */
function isUnit(name: string, body: unknown): boolean {
  const text = JSON.stringify(body) ?? '';
  const value = JSON.stringify(name);
  return [
    `"unitExternalId":${value}`,
    `"unitExternalId":{"set":${value}`,
    `"targetUnit":${value}`,
  ].some((part) => text.includes(part));
}
