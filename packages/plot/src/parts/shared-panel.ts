import type { ChartPart } from '../chart-model.js';
import { tenth } from '../markup.js';
import { seriesTone, tone } from '../palette.js';
import { axisTexts } from '../svg.js';

/**
 * Draws series of all units in one panel, with an axis for each unit: the axes stand side by side,
 * the first next to the lines. An axis of one line has its colour. Without it, those of each unit
 * have a panel of their own.
 */
export const sharedPanel: ChartPart = {
  part: 'sharedPanel',
  overlays(panel, { panels, left, plotWidth }, colors, own) {
    const lined = panels.filter(({ weight }) => weight === 1 || weight === 0);
    const side = left / Math.max(1, lined.length);
    const place = Math.max(0, lined.indexOf(panel));
    const x = left - place * side;
    const { axis, series, top, height, y } = panel;
    const [only = 0, ...others] = series;
    const color = lined.length > 1 && others.length === 0 && lined.includes(panel) ? only : 'muted';
    // One grid is enough: the other axes have ticks.
    const across = place === 0 ? plotWidth : -5;
    const ticks = axis.ticks.map((tick) => `M${tenth(x)} ${tenth(y(tick))}h${across}`).join('');
    const line = place === 0 ? '' : `M${tenth(x)} ${tenth(top)}v${tenth(height)}`;
    return [
      `<path ${tone(place === 0 ? colors.grid : colors.axis, 'stroke')} d="${ticks}${line}"/>`,
      axisTexts(panel, x, tenth(x - side + 15), seriesTone(color, 'fill', colors, own)),
    ].join('');
  },
};
