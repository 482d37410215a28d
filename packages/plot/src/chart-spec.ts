import type { ChartEvent, ChartThreshold } from './options.js';
import type { FullModel } from './parts/all-parts.js';

/** A chart as plain data. `version` changes when a reader would have to. */
export interface ChartSpec {
  /** Of this shape. */
  readonly version: 1;
  /** '' when there is none. */
  readonly title: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** @unit milliseconds since the epoch */
  readonly window: { readonly start: number; readonly end: number };
  /** In the order of the legend. */
  readonly series: readonly SeriesSpec[];
  /** Bands behind the lines. */
  readonly events: readonly ChartEvent[];
  /** Lines across. */
  readonly thresholds: readonly ChartThreshold[];
}

/** One line of a chart as plain data. */
export interface SeriesSpec {
  /** The id or external id in CDF. */
  readonly key: string;
  /** What the legend says. */
  readonly label: string;
  /** '' when there is none. */
  readonly unit: string;
  /** A value holds until the next one. */
  readonly isStep: boolean;
  /** @unit milliseconds since the epoch */
  readonly timestamps: readonly number[];
  /** null where there is no value. */
  readonly values: readonly (number | null)[];
  /** Lower edge of a band around the line. */
  readonly low?: readonly (number | null)[];
  /** Upper edge of the band. */
  readonly high?: readonly (number | null)[];
}

/** Every point, not only those that the picture shows. */
export function toSpec({ title, zone, start, end, series, events, thresholds }: FullModel): ChartSpec {
  return {
    version: 1,
    title,
    timeZone: zone.name,
    window: { start, end },
    series: series.map(({ key, label, unit, isStep, timestamps, values, low, high }) => ({
      key,
      label,
      unit,
      isStep,
      timestamps: [...timestamps],
      values: nullable(values),
      ...(low === undefined ? {} : { low: nullable(low) }),
      ...(high === undefined ? {} : { high: nullable(high) }),
    })),
    events,
    thresholds,
  };
}

/** JSON has neither NaN nor infinities. */
function nullable(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}
