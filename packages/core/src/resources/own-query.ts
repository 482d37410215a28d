import { isLiteral } from '../values/is-literal.js';
import { ownCopy } from '../values/own-copy.js';
import { isObject } from './answers.js';

/**
 * False for what is no object with members, such as a map, or a promise that was not awaited. As a
 * query or as options it would mean none.
 */
export function hasMembers(value: unknown): value is object {
  return isObject(value) && (isLiteral(value) || Object.keys(value).length > 0);
}

/**
 * The query of a list as it is at the call, without its limit, and the limit.
 *
 * @returns what has no members as it is: it is refused with the first page
 */
export function ownQuery<Query extends { readonly limit?: number | undefined }>(
  query: Query,
): [body: Omit<Query, 'limit'>, limit: number | undefined] {
  const own = ownCopy(query);
  if (!hasMembers(own)) return [own, undefined];
  const { limit, ...body } = own;
  return [body, limit];
}
