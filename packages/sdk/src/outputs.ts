import { chartOutputs as ofPlatform } from '#outputs';
import type { ChartOutputs } from './chart-outputs.js';

/**
 * The methods that charts of this client have: `save`, `show`, `toPng` and `mount`. For charts that
 * are made without the client's own methods, such as those of nodes or of any data.
 *
 * @example
 * const plot = plotTimeSeries(client.datapoints, chartOutputs);
 * const series = nodes(client, CogniteTimeSeries, { space: 'acme', relations: { plot } });
 * const flow = await series.retrieve({ externalId: 'flow' });
 * await (await flow!.plot()).save('flow.svg');
 */
export const chartOutputs: ChartOutputs = ofPlatform;
