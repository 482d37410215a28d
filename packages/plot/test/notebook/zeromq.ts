import { connect, type Socket } from 'node:net';

/**
 * As much of ZeroMQ's wire protocol (ZMTP 3.0, without security) as a notebook's client needs:
 * connect, subscribe to everything, send and receive messages of several frames.
 */
export class ZeroSocket {
  readonly #socket: Socket;
  readonly #messages: Buffer[][] = [];
  #frames: Buffer[] = [];
  #bytes: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #isGreeted = false;
  #wake: () => void = () => undefined;
  #error: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the kernel closed the connection')));
  }

  /** Rejects where the port is closed. */
  static async open(port: number, type: 'DEALER' | 'SUB'): Promise<ZeroSocket> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) =>
      socket.once('connect', resolve).once('error', reject),
    );
    const zero = new ZeroSocket(socket);
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0]);
    greeting.write('NULL', 12);
    const property = (name: string, value: string): Buffer =>
      Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        uint32(value.length),
        Buffer.from(value),
      ]);
    socket.write(greeting);
    zero.#frame(
      4,
      Buffer.concat([
        Buffer.from('\u0005READY'),
        property('Socket-Type', type),
        property('Identity', ''),
      ]),
    );
    if (type === 'SUB') zero.#frame(0, Buffer.from([1]));
    return zero;
  }

  send(frames: readonly Buffer[]): void {
    for (const [index, frame] of frames.entries())
      this.#frame(index < frames.length - 1 ? 1 : 0, frame);
  }

  /** How many messages wait to be received. */
  get waiting(): number {
    return this.#messages.length;
  }

  async receive(): Promise<Buffer[]> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#error !== undefined) throw this.#error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #frame(flags: number, body: Buffer): void {
    const head =
      body.length > 255
        ? Buffer.from([flags | 2, 0, 0, 0, 0, ...uint32(body.length)])
        : Buffer.from([flags, body.length]);
    this.#socket.write(Buffer.concat([head, body]));
  }

  #read(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (!this.#isGreeted) {
      if (this.#bytes.length < 64) return;
      this.#bytes = this.#bytes.subarray(64);
      this.#isGreeted = true;
    }
    for (;;) {
      const [flags = 0] = this.#bytes;
      const isLong = (flags & 2) !== 0;
      const head = isLong ? 9 : 2;
      if (this.#bytes.length < head) return;
      const end =
        head + (isLong ? Number(this.#bytes.readBigUInt64BE(1)) : this.#bytes.readUInt8(1));
      if (this.#bytes.length < end) return;
      // Commands say what the other side is; nothing here depends on it.
      if ((flags & 4) === 0) this.#frames.push(this.#bytes.subarray(head, end));
      this.#bytes = this.#bytes.subarray(end);
      if ((flags & 5) !== 0) continue;
      this.#messages.push(this.#frames);
      this.#frames = [];
      this.#wake();
    }
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
