import { DecodeError, type Identifier } from '@cdf/core';
import { describeIdentifier, identifierKey } from '@cdf/core/resource';
import type { SeriesInfo } from '../datapoints-types.js';
import type { AnswerItem } from '../wire/answer-item.js';

/**
 * The series of an answer in the order of the request. Each is told by the identity that it
 * repeats, in any order; one that does not repeat it, by its position.
 *
 * @param isWhole whether every series must be there; else those that are unknown are undefined
 * @throws {DecodeError} when they cannot be an answer to that
 */
export function matchSeries(
  asked: readonly Identifier[],
  items: readonly AnswerItem[],
  isWhole: boolean,
): (AnswerItem | undefined)[] {
  const matched: (AnswerItem | undefined)[] = new Array(asked.length).fill(undefined);
  const silent: number[] = [];
  let free = 0;
  items.forEach((item, position) => {
    // The usual answer has the order of the request.
    while (matched[free] !== undefined) free++;
    const place = placeOf(item, asked, matched, free);
    if (place === undefined) silent.push(position);
    else matched[place] = item;
  });
  for (const position of silent) {
    const item = items[position] as AnswerItem;
    const identity = asked[position];
    const isFree = items.length === asked.length && matched[position] === undefined;
    if (identity === undefined || !isFree || repeats(item, identity) === false)
      throw unexpectedSeries(
        asked,
        items,
        `: ${describeIdentifier(item.info)} was not asked for, or appears too often`,
      );
    matched[position] = item;
  }
  if (isWhole && items.length < asked.length) throw unexpectedSeries(asked, items);
  checkTwins(asked, matched, items);
  return matched;
}

/** The identity of a series in an answer. A series without one keeps the name of the request. */
export function namedAs(identifier: Identifier, item: AnswerItem): SeriesInfo {
  return repeats(item, identifier) === true
    ? item.info
    : ({ ...item.info, ...identifier } as SeriesInfo);
}

/**
 * The first free place of a series that repeats its identity: parts of one series come in the order
 * in which they were asked for.
 *
 * @param free the first free place of all
 */
function placeOf(
  item: AnswerItem,
  asked: readonly Identifier[],
  matched: readonly unknown[],
  free: number,
): number | undefined {
  for (let place = free; place < asked.length; place++)
    if (matched[place] === undefined && repeats(item, asked[place] as Identifier) === true)
      return place;
  return undefined;
}

/**
 * True if a series has the requested identity; undefined where it has no identity of that kind.
 */
function repeats(
  { info }: AnswerItem,
  { id, externalId, instanceId }: Identifier,
): boolean | undefined {
  // Protobuf says 0 where there is no id.
  if (id !== undefined) return info.id ? info.id === id : undefined;
  if (externalId !== undefined)
    return info.externalId === undefined ? undefined : info.externalId === externalId;
  const said = info.instanceId;
  return said && said.space === instanceId.space && said.externalId === instanceId.externalId;
}

/** A series requested twice appears twice, or is unknown. */
function checkTwins(
  asked: readonly Identifier[],
  matched: readonly unknown[],
  items: readonly AnswerItem[],
): void {
  if (items.length === asked.length) return;
  const found = new Set(
    asked.filter((_, index) => matched[index] !== undefined).map(identifierKey),
  );
  const lost = asked.find(
    (identity, index) => matched[index] === undefined && found.has(identifierKey(identity)),
  );
  if (lost !== undefined)
    throw unexpectedSeries(
      asked,
      items,
      `: ${describeIdentifier(lost)} appears less often than it was asked for`,
    );
}

function unexpectedSeries(
  asked: readonly unknown[],
  items: readonly unknown[],
  what = '',
): DecodeError {
  return new DecodeError(
    `data points: the answer has ${items.length} series, expected ${asked.length}${what}`,
  );
}
