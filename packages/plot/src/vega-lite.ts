import { markOf } from './chart-model.js';
import type { ChartThreshold } from './draw-options.js';
import { eventColors, readEvents } from './marks/event-bands.js';
import { type ColorName, colorOf, LIGHT, seriesColor } from './palette.js';
import type { FullModel } from './parts/all-parts.js';
import { thresholdsOn } from './parts/threshold-lines.js';
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
  const colors = drawn.map((line, index) => {
    const own = seriesColor(model.options, model.series.indexOf(line));
    return colorOf(typeof own === 'number' ? index : own, LIGHT);
  });
  const units = [...new Set(drawn.map(({ unit }) => unit))];
  const bands = eventLayer(model);
  const lined = [...new Set(drawn.flatMap(({ unit, states }) => (states ? [] : [unit])))];
  const layers = units.map((unit) => [
    ...drawn.filter((series) => series.unit === unit).map((series) => layerOf(series)),
    ...(lined.includes(unit)
      ? thresholdsOn(model.thresholds, unit, lined.indexOf(unit), lined.length)
      : []
    ).flatMap(thresholdLayers),
  ]);
  const isShared = model.units === 'overlay' && units.length > 1;
  const panels = isShared
    ? [[...bands, ...layers.map((layer) => ({ layer }))]]
    : layers.map((layer) => [...bands, ...layer]);
  const [first, ...others] = panels.map((layer) => ({
    width: view.width,
    height: Math.round(300 / panels.length),
    layer,
    ...(isShared && { resolve: { scale: { y: 'independent' } } }),
  }));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...(model.title === '' ? {} : { title: model.title }),
    ...(others.length === 0 ? first : { vconcat: [first, ...others] }),
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
          scale: {
            domain: labels,
            range: colors,
          },
        },
      },
    };
  }
}

/** Bands behind the lines; events that are not in the window would make it longer. */
function eventLayer({ events, start, end, named }: FullModel): object[] {
  const read = readEvents(events);
  const values = read
    .map(({ startTime = start, endTime = end, type, subtype, description }) => ({
      from: Math.max(startTime, start),
      to: Math.min(endTime, end),
      event: type,
      ...(subtype !== undefined && { subtype }),
      ...(description !== undefined && { description }),
    }))
    .filter(({ from, to }) => from <= to);
  if (values.length === 0) return [];
  const types = [...new Set(values.map(({ event }) => event))];
  const colors = eventColors(read, named);
  const range = types.map((type) => colorOf(colors.get(type) as ColorName, LIGHT));
  return [
    {
      data: { values },
      mark: { type: 'rect', opacity: 0.2, tooltip: { content: 'data' } },
      encoding: {
        x: { field: 'from', type: 'temporal', scale: { type: 'utc' }, title: null },
        x2: { field: 'to' },
        fill: { field: 'event', type: 'nominal', title: null, scale: { domain: types, range } },
      },
    },
  ];
}

function thresholdLayers({ value, label }: ChartThreshold): object[] {
  const y = { datum: value, type: 'quantitative' };
  const rule = {
    data: { values: [{}] },
    mark: { type: 'rule', strokeDash: [6, 4], color: LIGHT.alert },
    encoding: { y },
  };
  if (!label) return [rule];
  const mark = { type: 'text', align: 'right', baseline: 'bottom', color: LIGHT.alert };
  const encoding = { y, x: { value: 'width' }, text: { datum: label } };
  return [rule, { ...rule, mark, encoding }];
}
