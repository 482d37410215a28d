import { addFrames } from '@cdf/core/print';
import { printed as printedAnywhere } from '@cdf/core/resource';
import { pointsFrame } from './points-frame.js';

addFrames(pointsFrame);

// A definition, not an export of another module: bundlers drop a module that nothing is taken from.
export const printed: typeof printedAnywhere = (prototype, toText) =>
  printedAnywhere(prototype, toText);
