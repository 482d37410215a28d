import { contentType, eachPiece } from '#platform';
import type { HttpAnswer } from '../http-answer.js';

/**
 * The longest JSON error: one that names each of 1,000 items is far below. The beginning of an HTML
 * page is enough.
 */
const LONGEST_ERROR = { json: 2 ** 24, other: 65_536 };

/** Text up to a bound; the rest is not downloaded. @param longest in bytes */
export async function readText(
  response: HttpAnswer,
  longest: number = longestError(response),
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  await eachPiece(response, (piece) => {
    size += piece.length;
    text += decoder.decode(piece, { stream: true });
    return size < longest;
  });
  return size < longest ? text + decoder.decode() : text;
}

function longestError(response: HttpAnswer): number {
  return contentType(response).includes('json') ? LONGEST_ERROR.json : LONGEST_ERROR.other;
}
