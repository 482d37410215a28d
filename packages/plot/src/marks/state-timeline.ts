import type { ChartMark, ChartModel } from '../chart-model.js';
import type { Stroke } from '../layout-types.js';
import { lowerBound, upperBound } from '../m4.js';
import { type ColorName, colorOf, LIGHT } from '../palette.js';
import { type ChartSeries, commonOf, withExtent } from '../source.js';
import { letterOf } from '../terminal-letters.js';
import { FONT_TICK, fitText, plainText } from '../text.js';

/**
 * Colours of states, which are not those of lines: areas are seen in softer ones. They are the same
 * on light and dark, at least 3:1 from both; the tests measure how far they are from each other.
 */
export const STATE_COLORS: readonly `#${string}`[] = [
  '#2f7fc1',
  '#e96d76',
  '#899d1a',
  '#a24c82',
  '#317057',
  '#b9799a',
  '#4f6e29',
  '#d72761',
];
/** Above these, a state is one of the others; an index that no colour has. */
const OTHERS = STATE_COLORS.length;
/** The height of a row beside that of a panel. */
const ROW = 0.19;
/** The height of a bar. @unit pixels */
const BAR = { part: 0.62, most: 44 };

/**
 * Series of text as rows of bars: a state holds until the next one begins. States of the same text
 * have one colour in all rows, which `colors: { RUNNING: '#2e7d32' }` chooses; where there are more
 * than eight, those that hold for the shortest time together share a grey. Where several fall into
 * one column of pixels, the rarest is drawn, so that a short trip of a long day is seen. Series of
 * numbers beside them are lines.
 *
 * @example
 * await series.plot({ mark: stateTimeline, start: '7d-ago' });
 */
export const stateTimeline: ChartMark = {
  part: 'stateTimeline',
  noun: 'State timeline',
  check() {},
  lines(source, label, maxGap = Infinity) {
    const { values, timestamps } = source;
    if (values instanceof Float64Array || !(source.isString || Array.isArray(values)))
      return undefined;
    const codes = new Map<string, number>();
    const column = Float64Array.from(values ?? [], (text) => {
      const code = codes.get(text) ?? codes.size;
      codes.set(text, code);
      return code;
    });
    const states = [...codes.keys()].map((text) => plainText(String(text)) || '(empty)');
    const line = {
      ...commonOf(source),
      ...withExtent({ values: column }),
      label,
      unit: '',
      maxGap,
      isStep: true,
    };
    return [
      {
        ...line,
        states,
        mark: 'stateTimeline',
        absent: timestamps.length === 0 ? 'no data' : undefined,
      },
    ];
  },
  rows(series, { width }) {
    const rows = series.flatMap(({ mark, absent }, index) =>
      mark && absent === undefined && series[index]?.states ? [index] : [],
    );
    if (rows.length === 0) return [];
    const names = rows.map((index) => series[index]?.label as string);
    const axis = {
      low: -0.5,
      high: rows.length - 0.5,
      ticks: rows.map((_, row) => row),
      labels: names.map((name) => fitText(name, FONT_TICK, Math.min(160, width / 4))),
      names,
      // The first is at the top.
      place: (row: number) => 1 - (row + 0.5) / rows.length,
    };
    return [{ unit: '', label: '', axis, series: rows, weight: rows.length * ROW }];
  },
  entries({ series }) {
    const { colors, others, paints } = colorsOf(series);
    const named = [...colors].map(([name, index]) => ({
      name,
      swatch: { area: 1 },
      color: paints[index] as ColorName,
    }));
    if (others === 0) return named;
    return [...named, { name: `${others} other states`, swatch: { area: 1 }, color: 'muted' }];
  },
  paths(model, series, scale, { view, left, plotWidth }, panel) {
    const fine = Math.max(1, Math.round(view.scale));
    const owners = columnsOf(model, series, view.start, view.end, Math.round(plotWidth * fine));
    const paths = new Map<number, string>();
    const row = panel.series.indexOf(model.series.indexOf(series));
    const y = scale.y(row);
    for (let from = 0; from < owners.length; ) {
      const owner = owners[from] as number;
      let to = from + 1;
      while (to < owners.length && owners[to] === owner) to++;
      const [x, right] = [from, to].map((column) => Math.round((left + column / fine) * 10)) as [
        number,
        number,
      ];
      if (owner >= 0) paths.set(owner, `${paths.get(owner) ?? ''}M${x} ${y}h${right - x}`);
      from = to;
    }
    const width = Math.round(
      Math.min((panel.height / panel.series.length) * BAR.part, BAR.most) * 10,
    );
    const { paints } = colorsOf(model.series);
    const strokes = [...paths].map(
      ([owner, d]): Stroke => ({ d, width, color: paints[owner] ?? 'muted' }),
    );
    return { strokes };
  },
  text(model, series, { canvas, view }) {
    const owners = columnsOf(model, series, view.start, view.end, canvas.width);
    const row = model.series
      .filter(({ states, absent }) => states && absent === undefined)
      .indexOf(series);
    owners.forEach((owner, column) => {
      if (owner >= 0) canvas.put(column, row, owner === OTHERS ? '·' : letterOf(owner), owner);
    });
  },
  characters({ series }) {
    const { colors, others } = colorsOf(series);
    const named = [...colors].map(([name, color]) => [letterOf(color), name, color] as const);
    return others === 0 ? named : [...named, ['·', `${others} other states`, OTHERS]];
  },
  say: ({ states, values }, index) => states?.[values[index] as number] ?? '',
  tint(series, { states, values }, index) {
    const { colors, paints } = colorsOf(series);
    const state = states?.[values[index] as number] ?? '';
    return paints[colors.get(state) ?? OTHERS] ?? 'muted';
  },
  speak({ states, timestamps, values }, end) {
    const last = values[upperBound(timestamps, end) - 1];
    return `${states?.length} states, at last ${states?.[last as number] ?? 'unknown'}`;
  },
  spec: ({ states, values }) => ({
    values: [],
    states: Array.from(values, (code) => states?.[code] ?? null),
  }),
  vega(model, series) {
    const { label, states, timestamps, values } = series;
    const rows = Array.from(timestamps, (time, index) => ({
      from: time,
      to: Math.min(timestamps[index + 1] ?? model.end, model.end),
      state: states?.[values[index] as number] ?? '',
      series: label,
    }));
    // As many as a picture can show.
    const stride = Math.ceil(rows.length / 5000);
    return {
      data: { values: rows.filter(({ from, to }, index) => to > from && index % stride === 0) },
      mark: { type: 'bar' },
      encoding: {
        x: { field: 'from', type: 'temporal', scale: { type: 'utc' }, title: null },
        x2: { field: 'to' },
        y: { field: 'series', type: 'nominal', title: null },
        color: { field: 'state', type: 'nominal', title: null, scale: vegaColors(model.series) },
      },
    };
  },
};

/** States that share the grey are not named. */
function vegaColors(series: readonly ChartSeries[]): object {
  const { colors, paints, lengths } = colorsOf(series);
  const domain = [...lengths.keys()];
  return {
    domain,
    range: domain.map((state) => {
      const paint = paints[colors.get(state) ?? OTHERS];
      return colorOf(paint ?? 'muted', LIGHT);
    }),
  };
}

interface StateColors {
  /** By name, an index of `paints`. */
  readonly colors: ReadonlyMap<string, number>;
  readonly paints: readonly ColorName[];
  /** How many states share the grey. */
  readonly others: number;
  /** How long each state holds in all. @unit milliseconds */
  readonly lengths: ReadonlyMap<string, number>;
}

/** Reckoned once for the series of a model, which are drawn again and again. */
const known = new WeakMap<readonly ChartSeries[], StateColors>();

function colorsOf(series: readonly ChartSeries[]): StateColors {
  const before = known.get(series);
  if (before !== undefined) return before;
  const lengths = new Map<string, number>();
  const end = Math.max(...series.map(({ timestamps }) => timestamps.at(-1) ?? -Infinity));
  for (const { states, absent, timestamps, values } of series) {
    if (states === undefined || absent !== undefined) continue;
    const sums = new Float64Array(states.length);
    for (let index = 0; index < values.length; index++) {
      const length = Math.max(0, (timestamps[index + 1] ?? end) - (timestamps[index] as number));
      if ((values[index] as number) >= 0) (sums[values[index] as number] as number) += length;
    }
    for (const [code, state] of states.entries())
      lengths.set(state, (lengths.get(state) ?? 0) + (sums[code] as number));
  }
  const own = series.find(({ colors }) => colors)?.colors ?? {};
  const isOwn = (state: string): number => Number(Object.hasOwn(own, state));
  // States with a colour of their own go first.
  const longest = [...lengths.keys()].sort(
    (one, two) =>
      isOwn(two) - isOwn(one) || (lengths.get(two) as number) - (lengths.get(one) as number),
  );
  const byName = new Intl.Collator('en', { numeric: true });
  const chosen = longest
    .slice(0, longest.length > OTHERS ? OTHERS - 1 : OTHERS)
    .sort(byName.compare);
  // By name, and the same everywhere: what is running has the same colour today and tomorrow.
  const colors = new Map(chosen.map((state, index) => [state, index]));
  const paints = chosen.map(
    (state, index) => (isOwn(state) ? own[state] : STATE_COLORS[index]) as ColorName,
  );
  const found = { colors, paints, others: longest.length - chosen.length, lengths };
  known.set(series, found);
  return found;
}

/** The colour of each column of a window; -1 where there is no state. */
function columnsOf(
  model: ChartModel,
  series: ChartSeries,
  start: number,
  end: number,
  count: number,
): Int32Array {
  const { timestamps, values, states = [], maxGap } = series;
  const { colors, lengths } = colorsOf(model.series);
  const [color, length] = [
    states.map((state) => colors.get(state) ?? OTHERS),
    states.map((state) => lengths.get(state) ?? 0),
  ];
  const codes = new Int32Array(count).fill(-1);
  const column = (time: number): number => ((time - start) / (end - start)) * count;
  const last = upperBound(timestamps, end);
  for (let index = Math.max(0, lowerBound(timestamps, start) - 1); index < last; index++) {
    const code = values[index] as number;
    const from = timestamps[index] as number;
    const until = Math.min(timestamps[index + 1] ?? end, from + maxGap, end);
    if (!(code >= 0) || until < start || from > end) continue;
    const first = Math.max(0, Math.floor(column(from)));
    const stop = Math.min(count, Math.max(Math.ceil(column(until)), first + 1));
    for (let each = first; each < stop; each++) {
      const other = codes[each] as number;
      if (other < 0 || (length[code] as number) < (length[other] as number)) codes[each] = code;
    }
  }
  return codes.map((code) => (code < 0 ? -1 : (color[code] as number)));
}
