import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpAnswer, TakePiece } from '../../transport/http-answer.js';
import { inflated } from './inflate.js';

/** These have no body, whatever follows them. For a 205, Node's parser would wait for one. */
const WITHOUT_BODY = [204, 205, 304];

/**
 * An answer of Node's own HTTP, read like a `Response`. Its `Headers` and its web stream are made
 * when something asks for them.
 */
export class NodeAnswer implements HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly #message: IncomingMessage;
  readonly #body: Readable | undefined;
  #headers: Headers | undefined;
  #stream: ReadableStream<Uint8Array> | undefined;

  constructor(message: IncomingMessage, method: string) {
    const { statusCode = 0, statusMessage = '' } = message;
    this.status = statusCode;
    this.statusText = statusMessage;
    this.#message = message;
    // The request tells; without a listener, the program would end.
    message.on('error', () => {});
    if (statusCode === 205) message.destroy();
    else if (method === 'HEAD' || WITHOUT_BODY.includes(statusCode)) message.resume();
    else {
      const encodings = this.#header('content-encoding');
      this.#body = encodings === '' ? message : inflated(message, encodings);
      this.#body.on('error', () => {});
    }
  }

  /** Calls back when all of the body was read, or it was given up. */
  whenOver(callback: () => void): void {
    if (this.#body === undefined) callback();
    else this.#body.once('close', callback);
  }

  /** Gives up the body, also the part that has come. */
  giveUp(): void {
    this.#body?.destroy();
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get contentType(): string {
    return this.#header('content-type');
  }

  get headers(): Headers {
    if (this.#headers === undefined) {
      this.#headers = new Headers();
      const { rawHeaders } = this.#message;
      for (let at = 0; at < rawHeaders.length; at += 2)
        this.#headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
    }
    return this.#headers;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#body === undefined) return null;
    this.#stream ??= webStream(this.#body, this.#message);
    return this.#stream;
  }

  eachPiece(take: TakePiece): Promise<void> {
    const body = this.#body;
    if (body === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      body.on('data', (piece: Buffer) => {
        try {
          if (piece.length === 0 || take(bytesOf(piece))) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        body.removeAllListeners('data');
        body.destroy();
      });
      body.once('end', resolve);
      body.once('error', reject);
      body.once('close', () => reject(cutError()));
      if (body.destroyed) reject(cutError());
    });
  }

  /** All values of a name, as `Headers` joins them. `message.headers` leaves some of them out. */
  #header(name: string): string {
    const { rawHeaders } = this.#message;
    let found: string | undefined;
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const given = rawHeaders[at] as string;
      if (given.length !== name.length || given.toLowerCase() !== name) continue;
      found = found === undefined ? rawHeaders[at + 1] : `${found}, ${rawHeaders[at + 1]}`;
    }
    return found ?? '';
  }
}

/**
 * A plain `Uint8Array`: some methods of `Buffer` share memory where those of a typed array copy.
 */
function bytesOf({ buffer, byteOffset, length }: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

function cutError(): Error {
  return Object.assign(new Error('the body ended too early'), { code: 'ECONNRESET' });
}

/** While the consumer does not read, the connection keeps no program alive: so does `fetch`. */
function webStream(body: Readable, message: IncomingMessage): ReadableStream<Uint8Array> {
  const pieces = body.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer>;
  // After its end the connection belongs to other requests.
  const isOurs = (): boolean => !message.readableEnded && !message.destroyed;
  if (isOurs()) message.socket.unref();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (isOurs()) message.socket.ref();
        const { done, value } = await pieces.next();
        if (isOurs()) message.socket.unref();
        if (done) controller.close();
        else controller.enqueue(bytesOf(value).slice());
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
