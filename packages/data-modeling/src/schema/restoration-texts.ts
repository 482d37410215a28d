import { CdfError } from '@cdf/core';
import type { ContainerWrite } from '../api/schema-types.js';
import { containerName } from './container-name.js';

// What errors say of containers that were deleted.

/** What is known of the containers of a write, by name. */
export interface Account {
  readonly successful: ReadonlySet<string>;
  readonly unknown: ReadonlySet<string>;
}

/** The account of a failed write. */
export function accountOf(
  error: unknown,
): Record<'successful' | 'unknown' | 'failed' | 'notAttempted', ReadonlySet<string>> {
  const of = (part: 'successful' | 'unknown' | 'failed' | 'notAttempted') =>
    namesOf(CdfError.isInstance(error) ? error[part] : []);
  return {
    ...{ successful: of('successful'), unknown: of('unknown') },
    ...{ failed: of('failed'), notAttempted: of('notAttempted') },
  };
}

export function namesOf(items: readonly unknown[]): Set<string> {
  return new Set((items as readonly ContainerWrite[]).map(containerName));
}

/** `the container acme:A was deleted with all data`, and which others may be. */
export function describeDeletion(touched: readonly string[], deleted: ReadonlySet<string>): string {
  const sure = touched.filter((name) => deleted.has(name));
  // A deletion without an answer, or whose answer does not name the container, may have been done.
  const maybe = touched.filter((name) => !deleted.has(name));
  const say = (names: readonly string[], one: string, several: string): string[] =>
    names.length === 0
      ? []
      : [
          `the container${names.length === 1 ? '' : 's'} ${names.join(', ')} ${names.length === 1 ? one : several} deleted with all data`,
        ];
  return [...say(sure, 'was', 'were'), ...say(maybe, 'may have been', 'may have been')].join(', ');
}

/** What became of containers that were to be made again as before. */
export function describeMade(
  names: readonly string[],
  { successful, unknown }: Account,
  failure: unknown,
): string {
  const made = names.filter((name) => successful.has(name));
  const open = names.filter((name) => !successful.has(name) && unknown.has(name));
  const unmade = names.filter((name) => !successful.has(name) && !unknown.has(name));
  if (names.length === 0) return '';
  if (made.length === names.length) return ', and made again as before';
  const reason = `: ${(failure as Error).message}`;
  const were = names.length === 1 ? 'it was' : 'they were';
  if (open.length === names.length)
    return `, and it is unknown whether ${were} made again as before${reason}`;
  if (unmade.length === names.length) return `, and could not be made again as before${reason}`;
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['made again as before', made],
    ['maybe made again', open],
    ['not made again', unmade],
  ];
  const groups = parts.filter(([, group]) => group.length > 0);
  return `; ${groups.map(([state, group]) => `${state}: ${group.join(', ')}`).join('; ')}${reason}`;
}
