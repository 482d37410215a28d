import type { Layout, Panel } from '../layout.js';
import type { ChartModel } from '../model.js';
import { dashOf, type Palette, seriesColor } from '../palette.js';
import type { SeriesPaths } from '../paths.js';
import { box } from './element.js';

/** Paints the same outlines that an SVG document has. */
export function paintSeries(
  canvas: HTMLCanvasElement,
  model: ChartModel,
  layout: Layout,
  paths: readonly SeriesPaths[],
  colors: Palette,
): void {
  const { left, top, plotWidth, plotHeight, view } = layout;
  const ratio = view.scale;
  // Setting a size clears the canvas. A pixel more above and below: a line on the edge is not cut in half.
  canvas.width = Math.round(plotWidth * ratio);
  canvas.height = Math.round((plotHeight + 2) * ratio);
  Object.assign(canvas.style, box(left, top - 1, plotWidth, plotHeight + 2));
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio / 10, 0, 0, ratio / 10, -left * ratio, -(top - 1) * ratio);
  // Round joins cost twice the time to paint.
  context.lineJoin = 'bevel';
  const stroke = (path: string, color: string, width: number, dash: number[], cap: CanvasLineCap): void => {
    if (path === '') return;
    context.strokeStyle = color;
    context.lineWidth = width;
    context.lineCap = cap;
    context.setLineDash(dash);
    context.stroke(new Path2D(path));
  };
  const inPanel = (panel: Panel, paint: () => void): void => {
    context.save();
    context.beginPath();
    context.rect(left * 10, panel.top * 10 - 10, plotWidth * 10, panel.height * 10 + 20);
    context.clip();
    paint();
    context.restore();
  };
  for (const { index, panel, band } of paths)
    if (band !== '')
      inPanel(panel, () => {
        context.globalAlpha = 0.2;
        context.fillStyle = seriesColor(index, colors, model.options.colors);
        context.fill(new Path2D(band));
      });
  for (const { index, panel, line, dots, uncertain, bad } of paths)
    inPanel(panel, () => {
      const color = seriesColor(index, colors, model.options.colors);
      stroke(
        line,
        color,
        15,
        dashOf(index).map((length) => length * 10),
        'butt',
      );
      stroke(dots, color, 50, [], 'round');
      stroke(uncertain, colors.alert, 20, [], 'butt');
      stroke(bad, colors.alert, 20, [], 'butt');
    });
}
