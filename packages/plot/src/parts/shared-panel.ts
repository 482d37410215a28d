import type { ChartPart } from '../chart-model.js';
import { sideOf } from '../layout.js';
import type { DrawAxis } from '../layout-types.js';
import { tenth } from '../markup.js';
import { seriesTone, tone } from '../palette.js';
import { axisTexts } from '../svg.js';

/**
 * Draws series of all units in one panel, with an axis for each unit: the axes stand side by side,
 * the first next to the lines. An axis of one line has its colour. Without it, those of each unit
 * have a panel of their own; they do, too, where the axes would take half the width of the chart.
 */
export const sharedPanel: ChartPart = {
  part: 'sharedPanel',
  share(drafts, { width }) {
    const lined = drafts.filter(({ weight }) => weight === 1).length;
    if (lined > 1 && lined * sideOf(drafts) > width / 2) return undefined;
    return drafts.map((draft, index) =>
      draft.weight === 1 ? { ...draft, weight: index ? 0 : 1, draw: drawShared } : draft,
    );
  },
};

const drawShared: DrawAxis = (panel, { panels, left, plotWidth }, colors, own) => {
  const lined = panels.filter(({ draw }) => draw === drawShared);
  const side = left / lined.length;
  const place = lined.indexOf(panel);
  const x = left - place * side;
  const { axis, series, top, height, y } = panel;
  const [only = 0, ...others] = series;
  const color = lined.length > 1 && others.length === 0 ? only : 'muted';
  // One grid is enough: the other axes have ticks.
  const across = place === 0 ? plotWidth : -5;
  const ticks = axis.ticks.map((tick) => `M${tenth(x)} ${tenth(y(tick))}h${across}`).join('');
  const line = place === 0 ? '' : `M${tenth(x)} ${tenth(top)}v${tenth(height)}`;
  return [
    `<path ${tone(place === 0 ? colors.grid : colors.axis, 'stroke')} d="${ticks}${line}"/>`,
    axisTexts(panel, x, tenth(x - side + 15), seriesTone(color, 'fill', colors, own)),
  ].join('');
};
