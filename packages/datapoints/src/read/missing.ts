import { NotFoundError, type ResourceName } from '@cdf/core';

/**
 * True if an error names series that do not exist: then the others are requested as well, so that
 * all are named.
 */
export function isMissing(error: unknown): error is NotFoundError {
  return NotFoundError.isInstance(error) && error.missing.length > 0;
}

/** The first of some errors, with what all of them name. */
export function mergeMissing(errors: readonly NotFoundError[]): NotFoundError | undefined {
  const [first] = errors;
  if (first === undefined || errors.length === 1) return first;
  return new NotFoundError(first.message, {
    ...first,
    missing: distinct(errors.flatMap(({ missing }) => missing)),
    duplicated: distinct(errors.flatMap(({ duplicated }) => duplicated)),
    cause: first,
  });
}

function distinct(names: readonly ResourceName[]): ResourceName[] {
  return [...new Map(names.map((name) => [JSON.stringify(name), name])).values()];
}
