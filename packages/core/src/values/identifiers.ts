import { ConfigError } from '../errors.js';
import { quoted } from './text.js';

/** A resource of the data modeling service, by its space and external id. */
export interface InstanceId {
  readonly space: string;
  readonly externalId: string;
}

/** Exactly one way to name a resource. */
export type Identifier =
  | { readonly id: number; readonly externalId?: undefined; readonly instanceId?: undefined }
  | { readonly externalId: string; readonly id?: undefined; readonly instanceId?: undefined }
  | { readonly instanceId: InstanceId; readonly id?: undefined; readonly externalId?: undefined };

/** Every way to name a resource. */
export const IDENTIFIER_NAMES: Readonly<Record<keyof Identifier, true>> = {
  id: true,
  externalId: true,
  instanceId: true,
};

/** What the API gives back of a named resource. */
export interface Identified {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** What an error or a message knows of a resource: any of its names. */
export interface ResourceName {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** A label by reference. */
export interface LabelReference {
  readonly externalId: string;
}

/** String to string, as CDF stores it. */
export type Metadata = Record<string, string>;

/**
 * The identifier alone, as the wire wants it: other properties of the argument are dropped.
 *
 * @throws {ConfigError} when none or several of `id`, `externalId`, `instanceId` are given, or the one given is not usable.
 */
export function toIdentifier(value: Identifier, what = 'identifier'): Identifier {
  // Counted by hand: calls name thousands of resources.
  const { id, externalId, instanceId } = (value ?? {}) as ResourceName;
  if (Number(id !== undefined) + Number(externalId !== undefined) + Number(instanceId !== undefined) !== 1)
    throw notOne(value, what);
  if (id !== undefined) {
    if (!Number.isSafeInteger(id) || id < 1)
      throw new ConfigError(`${what}: id must be a whole number from 1 to 2^53 - 1, got ${String(id)}`);
    return { id };
  }
  if (externalId !== undefined) {
    if (typeof externalId !== 'string') throw new ConfigError(`${what}: externalId must be a string`);
    return { externalId };
  }
  const { space, externalId: own } = instanceId as InstanceId;
  if (typeof space !== 'string' || typeof own !== 'string')
    throw new ConfigError(`${what}: instanceId needs a space and an externalId, both strings`);
  return { instanceId: { space, externalId: own } };
}

function notOne(value: Identifier, what: string): ConfigError {
  const given = (Object.keys(IDENTIFIER_NAMES) as (keyof Identifier)[]).filter((key) => value?.[key] !== undefined);
  return new ConfigError(
    given.length === 0
      ? `${what}: none of id, externalId, instanceId is set; give exactly one`
      : `${what}: ${given.join(' and ')} are both set; give exactly one`,
  );
}

/** A string that is equal for equal identifiers and different for different ones. */
export function identifierKey(identifier: Identifier): string {
  if (identifier.id !== undefined) return `id:${identifier.id}`;
  if (identifier.externalId !== undefined) return `externalId:${identifier.externalId}`;
  return `instanceId:${JSON.stringify([identifier.instanceId.space, identifier.instanceId.externalId])}`;
}

/** An identifier for people: `id 12`, `externalId "pump-1"`. Characters that act on a terminal or hide text are escaped. */
export function describeIdentifier(identifier: ResourceName): string {
  if (identifier.externalId !== undefined) return `externalId ${quoted(identifier.externalId)}`;
  if (identifier.id !== undefined) return `id ${identifier.id}`;
  if (identifier.instanceId !== undefined)
    return `instanceId ${quoted(identifier.instanceId.space)}/${quoted(identifier.instanceId.externalId)}`;
  return 'no identifier';
}

/** How like a name has to be to one that there is: more so where others are allowed, such as `state` beside `status`. */
const LIKENESS = { closed: 0.6, open: 0.75 };

/**
 * Refuses names, such as those of options, that there are not: they would do nothing, and nobody would know. In this file, because every program
 * that has names to check names resources as well: in one of its own it would be one more file to load.
 *
 * @param known has every name as a key
 * @param isOpen whether the caller may have more there, for purposes of its own: then only what is misspelt is refused
 * @throws {ConfigError} with the name that was meant, or else with all that there are.
 */
export function refuseUnknown(given: readonly string[], known: object, what: string, isOpen?: boolean): void {
  for (const name of given) {
    if (Object.hasOwn(known, name)) continue;
    let best = isOpen ? LIKENESS.open : LIKENESS.closed;
    let hint = isOpen ? '' : `there are ${Object.keys(known).join(', ')}`;
    for (const each of Object.keys(known)) {
      const likeness = likenessOf(String(name), each);
      if (likeness < best) continue;
      best = likeness;
      hint = `did you mean ${each}?`;
    }
    if (hint) throw new ConfigError(`${what}: there is no ${quoted(name)}; ${hint}`);
  }
}

/** Letters that come in the same order in both, as a part of all: 1 for names that are the same. */
function likenessOf(left: string, right: string): number {
  const letters = right.toLowerCase();
  let shared = 0;
  let end = 0;
  for (const letter of left.toLowerCase()) {
    const found = letters.indexOf(letter, end) + 1;
    if (found > 0) {
      end = found;
      shared += 2;
    }
  }
  return shared / (left.length + right.length);
}
