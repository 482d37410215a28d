import { contentType, eachPiece, parseJson } from '#platform';
import { CdfError, DecodeError } from '../../errors.js';
import { isFormat } from '../headers.js';
import type { HttpAnswer } from '../http-answer.js';
import type { RequestSpec } from '../transport.js';

/**
 * Decodes an answer: as JSON, bytes, or with the decoder of the request.
 *
 * @param mostOfAny bytes after inflation, for any request
 * @throws {DecodeError} when it does not fit the request, or is longer.
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
  const { status } = response;
  const failed = (what: string, details?: { readonly cause: unknown }): DecodeError =>
    new DecodeError(`${label}: the answer ${what}`, { delivery: 'unknown', ...details });
  const notAsked = (what: string): DecodeError =>
    failed(`(${status}) is ${what}, not the expected format`);
  const most = Math.min(maxResponseBytes, mostOfAny);
  const readPieces = (take: (piece: Piece) => void): Promise<void> => {
    let size = 0;
    return eachPiece(response, (piece) => {
      size += piece.length;
      if (size > most) {
        const hint =
          most < mostOfAny
            ? ', more than what was asked for can take'
            : '; ask for less, or raise maxResponseBytes';
        throw failed(`exceeds ${most} bytes${hint}`);
      }
      take(piece);
      return true;
    });
  };
  const readBytes = async (): Promise<Piece> => {
    const pieces: Piece[] = [];
    await readPieces((piece) => pieces.push(piece));
    return joined(pieces);
  };
  const empty = status === 204 || status === 205;
  // Read to its end, so that a body that breaks off or stalls is an error of this attempt.
  if (/^response/.test(accept)) return new Response(empty ? null : await readBytes(), response);
  if (empty) return undefined;
  const type = contentType(response);
  // A server, or a gateway before it, may speak JSON only: it says the same.
  const isJson =
    accept === 'json' || (isFormat(accept) && /^application\/([\w.-]+\+)?json\b/i.test(type));
  if (!isJson) {
    if (isFormat(accept) && /html/.test(type)) {
      void response.body?.cancel();
      throw notAsked(`not ${accept}`);
    }
    if (decoder === undefined) return readBytes();
    const decode = <T>(step: () => T): T => {
      try {
        return step();
      } catch (cause) {
        // The transport takes any other exception for a lost connection, worth another try.
        throw CdfError.isInstance(cause)
          ? cause
          : failed(`(${status}) could not be decoded`, { cause });
      }
    };
    const own = decoder();
    await readPieces((piece) => decode(() => own.push(piece)));
    return decode(() => own.end());
  }
  const bytes = await readBytes();
  try {
    return parseJson(bytes);
  } catch {
    const text = new TextDecoder().decode(bytes);
    // Code that needs something of it finds it missing.
    if (text === '') return undefined;
    // The parser's own message repeats the body.
    throw notAsked(/^\s*</.test(text) ? 'HTML, probably of a proxy in between' : 'not valid JSON');
  }
}

type Piece = Uint8Array<ArrayBuffer>;

/** One array of several pieces. */
function joined(pieces: readonly Piece[]): Piece {
  const [only] = pieces;
  // A piece may be a part of the runtime's memory: the caller gets all of that memory.
  if (only?.length === only?.buffer.byteLength && pieces.length === 1) return only as Piece;
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}
