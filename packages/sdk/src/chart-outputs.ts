import type { mountChart } from '@cdf/plot/browser';
import type { saveChart, showChart } from '@cdf/plot/node';
import type { pngChart } from '@cdf/plot/png';

/** Methods of a chart of this client, besides those that give its text. */
export interface ChartOutputs {
  /** Writes the chart; `.svg`, `.png` or `.html` by extension. In a browser it is a download. */
  readonly save: typeof saveChart;
  /** Opens the chart: in the browser of this machine, or in a new tab. */
  readonly show: typeof showChart;
  /** The chart as a PNG. A font comes with this package. */
  readonly toPng: typeof pngChart;
  /** Puts the chart into a page: interactive, as wide as the element. */
  readonly mount: typeof mountChart;
}
