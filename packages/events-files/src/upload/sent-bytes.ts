/** Adds up what the requests of one upload have sent. What is sent again counts once. */
export class SentBytes {
  readonly #total: number;
  readonly #onProgress: ((done: number, total: number) => void) | undefined;
  #done = 0;

  constructor(total: number, onProgress: ((done: number, total: number) => void) | undefined) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /** Of one more body: to be told how many of its bytes have been sent. Absent when nobody wants to know. */
  ofBody(): ((sent: number) => void) | undefined {
    if (this.#onProgress === undefined) return undefined;
    let furthest = 0;
    return (sent) => {
      if (sent < furthest || (sent === furthest && sent > 0)) return;
      this.#done += sent - furthest;
      furthest = sent;
      this.#onProgress?.(this.#done, this.#total);
    };
  }
}

const STEP_BYTES = 64 * 1024;

/**
 * The same bytes, telling how far they have been read. Node sends a Blob by reading its stream; a browser sends the bytes
 * without, and nothing is told there.
 */
export class CountedBlob extends Blob {
  readonly #onRead: (bytes: number) => void;

  constructor(content: Blob, onRead: (bytes: number) => void) {
    super([content]);
    this.#onRead = onRead;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = super.stream().getReader();
    let rest = new Uint8Array(0);
    let read = 0;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): Promise<void> => {
      if (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        rest = value;
      }
      // What is in memory comes as one piece, and would be sent as one.
      const step = rest.subarray(0, STEP_BYTES);
      rest = rest.subarray(step.length);
      read += step.length;
      this.#onRead(read);
      controller.enqueue(step);
    };
    return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
  }
}
