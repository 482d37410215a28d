/** Items that one request may carry, in every metadata service. */
export const MAX_ITEMS = 1000;

/** Indexes 0 to `length - 1` in runs of at most `size`. */
export function evenChunks(length: number, size: number): number[][] {
  const chunks: number[][] = [];
  for (let start = 0; start < length; start += size)
    chunks.push(
      Array.from({ length: Math.min(size, length - start) }, (_, offset) => start + offset),
    );
  return chunks;
}
