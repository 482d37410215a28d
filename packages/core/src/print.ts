// How data prints itself in browsers, and what authors of packages need to print theirs. Node, Bun and Deno need no call.
import { installed } from './print/install.js';
import { Printed, PrintedArray } from './print/printed.js';

export { counted, type Frame, type FrameColumn, type PrintSettings, shownRows, type ShownRows } from './print/frame.js';
export { addFrames, type FrameMaker } from './print/install.js';

/**
 * Makes lists and tables print themselves in a browser, where `toText()` and `String(list)` do not do so by themselves: pages load no code
 * for it. Calling it again does nothing.
 */
export function installPrinting(): void {
  installed(Printed);
  installed(PrintedArray);
}
