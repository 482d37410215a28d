// How data prints itself in browsers, and names for authors of packages that print theirs.
import { installFormatter, installPrinting as installText } from './print/install.js';

export {
  counted,
  type Frame,
  type FrameColumn,
  type PrintSettings,
  type ShownRows,
  shownRows,
} from './print/frame.js';
export { addFrames, type FrameMaker } from './print/install.js';

/**
 * Makes lists and tables print themselves in a browser. Without it `toText()` and `String(list)`
 * show no data there: pages load no code for it. Consoles show data as text above its members,
 * where custom formatters are switched on in their settings. Node, Bun and Deno need no call.
 */
export function installPrinting(): void {
  installText();
  installFormatter();
}
