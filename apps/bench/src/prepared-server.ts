import { createServer, type IncomingMessage } from 'node:http';
import type { BenchServer, Checksum } from './scenario.js';

export interface PreparedAnswer {
  readonly body: Uint8Array;
  /** @default 'application/json' */
  readonly contentType?: string;
}

export interface PreparedServerOptions {
  /** The bytes that answer a request: made before, or quickly. */
  answer(path: string, body: Buffer, request: IncomingMessage): PreparedAnswer;
  /** Each answer waits so long. */
  readonly latencyMs?: number | undefined;
  /** The checksum of the points written since the last reset. */
  readonly checksum?: (() => Checksum) | undefined;
  readonly reset?: (() => void) | undefined;
}

/**
 * A plain node:http server on a free port of the loopback interface, that costs next to nothing
 * beside its clients.
 */
export async function servePrepared(options: PreparedServerOptions): Promise<BenchServer> {
  const { latencyMs = 0 } = options;
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      const send = (): void => {
        const { body, contentType = 'application/json' } = options.answer(
          request.url ?? '',
          Buffer.concat(chunks),
          request,
        );
        response.writeHead(200, { 'content-type': contentType, 'content-length': body.length });
        response.end(body);
      };
      if (latencyMs > 0) setTimeout(send, latencyMs);
      else send();
    });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    project: 'bench',
    token: 'bench',
    reset: () => {
      requests = 0;
      options.reset?.();
    },
    received: () => {
      const checksum = options.checksum?.();
      return { requests, ...(checksum === undefined ? {} : { checksum }) };
    },
  };
}
