const BLOCK_BYTES = 1024 * 1024;

/**
 * Remembers the bytes that were given out, as a digest of each MiB, so that a download which starts
 * over can prove that they are the same. Needed where no strong ETag proves it.
 */
export class Prefix {
  readonly #digests: string[] = [];
  /** The bytes of the last, unfinished block. */
  readonly #tail = new Blocks(async (block) => {
    this.#digests.push(await digestOf(block));
  });

  /** `undefined` in a page without https, where browsers have no digests. */
  static create(): Prefix | undefined {
    return globalThis.crypto.subtle === undefined ? undefined : new Prefix();
  }

  add(bytes: Uint8Array): Promise<void> {
    return this.#tail.add(bytes);
  }

  /**
   * Compares bytes from the beginning. Gives `false` when they differ from those that were added.
   */
  comparison(): (bytes: Uint8Array) => Promise<boolean> {
    let isSame = true;
    let index = 0;
    const blocks = new Blocks(async (block) => {
      isSame &&= (await digestOf(block)) === this.#digests[index];
      index += 1;
    });
    return async (bytes) => {
      await blocks.add(bytes);
      if (index < this.#digests.length) return isSame;
      const { rest } = blocks;
      const known = this.#tail.rest;
      return (
        isSame &&
        rest.length <= known.length &&
        rest.every((byte, position) => byte === known[position])
      );
    };
  }
}

/** Cuts bytes into blocks of a MiB. */
class Blocks {
  readonly #onBlock: (block: Uint8Array<ArrayBuffer>) => Promise<void>;
  #block = new Uint8Array(64 * 1024);
  #filled = 0;

  constructor(onBlock: (block: Uint8Array<ArrayBuffer>) => Promise<void>) {
    this.#onBlock = onBlock;
  }

  get rest(): Uint8Array {
    return this.#block.subarray(0, this.#filled);
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let position = 0; position < bytes.length; ) {
      const fitting = bytes.subarray(position, position + BLOCK_BYTES - this.#filled);
      this.#reserve(this.#filled + fitting.length);
      this.#block.set(fitting, this.#filled);
      this.#filled += fitting.length;
      position += fitting.length;
      if (this.#filled < BLOCK_BYTES) continue;
      await this.#onBlock(this.#block);
      this.#filled = 0;
    }
  }

  #reserve(length: number): void {
    if (length <= this.#block.length) return;
    const larger = new Uint8Array(Math.min(BLOCK_BYTES, 2 ** Math.ceil(Math.log2(length))));
    larger.set(this.rest);
    this.#block = larger;
  }
}

async function digestOf(block: Uint8Array<ArrayBuffer>): Promise<string> {
  return String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', block)));
}
