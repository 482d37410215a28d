import { ConfigError, type TimeArgument } from '@cdf/core';
import { checkOptions, toEpoch } from '@cdf/core/resource';
import type { CdfEvent } from './event-types.js';

/** An event as an interval, which a plot shades. */
export interface EventInterval {
  /** @unit milliseconds since the epoch */
  readonly start: number;
  /** Equal to `start` for an event at a point in time. @unit milliseconds since the epoch */
  readonly end: number;
  /** True if the event goes on: its `end` is that of the window. */
  readonly open: boolean;
  /** The text beside the interval; may be empty. */
  readonly label: string;
  /** The event of the interval. */
  readonly event: CdfEvent;
}

/** The window of the intervals, and their labels. */
export interface EventIntervalOptions {
  /** Intervals are cut off before it. */
  readonly start?: TimeArgument | undefined;
  /**
   * Intervals are cut off after it. Events without an end are drawn until then.
   * @default now
   */
  readonly end?: TimeArgument | undefined;
  /** @default the subtype, else the type, else the description */
  readonly label?: ((event: CdfEvent) => string) | undefined;
}

/**
 * Events as intervals within a window, by start time. Events without a start, and those outside of
 * the window, are left out.
 *
 * @throws {ConfigError} when the window ends before it starts
 */
export function eventIntervals(
  events: readonly CdfEvent[],
  options: EventIntervalOptions = {},
): EventInterval[] {
  checkOptions(options, { start: true, end: true, label: true }, 'eventIntervals');
  const now = Date.now();
  const { label = labelOf } = options;
  const from = options.start === undefined ? -Infinity : toEpoch(options.start, now, 'start');
  const to = toEpoch(options.end ?? now, now, 'end');
  if (from > to) throw new ConfigError('the window of events ends before it starts');
  return events
    .flatMap((event): EventInterval[] => {
      const { startTime, endTime } = event;
      // Tables and other services write null for a missing time.
      const isOpen = (endTime ?? undefined) === undefined;
      if (
        startTime === undefined ||
        startTime === null ||
        startTime > to ||
        (endTime ?? Infinity) < from
      )
        return [];
      const end = Math.min(endTime ?? to, to);
      return [{ start: Math.max(startTime, from), end, open: isOpen, label: label(event), event }];
    })
    .sort((left, right) => left.start - right.start || left.end - right.end);
}

function labelOf({ type, subtype, description }: CdfEvent): string {
  return subtype ?? type ?? description ?? '';
}
