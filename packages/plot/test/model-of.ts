import type { SvgChart } from '@cdf/plot/svg';
import type { FullModel } from '../src/parts/all-parts.js';

/** What a chart draws. It has no place among what users are offered after the dot. */
export function modelOf(chart: SvgChart): FullModel {
  return (chart as unknown as { readonly model: FullModel }).model;
}
