import { mountChart, pngChart, saveChart, showChart } from '@cdf/plot/browser';
import type { ChartOutputs } from '../chart-outputs.js';

/** Outputs of charts in a browser: downloads, a tab, a PNG drawn on a canvas. */
export const chartOutputs: ChartOutputs = {
  save: saveChart,
  show: showChart,
  toPng: pngChart,
  mount: mountChart,
};
