// How data points print themselves in browsers.
import { addFrames, installPrinting as installLists } from '@cdf/core/print';
import { pointsFrame } from './print/points-frame.js';

/**
 * Makes data points, tables and lists print themselves in a browser. Without it `toText()` and
 * `String(data)` show no data there: pages load no code for it. Node, Bun and Deno need no call.
 */
export function installPrinting(): void {
  installLists();
  addFrames(pointsFrame);
}
