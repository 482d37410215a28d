import { createRequire } from 'node:module';
import { mountChart } from '@cdf/plot/browser';
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

/**
 * Outputs of charts in Node: files, the browser of this machine, PNG with a bundled font. Loaded
 * when they are used: the renderer of PNGs alone takes a tenth of the time of everything else.
 */
export const chartOutputs: ChartOutputs = {
  save: (chart) => async (path, options) =>
    (await loadFiles()).saveChart(chart)(path, { fonts: fonts(), ...options }),
  show: (chart) => async (options) => (await loadFiles()).showChart(chart)(options),
  toPng: (chart) => async (options) => {
    const { pngChart } = await import('@cdf/plot/png');
    return pngChart(chart)({ fonts: fonts(), ...options });
  },
  mount: mountChart,
};

function loadFiles(): Promise<typeof import('@cdf/plot/node')> {
  return import('@cdf/plot/node');
}
