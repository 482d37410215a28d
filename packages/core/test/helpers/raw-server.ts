import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Each request as it came: head and body. */
  readonly received: string[];
  /** Sockets that were opened, in order. */
  readonly sockets: Socket[];
}

/**
 * A server that writes given bytes, HTTP or not.
 *
 * @param answer gets the socket, how many requests came before it on all sockets, counting from 1,
 * and the request
 */
export async function startRawServer(
  answer: (socket: Socket, count: number, request: string) => void,
  host = '127.0.0.1',
): Promise<RawServer> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = endOfRequest(text); end > 0; end = endOfRequest(text)) {
        received.push(text.slice(0, end));
        text = text.slice(end);
        answer(socket, received.length, received.at(-1) as string);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    received,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Where the first request of a text ends; 0 while it is not whole. */
function endOfRequest(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head + 2))?.[1];
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(text.slice(0, head + 2));
  const start = head + 4;
  if (isChunked) {
    const end = text.indexOf('0\r\n\r\n', start);
    return end < 0 ? 0 : end + 5;
  }
  const end = start + Number(length ?? 0);
  return text.length < end ? 0 : end;
}

/** An answer with a length, in one piece. */
export function plainAnswer(body: string | Buffer, headers = '', status = '200 OK'): Buffer {
  const head = `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}
