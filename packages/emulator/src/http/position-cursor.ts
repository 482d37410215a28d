import { createHash } from 'node:crypto';
import { badRequest } from '../errors.js';
import { exactJsonText, parseExactJson } from './exact-json.js';

/** A cursor that holds a position of any form, and a mark of the request to which it belongs. */
export function positionCursor(mark: string, position: unknown): string {
  return Buffer.from(`${mark}.${exactJsonText(position)}`).toString('base64url');
}

/** The position of a cursor; refuses one of another request. */
export function readPosition(cursor: string, mark: string): unknown {
  const text = Buffer.from(cursor, 'base64url').toString();
  const dot = text.indexOf('.');
  if (dot < 0 || text.slice(0, dot) !== mark)
    throw badRequest(
      'The cursor does not belong to this request: it was given for another filter, sort or query.',
    );
  try {
    return parseExactJson(text.slice(dot + 1));
  } catch {
    throw badRequest('The cursor is not one that was given out.');
  }
}

/** A short mark of the query, which must stay the same from page to page. */
export function markOf(value: unknown): string {
  return createHash('sha256').update(exactJsonText(value)).digest('base64url').slice(0, 12);
}
