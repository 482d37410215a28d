/** True for a `Readable` of Node, an async generator, or the like. */
export function isIterable(content: object): content is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in content;
}

/** The bytes of an iterable as a stream. Reads nothing yet. */
export function iterableStream(content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        iterator ??= content[Symbol.asyncIterator]();
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        // A pending read holds the iterator's return back, but not the destruction of a Readable.
        if ('destroy' in content && typeof content.destroy === 'function') {
          (content as { on?(event: string, listener: () => void): void }).on?.('error', () => {});
          content.destroy(reason instanceof Error ? reason : undefined);
        }
        iterator?.return?.()?.catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}
