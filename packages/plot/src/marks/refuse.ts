import { ConfigError } from '@cdf/core';
import type { BesideMark } from '../chart-model.js';

/** Rejects options that mean nothing to a mark: they would be ignored silently. */
export function refuse(
  mark: string,
  ...names: readonly ('events' | 'thresholds' | 'valueScale')[]
) {
  return (options: BesideMark): void => {
    const { events = [], thresholds = [], valueScale } = options;
    const given = {
      events: events.length > 0,
      thresholds: thresholds.length > 0,
      valueScale: valueScale === 'log',
    };
    const odd = names.find((name) => given[name]);
    if (odd !== undefined)
      throw new ConfigError(
        `plot: ${odd} have no place in a ${mark}; leave them out, or draw lines`,
      );
  };
}
