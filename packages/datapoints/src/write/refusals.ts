import { ApiError, type Identifier, type ResourceName } from '@cdf/core';
import { type ChunkFailure, identifierKey } from '@cdf/core/resource';
import type { InsertionPart } from '../wire/insertion.js';
import { countPoints } from './request.js';

/** After so many refusals the points that are not told apart by then count as refused. */
const MOST_REFUSALS = 1000;
/**
 * The same for a series without an accepted point: its values are probably all of the wrong kind.
 */
const MOST_IN_VAIN = 64;

/** Sends parts of a refused request again, and takes down their outcome. */
export interface Delivery {
  /** @returns how it failed, if it did */
  send(parts: readonly InsertionPart[]): Promise<ChunkFailure | undefined>;
  /** Is called once for each point. @param failure absent for points that were stored */
  settle(parts: readonly InsertionPart[], failure: ChunkFailure | undefined): void;
  /** True once nothing new may be sent. */
  isOver(): boolean;
}

/** A failure that refuses series or values. */
export type Refusal = ChunkFailure & { readonly error: ApiError };

/**
 * True for a 4xx that is about neither credentials nor load: other series and values may be
 * accepted.
 */
export function isRefusal(failure: ChunkFailure | undefined): failure is Refusal {
  const error = failure?.error;
  return (
    ApiError.isInstance(error) &&
    error.status >= 400 &&
    error.status < 500 &&
    ![401, 403, 408, 429].includes(error.status)
  );
}

/** True where a smaller request may be accepted. */
function isAboutContent({ error: { status, missing } }: Refusal): boolean {
  return missing.length > 0 || [400, 409, 413, 422].includes(status);
}

interface Suspect {
  readonly parts: readonly InsertionPart[];
  readonly points: number;
  /** The answer that refused these parts, together with others or alone. */
  readonly refusal: Refusal;
  /** The other half of what was refused. */
  sibling?: Suspect;
  /** The other half was accepted: this one has what is refused, and need not be sent as a whole. */
  isCulprit?: boolean;
}

/**
 * Stores what it can of a request that was refused: without the series that the error names, else
 * in halves until the culprit is on its own. It ends after at most 2,000 requests, and earlier for
 * a series without an accepted point in 64 tries. Points that are not told apart by then count as
 * refused.
 */
export async function sendAround(
  parts: readonly InsertionPart[],
  first: Refusal,
  delivery: Delivery,
): Promise<void> {
  const suspects: Suspect[] = [];
  /** Refusals of parts of one series until some of it is accepted. */
  const inVain = new Map<string, number>();
  const accepted = new Set<string>();
  let refusals = 0;

  const split = (refused: readonly InsertionPart[], refusal: Refusal): void => {
    const key = seriesOf(refused);
    const vain = key === undefined || accepted.has(key) ? 0 : (inVain.get(key) ?? 0) + 1;
    if (key !== undefined) inVain.set(key, vain);
    const { culprits, others } = named(refused, refusal.error);
    const isHopeless = ++refusals > MOST_REFUSALS || vain > MOST_IN_VAIN || delivery.isOver();
    if (culprits.length > 0 && !isHopeless) {
      delivery.settle(culprits, refusal);
      if (others.length > 0) suspects.push(suspect(others, refusal));
    } else if (isHopeless || countPoints(refused) === 1 || !isAboutContent(refusal))
      delivery.settle(refused, refusal);
    else {
      const [left, right] = halves(refused).map((half) => suspect(half, refusal)) as [
        Suspect,
        Suspect,
      ];
      left.sibling = right;
      right.sibling = left;
      suspects.push(left, right);
    }
  };

  split(parts, first);
  while (suspects.length > 0) {
    const next = suspects.splice(nextOf(suspects, accepted), 1)[0] as Suspect;
    if (delivery.isOver()) delivery.settle(next.parts, next.refusal);
    else if (next.isCulprit && next.points > 1) split(next.parts, next.refusal);
    else {
      const failure = inherited(await delivery.send(next.parts), next.refusal);
      if (isRefusal(failure)) split(next.parts, failure);
      else delivery.settle(next.parts, failure);
      if (failure !== undefined) continue;
      for (const part of next.parts) accepted.add(keyOf(part));
      if (next.sibling !== undefined) next.sibling.isCulprit = true;
    }
  }
}

/**
 * An attempt before the refusal of the whole may have stored its points: what its parts answer
 * cannot tell.
 */
function inherited(
  failure: ChunkFailure | undefined,
  { outcome }: Refusal,
): ChunkFailure | undefined {
  return failure && outcome === 'unknown' ? { ...failure, outcome } : failure;
}

function suspect(parts: readonly InsertionPart[], refusal: Refusal): Suspect {
  return { parts, points: countPoints(parts), refusal };
}

/**
 * The largest comes first, so that most is stored before the bound is reached. Where the largest
 * belongs to a series without an accepted point, the smallest of that series comes first: bad
 * values at even distances leave only small parts without one, and a few small requests tell such a
 * series from one that takes no value at all.
 */
function nextOf(suspects: readonly Suspect[], accepted: ReadonlySet<string>): number {
  let best = 0;
  for (let index = 1; index < suspects.length; index++)
    if ((suspects[index] as Suspect).points > (suspects[best] as Suspect).points) best = index;
  const key = seriesOf((suspects[best] as Suspect).parts);
  if (key === undefined || accepted.has(key)) return best;
  suspects.forEach(({ parts, points }, index) => {
    if (points < (suspects[best] as Suspect).points && seriesOf(parts) === key) best = index;
  });
  return best;
}

/** The key of the only series of some parts. */
function seriesOf(parts: readonly InsertionPart[]): string | undefined {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? keyOf(only) : undefined;
}

/** Separates the series that do not exist, by what an error says, from the others. */
function named(parts: readonly InsertionPart[], { missing }: ApiError) {
  const keys = new Set(missing.flatMap(keysOf));
  const culprits = keys.size === 0 ? [] : parts.filter((part) => keys.has(keyOf(part)));
  return {
    culprits,
    others: culprits.length === 0 ? parts : parts.filter((part) => !keys.has(keyOf(part))),
  };
}

function keyOf({ identifier }: InsertionPart): string {
  return identifierKey(identifier);
}

/** Every key that a name may be known by. */
export function keysOf({ id, externalId, instanceId }: ResourceName): string[] {
  const identifiers: (Identifier | undefined)[] = [
    id === undefined ? undefined : { id },
    externalId === undefined ? undefined : { externalId },
    typeof instanceId !== 'object' || instanceId === null ? undefined : { instanceId },
  ];
  return identifiers.filter((each) => each !== undefined).map(identifierKey);
}

/** Series are told apart first, then the points of one. */
function halves(parts: readonly InsertionPart[]): InsertionPart[][] {
  const [only] = parts;
  if (parts.length > 1 || only === undefined) {
    const middle = parts.length >>> 1;
    return [parts.slice(0, middle), parts.slice(middle)];
  }
  const middle = (only.from + only.to) >>> 1;
  return [[{ ...only, to: middle }], [{ ...only, from: middle }]];
}
