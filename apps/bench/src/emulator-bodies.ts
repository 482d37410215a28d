/** The most points that one request may insert or read. */
export const PAGE = 100_000;
/** The points are a second apart. */
export const START: number = Date.UTC(2020, 0, 1);
export const STEP_MS = 1000;
export const SERIES = 'series';

/**
 * Points `from` to `to` of the series as an insert request in protobuf, 18 bytes each: timestamps
 * of this century take six.
 */
export function insertBody(from: number, to: number): Uint8Array {
  const points = new Uint8Array((to - from) * 18);
  const view = new DataView(points.buffer);
  let at = 0;
  for (let index = from; index < to; index += 1) {
    points.set([0x0a, 16, 0x08], at);
    let time = START + index * STEP_MS;
    for (let group = 0; group < 6; group += 1) {
      points[at + 3 + group] = (time % 0x80) | (group < 5 ? 0x80 : 0);
      time = Math.floor(time / 0x80);
    }
    points[at + 9] = 0x11;
    view.setFloat64(at + 10, valueAt(index), true);
    at += 18;
  }
  const name = new TextEncoder().encode(SERIES);
  const item = joined(
    [0x12, ...varint(name.length)],
    name,
    [0x1a, ...varint(points.length)],
    points,
  );
  return joined([0x0a, ...varint(item.length)], item);
}

/** A read of the points `from` to `to`. */
export function readBody(from: number, to: number): string {
  const window = { start: START + from * STEP_MS, end: START + to * STEP_MS, limit: to - from };
  return JSON.stringify({ items: [{ externalId: SERIES, ...window }] });
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function joined(...parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function valueAt(index: number): number {
  return Math.round(Math.sin(index / 300) * 10_000) / 100 + (index % 7);
}
