import type { ChartMark, ChartModel, ChartPart } from '../chart-model.js';
import type { ChartEvent, ChartThreshold } from '../draw-options.js';
import { eventBands } from '../marks/event-bands.js';
import { aggregateLines } from './aggregate-lines.js';
import { logAxis } from './log-axis.js';
import { sharedPanel } from './shared-panel.js';
import { spokenRanges } from './spoken-ranges.js';
import { statusMarks } from './status-marks.js';
import { thresholdLines } from './threshold-lines.js';

/** A model with what its parts draw besides its series, so that it can be written down. */
export interface FullModel extends ChartModel {
  /** Bands behind the lines, with safe strings. */
  readonly events: readonly ChartEvent[];
  /** Lines across, with safe strings. */
  readonly thresholds: readonly ChartThreshold[];
  /** Colours of series, states and types of events that were chosen by name. */
  readonly named: Readonly<Record<string, string>>;
  /** The layout of series with several units. */
  readonly units: 'panels' | 'overlay';
  /** The scale of the value axes. */
  readonly valueScale: 'linear' | 'log';
  /** Absent: lines. */
  readonly mark: ChartMark | undefined;
}

/** Every part that there is, as it is needed. */
export function allParts({
  events,
  thresholds,
  units,
  valueScale,
  mark,
  named,
}: Pick<
  FullModel,
  'events' | 'thresholds' | 'units' | 'valueScale' | 'mark' | 'named'
>): ChartPart[] {
  return [
    ...(units === 'overlay' ? [sharedPanel] : []),
    ...(valueScale === 'log' ? [logAxis] : []),
    ...(mark === undefined ? [] : [mark]),
    aggregateLines,
    statusMarks,
    spokenRanges,
    eventBands(events, named),
    thresholdLines(thresholds),
  ];
}
