// How data prints itself in browsers, and what authors of packages need to print theirs.

export { counted, type Frame, type FrameColumn, type PrintSettings, type ShownRows, shownRows } from './print/frame.js';
export { addFrames, type FrameMaker, installPrinting } from './print/install.js';
