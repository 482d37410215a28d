import type { ChartModel } from '../chart-model.js';
import type { Layout, Panel } from '../layout-types.js';
import { colorOf, dashOf, type Palette } from '../palette.js';
import { seriesPaths } from '../paths.js';
import { box } from './element.js';

/** Marks on the edge of the lines reach this far out of it. @unit pixels */
const BLEED = 6;

/** Paints the same outlines that an SVG document has. */
export function paintSeries(
  canvas: HTMLCanvasElement,
  model: ChartModel,
  layout: Layout,
  colors: Palette,
): void {
  const { left, top, plotWidth, plotHeight, view } = layout;
  const ratio = view.scale;
  const [x, y, width, height] = [
    left - BLEED,
    top - BLEED,
    plotWidth + 2 * BLEED,
    plotHeight + 2 * BLEED,
  ];
  // Setting a size clears the canvas.
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, box(x, y, width, height));
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio / 10, 0, 0, ratio / 10, -x * ratio, -y * ratio);
  // Round joins cost twice the time to paint.
  context.lineJoin = 'bevel';
  const inPanel = ({ top: from, height: down }: Panel, paint: () => void): void => {
    context.save();
    context.beginPath();
    // A pixel more above and below: a line on the edge is not cut in half.
    context.rect(left * 10, from * 10 - 10, plotWidth * 10, down * 10 + 20);
    context.clip();
    paint();
    context.restore();
  };
  const paths = seriesPaths(model, layout);
  for (const { panel, color, area, opacity = 0.2 } of paths)
    if (area !== '')
      inPanel(panel, () => {
        context.globalAlpha = Number(opacity);
        context.fillStyle = colorOf(color, colors);
        context.fill(new Path2D(area));
      });
  for (const { index, panel, color, line } of paths)
    inPanel(panel, () => {
      context.strokeStyle = colorOf(color, colors);
      context.lineWidth = 15;
      context.setLineDash(dashOf(index).map((length) => length * 10));
      context.stroke(new Path2D(line));
    });
  for (const { color: own, strokes } of paths)
    for (const { d, width: thickness, color = own, opacity = 1, isRound } of strokes) {
      context.strokeStyle = colorOf(color, colors);
      context.lineWidth = thickness;
      context.lineCap = isRound ? 'round' : 'butt';
      context.globalAlpha = opacity;
      context.stroke(new Path2D(d));
    }
}
