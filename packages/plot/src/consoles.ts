import { define } from '@cdf/core/resource';

interface Shown {
  toSvg(): string;
  toString(): string;
}

/** Gives charts the methods that the consoles of Node and Deno look for, and Deno's notebooks. */
export function shownInConsoles(prototype: Shown): void {
  define(prototype, Symbol.for('Jupyter.display'), function (this: Shown) {
    return { 'image/svg+xml': this.toSvg(), 'text/plain': this.toString() };
  });
  for (const name of ['nodejs.util.inspect.custom', 'Deno.customInspect'])
    define(prototype, Symbol.for(name), function (this: Shown) {
      return this.toString();
    });
}
