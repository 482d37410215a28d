import type { SvgChart } from '@cdf/plot/svg';
import type { FullModel } from '../src/parts/all-parts.js';

/** The model of a chart: internal, so that users are not offered it after the dot. */
export function modelOf(chart: SvgChart): FullModel {
  return (chart as unknown as { readonly model: FullModel }).model;
}
