import { type ChartModel, markOf } from './chart-model.js';
import type { Layout, Panel, Scale, SeriesPaths } from './layout-types.js';
import { linePaths } from './marks/line.js';
import type { ChartSeries } from './source.js';

/** Every series that is switched on, in the order of the model. */
export function seriesPaths(model: ChartModel, layout: Layout): SeriesPaths[] {
  const paths = layout.panels.flatMap((panel) =>
    panel.series
      .filter((index) => !layout.view.hidden.has(index))
      .map((index) => pathsOf(model, layout, panel, index)),
  );
  return paths.sort((one, other) => one.index - other.index);
}

function pathsOf(model: ChartModel, layout: Layout, panel: Panel, index: number): SeriesPaths {
  const series = model.series[index] as ChartSeries;
  const scale: Scale = {
    x: (time) => Math.round(layout.x(time) * 10),
    y: (value) => Math.round(panel.y(value) * 10),
  };
  const paths = markOf(model, series)?.paths ?? linePaths;
  return {
    index,
    panel,
    area: '',
    line: '',
    strokes: [],
    ...paths(model, series, scale, layout, panel),
  };
}
