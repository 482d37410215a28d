/** How a chart becomes a PNG in a browser. */
export interface PngOptions {
  /** Pixels of the picture per pixel of the chart. @default 2 */
  scale?: number | undefined;
  /** For Node. A browser writes with its own fonts. */
  fonts?: readonly string[] | undefined;
  /** For Node, too. */
  missingGlyphs?: 'error' | 'boxes' | undefined;
}
