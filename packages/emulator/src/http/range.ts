/** The bytes of a content from `from` up to, not including, `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The range that a `Range` header requests of `size` bytes: one range; `'none'` when it must be
 * answered with 416; `undefined` for the whole content, which is also the answer to several ranges
 * and to an invalid header.
 */
export function byteRange(header: string | null, size: number): ByteRange | 'none' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  if (match === null) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '') {
    if (last === '') return undefined;
    const from = Math.max(0, size - Number(last));
    return from < size ? { from, to: size } : 'none';
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return undefined;
  if (from >= size) return 'none';
  return { from, to: last === '' ? size : Math.min(size, Number(last) + 1) };
}
