import { createRequire } from 'node:module';
import { mountChart } from '@cdf/plot/browser';
import { saveChart, showChart } from '@cdf/plot/node';
import { pngChart } from '@cdf/plot/png';
import type { ChartOutputs } from '../chart-outputs.js';

/**
 * Regular and semibold of the font that comes with this package: labels are there on machines
 * without any font.
 */
const FONTS = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

let paths: readonly string[] | undefined;

function fonts(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  paths ??= FONTS.map((file) => resolve(`@expo-google-fonts/inter/${file}`));
  return paths;
}

/** Outputs of charts in Node: files, the browser of this machine, PNG with a bundled font. */
export const chartOutputs: ChartOutputs = {
  save: (chart) => (path, options) => saveChart(chart)(path, { fonts: fonts(), ...options }),
  show: showChart,
  toPng: (chart) => (options) => pngChart(chart)({ fonts: fonts(), ...options }),
  mount: mountChart,
};
