import { define } from '../values/define.js';

/** How a console prints values in a value. */
export type Inspect = (value: unknown, options?: object) => string;

/** Settings of the console, which it passes to an inspection method. */
export interface InspectOptions {
  /** Levels that are shown below the value. Absent: all of them, or unknown. */
  readonly depth?: number | null | undefined;
  /** How many values are around this one: consoles indent each by two more. */
  readonly level?: number | undefined;
}

/** Lets Node, Bun and Deno print the objects of a prototype as `show` says. */
export function inspectable(
  prototype: object,
  show: (data: never, inspect: Inspect | undefined, options: InspectOptions) => string,
): void {
  define(
    prototype,
    Symbol.for('nodejs.util.inspect.custom'),
    function (this: never, depth?: number, options?: InspectOptions, inspect?: Inspect) {
      // Not a number where all levels are shown.
      const level = typeof depth === 'number' ? (options?.depth ?? depth) - depth || 0 : 0;
      return show(this, inspect, { ...options, depth, level });
    },
  );
  define(
    prototype,
    Symbol.for('Deno.customInspect'),
    function (this: never, inspect?: Inspect, options?: InspectOptions) {
      return show(this, inspect, { ...options });
    },
  );
}
