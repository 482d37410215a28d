import { type ChartModel, markOf } from './chart-model.js';
import type { Layout, SeriesPaths } from './layout-types.js';
import { linePaths } from './marks/line.js';
import { seriesColor } from './palette.js';

/** Every series that is switched on, in the order of the model. */
export function seriesPaths(model: ChartModel, layout: Layout): SeriesPaths[] {
  return model.series.flatMap((series, index) => {
    const panel = layout.panels.find((each) => each.series.includes(index));
    if (!panel || layout.view.hidden.has(index)) return [];
    const scale = {
      x: (time: number) => Math.round(layout.x(time) * 10),
      y: (value: number) => Math.round(panel.y(value) * 10),
    };
    const pathsOf = markOf(model, series)?.paths ?? linePaths;
    return {
      index,
      panel,
      color: seriesColor(model.options, index),
      area: '',
      line: '',
      strokes: [],
      ...pathsOf(model, series, scale, layout, panel),
    };
  });
}
