import { CdfError, DecodeError } from '../../errors.js';
import { isFormat } from '../headers.js';
import type { BodyDecoder, RequestSpec } from '../transport.js';

/** What an answer carries. @throws {DecodeError} when it cannot be what was asked for. */
export async function decodeBody(
  response: Response,
  { accept = 'json', decoder }: Pick<RequestSpec, 'accept' | 'decoder'>,
  label: string,
): Promise<unknown> {
  const empty = response.status === 204 || response.status === 205;
  // Read to its end, so that a body that breaks off or stalls is an error of this attempt.
  if (accept === 'response') return new Response(empty ? null : await response.arrayBuffer(), response);
  if (empty) return undefined;
  const type = response.headers.get('content-type') ?? '';
  // A server, or a gateway before it, may speak JSON only: it says the same.
  const isJson = accept === 'json' || (isFormat(accept) && /^application\/([\w.-]+\+)?json\b/i.test(type));
  if (!isJson) {
    if (isFormat(accept) && /html/.test(type)) {
      void response.body?.cancel();
      throw notAsked(response, label, `not ${accept}`);
    }
    if (decoder !== undefined) return decodePieces(response, decoder(), label);
    return new Uint8Array(await response.arrayBuffer());
  }
  const text = await response.text();
  if (text === '' && response.status === 202) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats the body.
    const what =
      text === '' ? 'empty' : /^\s*</.test(text) ? 'HTML, probably of a proxy in between,' : 'not valid JSON';
    throw notAsked(response, label, what);
  }
}

async function decodePieces({ body, status }: Response, decoder: BodyDecoder, label: string): Promise<unknown> {
  const reader = body?.getReader();
  const decode = <T>(step: () => T): T => {
    try {
      return step();
    } catch (cause) {
      void reader?.cancel().catch(() => {});
      // To the transport, what is not ours is a lost connection, and worth another try.
      if (CdfError.isInstance(cause)) throw cause;
      throw new DecodeError(`${label}: the answer (${status}) could not be decoded`, { cause, delivery: 'unknown' });
    }
  };
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    const { value } = piece;
    if (value.length > 0) decode(() => decoder.push(value));
  }
  return decode(() => decoder.end());
}

function notAsked({ status }: Response, label: string, what: string): DecodeError {
  return new DecodeError(`${label}: the answer (${status}) is ${what} and not what was asked for`, {
    delivery: 'unknown',
  });
}

/** Text up to a bound; the rest is not downloaded. @param longest in bytes */
export async function readText(response: Response, longest = 65_536): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; size < longest; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    text += decoder.decode(value, { stream: true });
  }
  void reader.cancel().catch(() => {});
  return text;
}
