// By default V8 keeps so few frames of a stack that the caller's own line is cut off.
const DEFAULT_FRAMES = 10;
const FRAMES = 50;

let isLong = false;

/** Stacks keep more frames until `shortStacks()`, unless the program has set a number of its own. */
export function longStacks(): void {
  isLong ||=
    Error.stackTraceLimit === DEFAULT_FRAMES && Reflect.set(Error, 'stackTraceLimit', FRAMES);
}

export function shortStacks(): void {
  if (isLong) Reflect.set(Error, 'stackTraceLimit', DEFAULT_FRAMES);
  isLong = false;
}
