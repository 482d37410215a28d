import type { ChartPart } from '../chart-model.js';

/**
 * Puts series of all units on one axis. Without it, those of each unit have a panel of their own.
 */
export const sharedAxis: ChartPart = {
  part: 'sharedAxis',
  panels: (units) => [[...units]],
};
