import type { ChartOutputs } from '../chart-outputs.js';
export const chartOutputs: ChartOutputs = undefined as never;
