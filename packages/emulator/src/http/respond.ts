import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ApiError } from '../errors.js';
import { exactJsonText } from './exact-json.js';
import { JsonText, type Reply } from './route.js';

const compress = promisify(gzip);
const COMPRESS_FROM_BYTES = 1024;

/** Turns the result of a handler into a response, compressed when the client accepts it. */
export async function respond(
  reply: Reply,
  status: number,
  acceptEncoding: string | null,
): Promise<Response> {
  if (reply instanceof Response) return reply;
  const text = reply instanceof JsonText ? reply.text : jsonText(reply);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (text.length < COMPRESS_FROM_BYTES || !acceptsGzip(acceptEncoding))
    return new Response(text, { status, headers });
  headers['content-encoding'] = 'gzip';
  headers.vary = 'accept-encoding';
  // The fastest level: on a loopback connection processor time is scarce.
  const body = await compress(text, { level: 1 });
  return new Response(body as Uint8Array<ArrayBuffer>, { status, headers });
}

/** Defaults of the schema may be whole numbers that JavaScript's would round. */
function jsonText(reply: object): string {
  try {
    return JSON.stringify(reply);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return exactJsonText(reply);
  }
}

/** The error envelope for whatever was thrown. */
export function errorResponse(error: unknown, requestId: string): Response {
  if (error instanceof ApiError) {
    return Response.json(error.toBody(), { status: error.status, headers: error.headers });
  }
  if (process.env.CDF_DEBUG === '1') console.error(`request ${requestId}`, error);
  const message = `The emulator failed on this request: ${error instanceof Error ? error.message : String(error)}`;
  return Response.json({ error: { code: 500, message } }, { status: 500 });
}

function acceptsGzip(acceptEncoding: string | null): boolean {
  return acceptEncoding !== null && /\bgzip\b(?!\s*;\s*q=0(\.0*)?(?:,|$))/.test(acceptEncoding);
}
