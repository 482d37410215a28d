import type { GoalResult, Measurement, Results } from './scenario.js';

const BASELINE = 'floor';

/** The results as Markdown: a table per scenario, then the goals. */
export function toMarkdown({ node, cores, date, rounds, measurements, goals }: Results): string {
  const scenarios = [...new Set(measurements.map(({ scenario }) => scenario))];
  const sections = scenarios.map((name) =>
    scenarioTable(measurements.filter(({ scenario }) => scenario === name)),
  );
  return [
    '# Results',
    '',
    `${date}, Node ${node}, ${cores} cores. Medians of at most ${rounds} rounds (one where a client is slow), contenders in turns on one`,
    'server, every result checked. Ratios are to be trusted, seconds are not. CPU is that of the contender alone; memory what it grew by at its peak, in its first run.',
    '',
    ...sections,
    ...(goals.length === 0 ? [] : ['## Goals', '', goalTable(goals)]),
    '',
  ].join('\n');
}

/** One scenario: a row per size and contender. */
export function scenarioTable(measurements: readonly Measurement[]): string {
  const [{ scenario, title, unit }] = measurements as [Measurement];
  const rows = measurements.map((each) => {
    const floor = measurements.find(
      ({ contender, size }) => contender === BASELINE && size === each.size,
    );
    const ratio = floor === undefined ? '' : (each.medianMs / floor.medianMs).toFixed(2);
    const cells = [
      ...[
        each.size.toLocaleString('en'),
        each.contender,
        shownMs(each.medianMs),
        ratio,
        shownMs(each.cpuMs),
        shownEach((each.cpuMs * 1000) / each.size),
      ],
      ...[each.peakMb.toFixed(0), `${each.requests ?? ''}`],
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `## ${title} (\`${scenario}\`)`,
    '',
    `| ${unit} | contender | ms | to floor | CPU ms | µs for each | peak MB | requests |`,
    '|---:|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    '',
  ].join('\n');
}

export function goalTable(goals: readonly GoalResult[]): string {
  const rows = goals.map(({ scenario, size, contender, against, of, atMost, ratio }) => {
    const verdict = ratio <= atMost ? 'holds' : '**missed**';
    return `| ${scenario}, ${size.toLocaleString('en')} | ${of} of ${contender} to ${against} | ${shownRatio(atMost)} | ${shownRatio(ratio)} | ${verdict} |`;
  });
  return ['| scenario | ratio | at most | measured | |', '|---|---|---:|---:|---|', ...rows].join(
    '\n',
  );
}

/** Two digits at least: a twelfth is not 0.08 when the measured value is 0.03. */
function shownRatio(ratio: number): string {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}

function shownEach(microseconds: number): string {
  return microseconds < 10 ? microseconds.toPrecision(2) : microseconds.toFixed(0);
}

function shownMs(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0);
}
