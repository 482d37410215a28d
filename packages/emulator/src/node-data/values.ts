import type { Entry } from '../instances/entry.js';

/** A text of an instance, if it has one. */
export function textAt({ data }: Entry, code: string, identifier: string): string | undefined {
  const value = data[code]?.[identifier];
  return typeof value === 'string' ? value : undefined;
}
