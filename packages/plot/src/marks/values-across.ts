import type { ValuesAcross } from '../chart-model.js';
import type { Zone } from '../time-zone.js';
import { valueAxis, valueFormat } from '../value-axis.js';

/** A horizontal axis of values from `start` to `end`. */
export function valuesAcross(start: number, end: number, label: string, times: Zone): ValuesAcross {
  const { locale } = times;
  const format = valueFormat(locale);
  const zone: Zone = {
    ...times,
    times,
    // By halves: all of it may be more than the largest number.
    least: Math.max((end / 2 - start / 2) * 2e-6, Number.MIN_VALUE),
    ticks(from, to, most) {
      // A step is rounded down at most to two thirds: the count drops until there is room for all.
      for (let count = most; ; count--) {
        const { ticks, labels } = valueAxis(from, to, count, locale, true);
        const shown = ticks.map((time, index) => ({
          time,
          label: labels[index] as string,
          context: undefined,
        }));
        const inside = shown.filter(({ time }) => time >= from && time <= to);
        if (inside.length <= most || count <= 1) return inside.slice(0, most);
      }
    },
    format: () => format,
    describe: () => label,
  };
  return { zone, start, end };
}
