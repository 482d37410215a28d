import { inspectError } from './inspect-error.js';
import { inspectable, installed } from './install.js';
import { Printed as Plain, PrintedArray as PlainArray } from './printed.js';

// Definitions, not statements alone: bundlers drop a module that nothing is taken from.
export const Printed: typeof Plain = installed(Plain);
export const PrintedArray: typeof PlainArray = installed(PlainArray);

/** What errors extend: consoles show them without members that are empty, and without causes that say the same. */
export const PrintedError: ErrorConstructor = inspectable(
  class extends Error {},
  inspectError,
) as ErrorConstructor;
