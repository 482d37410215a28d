import { badRequest } from '../errors.js';

/** The uses of a property in filters, sorting and aggregates. */
export interface Property<T> {
  readonly kind: 'text' | 'number' | 'boolean' | 'textList' | 'numberList';
  /** The longest text it is compared with. */
  readonly maxLength?: number;
  readonly of: (item: T) => unknown;
}

/** The properties of one resource for filters, sorting and aggregates. */
export interface Properties<T> {
  readonly known: Readonly<Record<string, Property<T>>>;
  /** The longest text that metadata is compared with. */
  readonly metadataLength: number;
  /** Events compare metadata without regard to case. */
  readonly metadataIgnoresCase?: boolean;
  /** The longest part of a property's name. */
  readonly nameLength: number;
  /** Properties that `search` leaves may name. */
  readonly searchable: readonly string[];
  readonly sortable: readonly string[];
  readonly aggregatable: readonly string[];
}

type WithMetadata = { readonly metadata?: Readonly<Record<string, string>> | undefined };

/**
 * Finds a property by its path; refuses unknown ones. `["metadata"]` alone stands for any of the
 * values.
 */
export function propertyAt<T>(
  properties: Properties<T>,
  path: unknown,
): Property<T> & { readonly name: string } {
  const { nameLength, known, metadataLength, metadataIgnoresCase = false } = properties;
  const parts = checkPath(path, nameLength);
  const [first = '', key] = parts;
  if (first === 'metadata') {
    const fold = (value: string): string => (metadataIgnoresCase ? value.toLowerCase() : value);
    const pairs = (item: T): [string, string][] =>
      Object.entries((item as WithMetadata).metadata ?? {});
    const of = (item: T): unknown => {
      if (key === undefined) return pairs(item).map(([, value]) => fold(value));
      const found = pairs(item).find(([name]) => fold(name) === fold(key));
      return found === undefined ? undefined : fold(found[1]);
    };
    return {
      name: parts.join('.'),
      kind: key === undefined ? 'textList' : 'text',
      maxLength: metadataLength,
      of,
    };
  }
  const name = parts.join('.');
  const property = Object.hasOwn(known, name) ? known[name] : undefined;
  if (property === undefined) throw badRequest(`Unknown property: ${JSON.stringify(parts)}`);
  return { ...property, name };
}

/** True if a property path names metadata as a whole. */
export function isMetadata(path: unknown): boolean {
  return Array.isArray(path) && path.length === 1 && path[0] === 'metadata';
}

function checkPath(path: unknown, nameLength: number): string[] {
  const good =
    Array.isArray(path) &&
    path.length >= 1 &&
    path.length <= 2 &&
    path.every(
      (part) => typeof part === 'string' && part.trim() !== '' && part.length <= nameLength,
    );
  if (!good)
    throw badRequest(`property must be one or two names of at most ${nameLength} characters`);
  return path as string[];
}
