import type { ClientRequest } from 'node:http';

/**
 * Writes a body of a kind that the transport sends, and ends the request. Rejects when the body
 * cannot be read.
 */
export async function writeBody(
  request: ClientRequest,
  body: BodyInit | null | undefined,
): Promise<void> {
  if (body == null) return void request.end();
  const bytes = toBuffer(body);
  if (bytes !== undefined) {
    request.setHeader('content-length', bytes.length);
    return void request.end(bytes);
  }
  if (body instanceof Blob) request.setHeader('content-length', body.size);
  else request.setHeader('transfer-encoding', 'chunked');
  const stream = (body instanceof Blob ? body.stream() : body) as ReadableStream<unknown>;
  await writeStream(request, stream);
}

/** As bytes, since Node writes the header of a request with text in UTF-8 too. */
function toBuffer(body: BodyInit): Buffer | undefined {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return undefined;
}

/**
 * The stream is not cancelled here: its owner ends it when the answer is known, and tells a failure
 * of its own from that.
 */
async function writeStream(request: ClientRequest, stream: ReadableStream<unknown>): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (request.destroyed) return;
    if (done) return void request.end();
    if (!(value instanceof Uint8Array))
      throw new TypeError('a body must be a stream of Uint8Array');
    if (!request.write(value)) await drained(request);
  }
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      request.off('drain', end).off('close', end);
      resolve();
    };
    request.on('drain', end).on('close', end);
  });
}
