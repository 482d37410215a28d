import type { ChartModel } from './model.js';
import type { ChartEvent, ChartThreshold } from './options.js';

/** A chart as plain data. `version` changes when a reader would have to. */
export interface ChartSpec {
  readonly version: 1;
  readonly title: string;
  readonly timeZone: string;
  /** @unit milliseconds since the epoch */
  readonly window: { readonly start: number; readonly end: number };
  readonly series: readonly SeriesSpec[];
  readonly events: readonly ChartEvent[];
  readonly thresholds: readonly ChartThreshold[];
}

export interface SeriesSpec {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly isStep: boolean;
  /** @unit milliseconds since the epoch */
  readonly timestamps: readonly number[];
  /** null where there is no value. */
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/** Every point, not only those that the picture shows. */
export function toSpec({ title, zone, start, end, series, events, thresholds }: ChartModel): ChartSpec {
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

/** JSON has no NaN. */
function nullable(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
