import { markOf } from './chart-model.js';
import { LIGHT } from './palette.js';
import type { FullModel } from './parts/all-parts.js';
import { wholeView } from './svg.js';
import { plainText } from './text.js';
import { visiblePoints } from './view.js';

/**
 * A Vega-Lite specification. It is plain data for somebody else's renderer: its own schema says
 * what is in it.
 */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/**
 * One layer per series, since steps and lines cannot share one; one panel per unit. Points are
 * those that a chart of this width can show: a specification with millions of rows opens nowhere.
 */
export function toVegaLite(model: FullModel): VegaLiteSpec {
  const view = wholeView(model);
  const drawn = model.series.filter(({ absent }) => absent === undefined);
  const labels = drawn.map(({ label }) => label);
  const units =
    model.units === 'overlay' ? [undefined] : [...new Set(drawn.map(({ unit }) => unit))];
  const panels = units.map((unit) => ({
    width: view.width,
    height: Math.round(300 / units.length),
    layer: drawn
      .filter((series) => unit === undefined || series.unit === unit)
      .map((series) => layerOf(series)),
  }));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...(model.title === '' ? {} : { title: model.title }),
    ...(panels.length === 1 ? panels[0] : { vconcat: panels }),
  };

  function layerOf(series: (typeof drawn)[number]): object {
    const own = markOf(model, series)?.vega?.(model, series);
    if (own !== undefined) return own;
    const { times, values } = visiblePoints(series, series.values, view, view.width);
    const title = plainText(model.options.valueLabel ?? series.unit);
    return {
      data: {
        values: Array.from(times, (time, index) => ({
          time,
          value: Number.isNaN(values[index]) ? null : values[index],
        })),
      },
      mark: { type: 'line', ...(series.isStep ? { interpolate: 'step-after' } : {}) },
      encoding: {
        x: { field: 'time', type: 'temporal', scale: { type: 'utc' }, title: null },
        y: {
          field: 'value',
          type: 'quantitative',
          scale: model.valueScale === 'log' ? { type: 'log' } : { zero: false },
          title: title === '' ? null : title,
        },
        color: {
          datum: series.label,
          type: 'nominal',
          title: null,
          scale: { domain: labels, range: labels.map((_, index) => LIGHT.series[index % 8]) },
        },
      },
    };
  }
}
