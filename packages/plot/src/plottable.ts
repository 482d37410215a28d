import type { Identified, InstanceId } from '@cdf/core';

/** The fields of a time series that a chart uses. */
export interface PlottableSeries extends Identified {
  /** The label in the legend. */
  readonly name?: string | undefined;
  /** Text cannot be drawn, and is not counted. */
  readonly isString?: boolean | undefined;
}

/** A node of a time series: `CogniteTimeSeries`, or a view that implements it. */
export interface PlottableNode extends InstanceId {
  /** The label in the legend. @default its external id */
  readonly name?: unknown;
}

/** Whatever has a chart of its points. */
export type Plottable = PlottableSeries | PlottableNode;
