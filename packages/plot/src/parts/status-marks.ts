import type { ChartPart } from '../chart-model.js';
import type { Stroke } from '../layout-types.js';
import { lowerBound, upperBound } from '../m4.js';

/** By the top two bits of an OPC UA status: 0 is good, 1 uncertain, 2 bad, 3 reserved. */
const LEVELS = [
  { level: 1, name: 'uncertain', swatch: 'm6 0l4-4 4 4-4 4Z', shape: 'm-50 0l50-50 50 50-50 50Z' },
  { level: 2, name: 'bad', swatch: 'm7-3.5l7 7m0-7l-7 7', shape: 'm-45-45l90 90m0-90l-90 90' },
] as const;

function levelOf(code = 0): number {
  return Math.min(2, code >>> 30);
}

/** Marks points that are not good. One without a value is marked at the bottom. */
export const statusMarks: ChartPart = {
  part: 'statusMarks',
  entries: ({ series }) =>
    LEVELS.filter(({ level }) =>
      series.some(({ statuses }) => statuses?.codes.some((code) => levelOf(code) === level)),
    ).map(({ name, swatch }) => ({ name, swatch: { line: swatch, width: 1.5 }, color: 'alert' })),
  moved(line, order) {
    const { indexes, codes } = line.statuses ?? {};
    const codeOf = new Map(
      indexes && Array.from(indexes, (index, mark) => [index, codes?.[mark] as number]),
    );
    const marked = Array.from(order.keys()).filter((index) => codeOf.has(order[index] as number));
    const moved = Uint32Array.from(marked, (index) => codeOf.get(order[index] as number) as number);
    return { ...line, statuses: indexes && { indexes: Uint32Array.from(marked), codes: moved } };
  },
  marks({ timestamps, values, statuses }, scale, { view }, panel) {
    if (statuses === undefined) return [];
    const { indexes, codes } = statuses;
    const from = lowerBound(timestamps, view.start);
    const to = upperBound(timestamps, view.end);
    const paths = ['', '', ''];
    // One mark for each spot of six pixels: more cannot be told apart.
    const seen = new Set<string>();
    for (
      let mark = lowerBound(indexes, from);
      mark < indexes.length && (indexes[mark] as number) < to;
      mark++
    ) {
      const index = indexes[mark] as number;
      const value = values[index] as number;
      const level = levelOf(codes[mark]);
      const x = scale.x(timestamps[index] as number);
      const y = Number.isFinite(value)
        ? scale.y(value)
        : Math.round((panel.top + panel.height) * 10) - 40;
      const spot = `${level} ${Math.round(x / 60)} ${Math.round(y / 60)}`;
      if (level === 0 || seen.has(spot)) continue;
      seen.add(spot);
      paths[level] += `M${x} ${y}${LEVELS[level - 1]?.shape}`;
    }
    // On a line of many points a mark is seen because of the room around it.
    const both = paths.join('');
    return [
      { d: both, width: 60, color: 'background' },
      ...paths.map((d): Stroke => ({ d, width: 20, color: 'alert' })),
    ];
  },
  detail({ statuses }, index) {
    const level = levelOf(statuses?.codes[statuses.indexes.indexOf(index)]);
    return level === 0 ? '' : `, ${LEVELS[level - 1]?.name}`;
  },
};
