import { type ChartMark, markOf } from './chart-model.js';
import type { ChartEvent, ChartThreshold } from './draw-options.js';
import type { FullModel } from './parts/all-parts.js';
import type { SeriesSpec } from './series-spec.js';
import type { ChartSeries } from './source.js';

/** A chart as plain data. `version` changes when a reader would have to. */
export interface ChartSpec {
  /** The version of this shape. */
  readonly version: 1;
  /** '' when there is none. */
  readonly title: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** Edges of the horizontal axis. @unit milliseconds since the epoch, where it shows times */
  readonly window: { readonly start: number; readonly end: number };
  /** In the order of the legend. */
  readonly series: readonly SeriesSpec[];
  /** Bands behind the lines. */
  readonly events: readonly ChartEvent[];
  /** Lines across. */
  readonly thresholds: readonly ChartThreshold[];
}

/** Every point, not only those that the picture shows. */
export function toSpec(model: FullModel): ChartSpec {
  const { title, zone, start, end, series, events, thresholds } = model;
  return {
    version: 1,
    title,
    timeZone: zone.name,
    window: { start, end },
    series: series.map((line) => specOf(line, markOf(model, line))),
    events,
    thresholds,
  };
}

function specOf(line: ChartSeries, mark: ChartMark | undefined): SeriesSpec {
  const { key, label, unit, isStep, timestamps, values, low, high } = line;
  return {
    key,
    label,
    unit,
    isStep,
    timestamps: [...timestamps],
    values: nullable(values),
    ...(low === undefined ? {} : { low: nullable(low) }),
    ...(high === undefined ? {} : { high: nullable(high) }),
    ...(mark === undefined ? {} : { mark: mark.part, ...mark.spec?.(line) }),
  };
}

/** JSON has neither NaN nor infinities. */
function nullable(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
