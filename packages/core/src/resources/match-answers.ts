import type { DecodeError } from '../errors.js';
import { type Identifier, identifierKey } from '../values/identifiers.js';
import type { ResourceName } from '../values/resource-name.js';
import { readPage, unexpected } from './answers.js';

// Apart from the other checks of answers: listings do not need it.

/**
 * The answered items in the order of the sent items. An item is told by its id, else its external
 * id, else its instance id; one that repeats no identity, or not the one that was sent, by its
 * position.
 *
 * @param sent the identities of each item that was sent: several where an update changes one
 * @param isWhole whether every sent item has an answer; else there may be fewer, where unknown ids
 * are ignored
 * @returns `undefined` at the place of an item without an answer, and the problem, if there is one
 */
export function matchAnswers<T extends object>(
  sent: readonly (readonly Identifier[])[],
  items: readonly T[],
  label: string,
  isWhole: boolean,
): { readonly results: (T | undefined)[]; readonly error?: DecodeError } {
  // The usual answer repeats the sent items, in their order.
  if (
    items.length === sent.length &&
    items.every((item, index) => repeats(item, sent[index] ?? []))
  )
    return { results: [...items] };
  const results: (T | undefined)[] = new Array(sent.length).fill(undefined);
  const places = new Map<string, number[]>();
  sent.forEach((identities, index) => {
    for (const key of identities.map(identifierKey))
      places.set(key, [...(places.get(key) ?? []), index]);
  });
  const unmatched: number[] = [];
  items.forEach((item, position) => {
    const found = identitiesOf(item).flatMap(
      (identity) => places.get(identifierKey(identity)) ?? [],
    );
    const free = found.find((index) => results[index] === undefined);
    if (free !== undefined) results[free] = item;
    else if (found.length === 0) unmatched.push(position);
  });
  let foreign = 0;
  for (const position of unmatched) {
    const item = items[position] as T;
    const isFree = items.length === sent.length && results[position] === undefined;
    if (isFree && !contradicts(item, sent[position] ?? [])) results[position] = item;
    else foreign++;
  }
  const answered = results.reduce<number>((count, item) => count + Number(item !== undefined), 0);
  const wrong =
    foreign > 0
      ? `${foreign} of its ${items.length} items were not asked for`
      : items.length > sent.length
        ? `it has ${items.length} items, expected ${sent.length}`
        : isWhole && answered < sent.length
          ? `it has ${answered} items, expected ${sent.length}`
          : undefined;
  return wrong === undefined ? { results } : { results, error: unexpected(label, wrong) };
}

/**
 * The items of an answer, in the order of the requested ones; `undefined` for a missing one.
 *
 * @throws {DecodeError} when it has others, or, where `isWhole`, lacks one.
 */
export function readRetrieved<T extends object>(
  answer: unknown,
  label: string,
  asked: readonly Identifier[],
  isWhole: boolean = false,
): readonly (T | undefined)[] {
  const { items } = readPage<T>(answer, label);
  const identities = asked.map((identifier) => [identifier]);
  const { results, error } = matchAnswers(identities, items, label, isWhole);
  if (error !== undefined) throw error;
  return results;
}

function repeats(item: object, sent: readonly Identifier[]): boolean {
  const { id, externalId, instanceId } = item as ResourceName;
  return (
    sent.length === 0 ||
    sent.some(
      (identity) =>
        (identity.id !== undefined && identity.id === id) ||
        (identity.externalId !== undefined && identity.externalId === externalId) ||
        (identity.instanceId !== undefined &&
          identity.instanceId.externalId === instanceId?.externalId &&
          identity.instanceId.space === instanceId?.space),
    )
  );
}

/** True if an item has another identity than the one that was sent, of the same kind. */
function contradicts(item: object, sent: readonly Identifier[]): boolean {
  const said = identitiesOf(item);
  return sent.some((identity) =>
    said.some(
      (other) => Object.keys(other)[0] === Object.keys(identity)[0] && !repeats(item, [identity]),
    ),
  );
}

/** Every identity that an item has. */
export function identitiesOf(item: object): Identifier[] {
  const { id, externalId, instanceId } = item as ResourceName;
  const identities: Identifier[] = [];
  if (typeof id === 'number') identities.push({ id });
  if (typeof externalId === 'string') identities.push({ externalId });
  if (typeof instanceId?.space === 'string' && typeof instanceId.externalId === 'string')
    identities.push({ instanceId: { space: instanceId.space, externalId: instanceId.externalId } });
  return identities;
}
