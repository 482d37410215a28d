import { define } from '../values/define.js';

/** How a console prints values in a value. */
export type Inspect = (value: unknown, options?: object) => string;

/** Settings of the console, which it passes to an inspection method. */
export interface InspectOptions {
  /** Levels that are shown below the value. Absent: all of them, or unknown. */
  readonly depth?: number | null | undefined;
  /** True if the value is inside another value. */
  readonly isNested?: boolean | undefined;
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
      const isNested = typeof depth === 'number' && depth < (options?.depth ?? depth);
      return show(this, inspect, { ...options, depth, isNested });
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
