import { ConfigError } from '@cdf/core';
import type { ChartPart } from '../chart-model.js';
import type { ChartThreshold } from '../draw-options.js';
import type { Panel } from '../layout-types.js';
import { tenth, textElement } from '../markup.js';
import { tone } from '../palette.js';
import { FONT_SMALL, fitText, textWidth, withPlainTexts } from '../text.js';
import type { View } from '../view.js';

/**
 * Draws values as dashed lines across, with their labels at the right. The axis reaches them.
 *
 * @throws {ConfigError} when a value is not finite.
 */
export function thresholdLines(given: readonly ChartThreshold[]): ChartPart {
  const thresholds = given.map((threshold): ChartThreshold => withPlainTexts(threshold));
  if (!thresholds.every(({ value }) => Number.isFinite(value)))
    throw new ConfigError('plot: thresholds must be finite');
  const on = (unit: string, panel: number, panels: number): readonly ChartThreshold[] =>
    thresholdsOn(thresholds, unit, panel, panels);
  const shown = ({ label = '' }: ChartThreshold, { width }: View): string =>
    fitText(label, FONT_SMALL, Math.min(150, width / 5));
  return {
    part: 'thresholdLines',
    reach: (unit, panel, panels) => on(unit, panel, panels).map(({ value }) => value),
    room(view) {
      const widest = Math.max(
        0,
        ...thresholds.map((each) => textWidth(shown(each, view), FONT_SMALL)),
      );
      return widest > 0 ? Math.ceil(widest) + 14 : 0;
    },
    above({ panels, view, left, plotWidth }, colors) {
      const lines = panels.flatMap((panel) =>
        place(
          // The rows of states have no values.
          panel.axis.names ? [] : on(panel.unit, panel.place, panel.places),
          panel,
        ).map(
          ({ y, textY, threshold }) =>
            `<path ${tone(colors.alert, 'stroke')} stroke-dasharray="6 4" d="M${left} ${tenth(y)}h${plotWidth}"/>${textElement(left + plotWidth + 6, textY, shown(threshold, view), threshold.label)}`,
        ),
      );
      return lines.length === 0
        ? ''
        : `<g ${tone(colors.alert, 'fill')} font-size="${FONT_SMALL}">${lines.join('')}</g>`;
    },
  };
}

/** Those of a panel: without a unit they belong to the first. */
export function thresholdsOn(
  thresholds: readonly ChartThreshold[],
  unit: string,
  panel: number,
  panels: number,
): readonly ChartThreshold[] {
  return thresholds.filter((threshold) =>
    threshold.unit === undefined ? panel === 0 : panels === 1 || threshold.unit === unit,
  );
}

interface Placed {
  readonly threshold: ChartThreshold;
  readonly y: number;
  textY: number;
}

/**
 * Those inside the panel. From the bottom up, then from the top down: labels that would touch are
 * pushed apart and stay inside.
 */
function place(thresholds: readonly ChartThreshold[], { top, height, y }: Panel): Placed[] {
  const placed = thresholds
    .map(
      (threshold): Placed => ({ threshold, y: y(threshold.value), textY: y(threshold.value) + 4 }),
    )
    .filter((line) => line.y >= top - 0.5 && line.y <= top + height + 0.5)
    .sort((one, other) => one.y - other.y);
  let limit = top + height + 4;
  for (const line of [...placed].reverse()) {
    line.textY = Math.min(line.textY, limit);
    limit = line.textY - 15;
  }
  limit = top + 4;
  for (const line of placed) {
    line.textY = Math.max(line.textY, limit);
    limit = line.textY + 15;
  }
  return placed;
}
