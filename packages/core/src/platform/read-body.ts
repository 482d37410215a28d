import type { HttpAnswer, TakePiece } from '../transport/http-answer.js';

/** Takes the pieces of the body of a `Response` as they come. */
export async function eachPiece({ body }: HttpAnswer, take: TakePiece): Promise<void> {
  const reader = body?.getReader();
  try {
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read())
      if (piece.value.length > 0 && !take(piece.value as Uint8Array<ArrayBuffer>)) break;
  } finally {
    // A body that was read to its end is closed already.
    void reader?.cancel().catch(() => {});
  }
}

/** @throws {SyntaxError} when the bytes are not JSON */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

export function contentType({ headers }: HttpAnswer): string {
  return headers.get('content-type') ?? '';
}
