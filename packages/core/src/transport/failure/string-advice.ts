import { describeIdentifier } from '../../values/describe-identifier.js';
import type { ResourceName } from '../../values/resource-name.js';

/** Series that a message names. */
const MOST_NAMED = 5;

type Asked = ResourceName & { readonly aggregates?: unknown };

/**
 * The remedy for aggregates of series of strings; empty if the error is about something else.
 *
 * @param said the message of the API, which names no series
 */
export function stringAdvice(body: unknown, said: string): string {
  if (!(/string/i.test(said) && /aggregate/i.test(said))) return '';
  const { items, aggregates } = Object(body) as { items?: unknown; aggregates?: unknown };
  const asked = ((Array.isArray(items) ? items : []) as readonly (Asked | null)[]).filter(
    (item): item is Asked =>
      (item?.aggregates ?? (item && aggregates)) !== undefined && item !== null,
  );
  const names = asked.slice(0, MOST_NAMED).map(describeIdentifier).join(', ');
  if (asked.length <= 1) return names && `${names} holds strings: read it without aggregates`;
  const more = asked.length > MOST_NAMED ? ` and ${asked.length - MOST_NAMED} more` : '';
  return `one of ${names}${more} holds strings: timeSeries.retrieveMultiple says which, by isString; read it without aggregates`;
}
