import { ApiError } from '@cdf/core';

// What the error of a transaction says about its items.

/** Tells whether an error would be the same for every item of the view. */
export function concernsAll({ status, message }: ApiError): boolean {
  return status === 404 || /One or more (views|containers) do not exist/i.test(message);
}

/** The status alone does not tell: 409 has other reasons too, and some servers refuse with 400. */
export function isConflict({ message }: ApiError): boolean {
  return /version conflict/i.test(message);
}

const NO_SPACE = /One or more spaces do not exist(.*)/is;

/** Tells whether an error is that of spaces that do not exist. */
export function isAboutSpaces(error: unknown): error is ApiError {
  return ApiError.isInstance(error) && error.status === 400 && NO_SPACE.test(error.message);
}

/** Of some spaces those that an error names because they do not exist. */
export function missingSpaces(error: unknown, spaces: ReadonlySet<string>): readonly string[] {
  if (!isAboutSpaces(error)) return [];
  // Up to the remedy that this package has added, and the id of the request.
  const [named = ''] = NO_SPACE.exec(error.message)?.[1]?.split(/;|\[request /) ?? [];
  const names = named.includes("'") ? quotedIn(named) : (named.match(/[a-z][\w-]*/gi) ?? []);
  return [...spaces].filter((space) => names.some((name) => name === space));
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(/'([^']+)'/g)].map(([, name]) => name as string);
}

/** Tells whether an error is about an item, so that the others can be written without it. */
export function isCulprit(error: unknown): error is ApiError {
  if (!ApiError.isInstance(error)) return false;
  const { status, autoRetryable } = error;
  const isAboutLoad = status === 408 || status === 429 || autoRetryable;
  return status >= 400 && status < 500 && status !== 401 && status !== 403 && !isAboutLoad;
}
