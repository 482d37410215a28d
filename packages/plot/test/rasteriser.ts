import type { LinePoints } from '../src/m4.js';

/**
 * A black and white picture of a line, without anti-aliasing: what two ways to draw the same line
 * are compared by.
 */
export function rasterise(
  { times, values }: LinePoints,
  start: number,
  end: number,
  low: number,
  high: number,
  width: number,
  height: number,
): Uint8Array {
  const pixels = new Uint8Array(width * height);
  const column = (time: number): number => Math.floor(((time - start) / (end - start)) * width);
  const row = (value: number): number => Math.round(((high - value) / (high - low)) * (height - 1));
  let before: [number, number] | undefined;
  for (let index = 0; index < times.length; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) {
      before = undefined;
      continue;
    }
    const at: [number, number] = [column(times[index] as number), row(value)];
    drawLine(pixels, width, height, before ?? at, at);
    before = at;
  }
  return pixels;
}

/** Bresenham's line. */
function drawLine(
  pixels: Uint8Array,
  width: number,
  height: number,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): void {
  const right = Math.abs(toX - fromX);
  const down = -Math.abs(toY - fromY);
  const stepX = fromX < toX ? 1 : -1;
  const stepY = fromY < toY ? 1 : -1;
  let error = right + down;
  let x = fromX;
  let y = fromY;
  for (;;) {
    if (x >= 0 && x < width && y >= 0 && y < height) pixels[y * width + x] = 1;
    if (x === toX && y === toY) return;
    const twice = 2 * error;
    if (twice >= down) {
      error += down;
      x += stepX;
    }
    if (twice <= right) {
      error += right;
      y += stepY;
    }
  }
}
