import { readObject, unexpected } from './answers.js';

/**
 * Reads the answer to a write that gives nothing back: no body, or an object.
 *
 * @throws {DecodeError} when it is something else, or an error with a status of success.
 */
export function readNothing(answer: unknown, label: string): void {
  if (answer === undefined || answer === null) return;
  const { error } = readObject(answer, label) as { readonly error?: unknown };
  if (error !== undefined && error !== null) throw unexpected(label, 'it has an error');
}
