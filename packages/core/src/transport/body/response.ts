import { CdfError, DecodeError } from '../../errors.js';
import { isFormat } from '../headers.js';
import type { HttpAnswer, TakePiece } from '../http-answer.js';
import type { BodyDecoder, RequestSpec } from '../transport.js';

/**
 * Decodes an answer: as JSON, bytes, or with the decoder of the request.
 *
 * @param mostOfAny bytes after inflation, whatever was asked for
 * @throws {DecodeError} when it cannot be what was asked for, or is longer.
 */
export async function decodeBody(
  response: HttpAnswer,
  {
    accept = 'json',
    decoder,
    maxResponseBytes = Infinity,
  }: Pick<RequestSpec, 'accept' | 'decoder' | 'maxResponseBytes'>,
  label: string,
  mostOfAny: number = Infinity,
): Promise<unknown> {
  const most: Bound =
    maxResponseBytes < mostOfAny
      ? { bytes: maxResponseBytes, hint: ', the maxResponseBytes of this request: what was asked for takes less' }
      : { bytes: mostOfAny, hint: '; ask for less, or raise maxResponseBytes' };
  const empty = response.status === 204 || response.status === 205;
  // Read to its end, so that a body that breaks off or stalls is an error of this attempt.
  if (/^response/.test(accept)) return new Response(empty ? null : await readBytes(response, label, most), response);
  if (empty) return undefined;
  const type = contentType(response);
  // A server, or a gateway before it, may speak JSON only: it says the same.
  const isJson = accept === 'json' || (isFormat(accept) && /^application\/([\w.-]+\+)?json\b/i.test(type));
  if (!isJson) {
    if (isFormat(accept) && /html/.test(type)) {
      void response.body?.cancel();
      throw notAsked(response, label, `not ${accept}`);
    }
    if (decoder !== undefined) return decodePieces(response, decoder(), label, most);
    return readBytes(response, label, most);
  }
  const text = new TextDecoder().decode(await readBytes(response, label, most));
  // Whoever needs something of it finds it missing.
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the body.
    const what = /^\s*</.test(text) ? 'HTML, probably of a proxy in between,' : 'not valid JSON';
    throw notAsked(response, label, what);
  }
}

/** Bytes of an answer after inflation. */
interface Bound {
  readonly bytes: number;
  /** For the message. */
  readonly hint: string;
}

/** Takes the pieces of a body as they come. */
async function eachPiece(response: HttpAnswer, take: TakePiece): Promise<void> {
  if (response.eachPiece !== undefined) return response.eachPiece(take);
  const reader = response.body?.getReader();
  try {
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read())
      if (piece.value.length > 0 && !take(piece.value as Uint8Array<ArrayBuffer>)) break;
  } finally {
    // Nothing is left of one that was read to its end.
    void reader?.cancel().catch(() => {});
  }
}

/** @throws {DecodeError} beyond the bound; the rest is not downloaded. */
async function readPieces(
  response: HttpAnswer,
  label: string,
  most: Bound,
  take: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  let size = 0;
  await eachPiece(response, (piece) => {
    size += piece.length;
    if (size > most.bytes)
      throw new DecodeError(`${label}: the answer exceeds ${most.bytes} bytes${most.hint}`, { delivery: 'unknown' });
    take(piece);
    return true;
  });
}

async function readBytes(response: HttpAnswer, label: string, most: Bound): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await readPieces(response, label, most, (piece) => pieces.push(piece));
  const [only] = pieces;
  // A piece may be a part of the runtime's memory: the caller gets all of what it is in.
  if (only !== undefined && pieces.length === 1 && only.length === only.buffer.byteLength) return only;
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

async function decodePieces(response: HttpAnswer, decoder: BodyDecoder, label: string, most: Bound): Promise<unknown> {
  const decode = <T>(step: () => T): T => {
    try {
      return step();
    } catch (cause) {
      // To the transport, what is not ours is a lost connection, and worth another try.
      if (CdfError.isInstance(cause)) throw cause;
      throw new DecodeError(`${label}: the answer (${response.status}) could not be decoded`, {
        cause,
        delivery: 'unknown',
      });
    }
  };
  await readPieces(response, label, most, (piece) => decode(() => decoder.push(piece)));
  return decode(() => decoder.end());
}

function notAsked({ status }: HttpAnswer, label: string, what: string): DecodeError {
  return new DecodeError(`${label}: the answer (${status}) is ${what}, not the expected format`, {
    delivery: 'unknown',
  });
}

/** The longest JSON error: one that names each of 1,000 items is far below. The beginning of an HTML page is enough. */
const LONGEST_ERROR = { json: 2 ** 24, other: 65_536 };

/** Text up to a bound; the rest is not downloaded. @param longest in bytes */
export async function readText(response: HttpAnswer, longest: number = longestError(response)): Promise<string> {
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

function contentType(response: HttpAnswer): string {
  return response.contentType ?? response.headers.get('content-type') ?? '';
}
