import type { ChartModel } from './chart-model.js';
import { MARGIN } from './layout.js';
import type { Layout, TimeTick } from './layout-types.js';
import { tenth, textElement } from './markup.js';
import { type Palette, tone } from './palette.js';
import { FONT_SMALL, FONT_TICK, fitText, textWidth } from './text.js';
import { timeTicks } from './time-ticks.js';
import type { Zone } from './time-zone.js';

/**
 * The horizontal axis: its line, its ticks with their labels, and what of the date and the zone
 * they leave out.
 */
export function drawTimeAxis({ zone }: ChartModel, layout: Layout, colors: Palette): string {
  const { view, x, left, top, width, height, plotWidth, plotHeight } = layout;
  const ticks = fittingTicks(layout, zone);
  const bottom = top + plotHeight;
  const labels = ticks.map(({ time, label }) => {
    // A label centred on the edge of a narrow chart may reach out of it: it is moved in.
    const half = textWidth(label, FONT_TICK) / 2 + 2;
    return textElement(Math.min(Math.max(x(time), half), width - half), bottom + 18, label);
  });
  // From right to left: contexts start under their tick; one that would run into the next is moved
  // left, or left out.
  let limit = width - 4;
  const contexts = ticks.reverse().map(({ time, context }, index) => {
    if (context === undefined) return '';
    const length = textWidth(context, FONT_SMALL);
    const at = Math.min(Math.max(left, x(time) - 16), limit - length);
    // Only the first may move away from its tick: it says what holds from the left edge on.
    if (at < (index === ticks.length - 1 ? 4 : x(time) - 40)) return '';
    limit = at - 10;
    return textElement(at, bottom + 33, context);
  });
  return [
    `<path ${tone(colors.axis, 'stroke')} d="M${left} ${bottom}h${plotWidth}${ticks.map(({ time }) => `M${tenth(x(time))} ${bottom}v5`).join('')}"/>`,
    `<g text-anchor="middle">${labels.join('')}</g><g ${tone(colors.muted, 'fill')} font-size="${FONT_SMALL}">`,
    ...contexts,
    textElement(
      width - MARGIN,
      height - 5,
      fitText(zone.describe(view.start, view.end), FONT_SMALL, width - 2 * MARGIN),
      undefined,
      'text-anchor="end"',
    ),
    '</g>',
  ].join('');
}

/**
 * Ten on a plot of 500 pixels, more on wider ones, and fewer where labels would come closer than ten
 * pixels; one at least.
 */
function fittingTicks({ view, x, plotWidth }: Layout, zone: Zone): TimeTick[] {
  const half = ({ label }: TimeTick): number => textWidth(label, FONT_TICK) / 2 + 5;
  for (let most = Math.floor(6 + plotWidth / 125); ; most--) {
    const ticks = (zone.ticks ?? timeTicks)(view.start, view.end, most, zone);
    const fits = ticks.every((tick, index) => {
      const next = ticks[index + 1];
      return next === undefined || x(tick.time) + half(tick) <= x(next.time) - half(next);
    });
    if (fits || most <= 1) return fits ? ticks : ticks.slice(0, 1);
  }
}
