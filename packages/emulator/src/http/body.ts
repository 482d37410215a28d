import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { ApiError, badRequest } from '../errors.js';

/** The largest JSON or protobuf body that is read into memory, compressed or not. @unit bytes */
const MAX_BODY_BYTES: number = 200 * 1024 * 1024;

/** The body of a request, from the socket when there is one, else from the web `Request`. */
export function bodyStream(request: Request, incoming: IncomingMessage | undefined): Readable {
  if (incoming !== undefined) return incoming;
  if (request.body === null) return Readable.from([]);
  return Readable.fromWeb(request.body as unknown as Parameters<typeof Readable.fromWeb>[0]);
}

/** Reads a body as a whole, inflating it when it says that it is compressed. */
export async function readBody(
  source: Readable,
  encoding: string | null,
  maxBytes: number = MAX_BODY_BYTES,
): Promise<{ data: Buffer; wireBytes: number }> {
  let wireBytes = 0;
  const count = (chunk: Buffer): void => {
    wireBytes += chunk.length;
  };
  const inflater = inflaterFor(encoding);
  if (inflater === undefined) {
    const data = await collect(source, maxBytes);
    return { data, wireBytes: data.length };
  }
  source.on('data', count);
  source.on('error', (error) => inflater.destroy(error));
  source.pipe(inflater);
  try {
    return { data: await collect(inflater, maxBytes), wireBytes };
  } catch (error) {
    if (error instanceof ApiError || (error as { code?: string }).code === 'ECONNRESET')
      throw error;
    throw badRequest('Cannot decompress the request body');
  }
}

function inflaterFor(
  encoding: string | null,
): ReturnType<typeof createGunzip | typeof createInflate> | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      throw new ApiError(415, `Unsupported content encoding: ${encoding}`);
  }
}

async function collect(source: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new ApiError(413, `The request body is larger than ${maxBytes} bytes`);
    chunks.push(
      Buffer.isBuffer(chunk)
        ? chunk
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
    );
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}
