import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as immediate, setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '../errors.js';
import type { Fault } from './fault.js';
import { hasNoBody } from './no-body.js';
import { drawn } from './random.js';

/** The connection behind a request; absent when it came through `fetch` in process. */
export interface Connection {
  readonly incoming?: IncomingMessage | undefined;
  readonly outgoing?: ServerResponse | undefined;
}

/** Tells the server adapter that the answer is sent already. */
const ALREADY_SENT = { 'x-hono-already-sent': 'true' };

/** Handles a request under a fault. */
export async function underFault(
  { fault, draw }: { readonly fault: Fault; readonly draw: () => number },
  connection: Connection,
  handle: () => Promise<Response>,
  answerOf: (outcome: unknown) => Response,
): Promise<Response> {
  if (fault.latencyMs !== undefined) await wait(drawn(fault.latencyMs, draw));
  if (fault.resetBeforeBody === true) return reset(connection);
  if (fault.status !== undefined) return refusal(fault, fault.status, answerOf);
  const response = await handle();
  if (fault.resetAfterHandling === true) return reset(connection);
  const { cutBodyAfterBytes, stallBodyAfterBytes } = fault;
  if (cutBodyAfterBytes !== undefined)
    return await partly(response, connection, cutBodyAfterBytes, 'cut');
  if (stallBodyAfterBytes !== undefined)
    return await partly(response, connection, stallBodyAfterBytes, 'stall');
  return fault.chunkBytes === undefined ? response : inChunks(response, fault.chunkBytes);
}

/**
 * The same answer with its body in pieces of this many bytes. The event loop turns between them, so
 * that each is a write of its own.
 */
export function inChunks(response: Response, bytes: number): Response {
  const { body, status, headers } = response;
  if (body === null) return response;
  const reader = body.getReader();
  let rest = new Uint8Array();
  const pieces = new ReadableStream<Uint8Array>({
    async pull(controller) {
      while (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        rest = value;
      }
      await immediate();
      controller.enqueue(rest.slice(0, bytes));
      rest = rest.subarray(bytes);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(pieces, { status, headers });
}

function refusal(fault: Fault, status: number, answerOf: (outcome: unknown) => Response): Response {
  const headers: Record<string, string> = { ...fault.headers };
  if (fault.retryAfterSeconds !== undefined)
    headers['retry-after'] = String(fault.retryAfterSeconds);
  if (fault.rawBody !== undefined || hasNoBody(status))
    return answerOf(new Response(fault.rawBody ?? null, { status, headers }));
  return answerOf(new ApiError(status, fault.message ?? `Injected fault: ${status}`, {}, headers));
}

function reset({ incoming }: Connection): Response {
  if (incoming === undefined) throw connectionLost();
  incoming.socket.destroy();
  return new Response(null, { headers: ALREADY_SENT });
}

/** Sends the head and a part of the body, and then cuts the connection or leaves it hanging. */
async function partly(
  response: Response,
  { outgoing }: Connection,
  bytes: number,
  then: 'cut' | 'stall',
): Promise<Response> {
  const body = Buffer.from(await response.arrayBuffer());
  // The whole body is sent.
  if (bytes >= body.length)
    return new Response(body.length === 0 ? null : body, {
      status: response.status,
      headers: response.headers,
    });
  const part = body.subarray(0, bytes);
  if (outgoing === undefined) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        if (part.length > 0) controller.enqueue(part);
        if (then === 'cut') controller.error(connectionLost());
      },
    });
    return new Response(stream, { status: response.status, headers: response.headers });
  }
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': String(body.length),
  });
  outgoing.flushHeaders();
  if (then === 'stall') outgoing.write(part);
  else outgoing.write(part, () => outgoing.destroy());
  return new Response(null, { headers: ALREADY_SENT });
}

/** The error of `fetch` when the other side goes away. */
function connectionLost(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  return new TypeError('fetch failed', { cause });
}
