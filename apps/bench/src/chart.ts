import type { Measurement } from './scenario.js';

const PANEL = { width: 340, height: 260, left: 62, right: 96, top: 34, bottom: 44 } as const;
const COLUMNS = 2;
const COLOURS: readonly string[] = [
  '#0072b2',
  '#999999',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
];

/**
 * How time grows with size, as SVG: a panel per scenario of more than two sizes, both axes
 * logarithmic, a line per contender.
 */
export function growthChart(measurements: readonly Measurement[]): string {
  const scenarios = [...new Set(measurements.map(({ scenario }) => scenario))]
    .map((name) => measurements.filter(({ scenario }) => scenario === name))
    .filter((own) => new Set(own.map(({ size }) => size)).size > 2);
  const contenders = [
    ...new Set(['ours', 'floor', ...scenarios.flat().map(({ contender }) => contender)]),
  ];
  const colourOf = (contender: string): string =>
    COLOURS[contenders.indexOf(contender) % COLOURS.length] as string;
  const columns = Math.min(COLUMNS, Math.max(1, scenarios.length));
  const width = columns * PANEL.width;
  const height = Math.ceil(scenarios.length / columns) * PANEL.height;
  const panels = scenarios.map((own, index) => {
    const position = `${(index % columns) * PANEL.width} ${Math.floor(index / columns) * PANEL.height}`;
    return `<g transform="translate(${position})">\n${panel(own, colourOf)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    '<title>Time by size</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panel(
  measurements: readonly Measurement[],
  colourOf: (contender: string) => string,
): string {
  const [{ title, unit }] = measurements as [Measurement];
  const x = logScale(
    measurements.map(({ size }) => size),
    [PANEL.left, PANEL.width - PANEL.right],
  );
  const y = logScale(
    measurements.map(({ medianMs }) => medianMs),
    [PANEL.height - PANEL.bottom, PANEL.top],
  );
  const bottom = PANEL.height - PANEL.bottom;
  const right = PANEL.width - PANEL.right;
  const grid = [
    ...x.ticks.map(
      (tick) =>
        `<path d="M${x.at(tick)} ${PANEL.top}V${bottom}" stroke="#eee"/><text x="${x.at(tick)}" y="${bottom + 15}" text-anchor="middle" fill="#555">${shown(tick)}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<path d="M${PANEL.left} ${y.at(tick)}H${right}" stroke="#eee"/><text x="${PANEL.left - 6}" y="${y.at(tick) + 4}" text-anchor="end" fill="#555">${shownTime(tick)}</text>`,
    ),
  ];
  const names = [...new Set(measurements.map(({ contender }) => contender))];
  const ends = spread(
    names.map((name) => {
      const own = measurements.filter(({ contender }) => contender === name);
      return { name, own, end: y.at((own.at(-1) as Measurement).medianMs) };
    }),
  );
  const lines = ends.map(({ name, own, labelY }) => {
    const colour = colourOf(name);
    const points = own.map(({ size, medianMs }) => `${x.at(size)},${y.at(medianMs)}`);
    const dots = points.map(
      (point) => `<circle cx="${point.replace(',', '" cy="')}" r="2.5" fill="${colour}"/>`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}<text x="${right + 8}" y="${labelY + 4}" fill="${colour}">${name}</text>`;
  });
  return [
    `<text x="${PANEL.left}" y="18" font-weight="bold">${title}</text>`,
    ...grid,
    ...lines,
    `<text x="${(PANEL.left + right) / 2}" y="${bottom + 32}" text-anchor="middle" fill="#555">${unit}</text>`,
  ].join('\n');
}

/** Names at the ends of lines, moved apart so that they do not cover each other. */
function spread<T extends { readonly end: number }>(
  ends: readonly T[],
): (T & { readonly labelY: number })[] {
  let last = Number.NEGATIVE_INFINITY;
  return [...ends]
    .sort((left, right) => left.end - right.end)
    .map((each) => {
      last = Math.max(each.end, last + 13);
      return { ...each, labelY: last };
    });
}

interface LogScale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function logScale(values: readonly number[], [from, to]: readonly [number, number]): LogScale {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value) =>
      Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10,
  };
}

function shown(count: number): string {
  return count >= 1e6 ? `${count / 1e6}M` : count >= 1e3 ? `${count / 1e3}k` : `${count}`;
}

function shownTime(milliseconds: number): string {
  return milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
}
