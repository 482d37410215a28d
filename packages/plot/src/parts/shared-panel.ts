import type { ChartPart } from '../chart-model.js';

/**
 * Draws series of all units in one panel, with an axis for each unit: the axes stand side by side.
 * Without it, those of each unit have a panel of their own.
 */
export const sharedPanel: ChartPart = {
  part: 'sharedPanel',
  overlays: true,
};
