/** Scenarios of `npm run bench`, by the words of the table: name and size. */
const SPEEDS = {
  'read 5,000,000 raw points of one series': ['datapoints-one', 5_000_000],
  'read three hourly aggregates of 1,000 series': ['datapoints-aggregates', 1_000_000],
  'read the latest points of 1,000 series': ['datapoints-latest', 1000],
  'insert 1,000,000 points from columns': ['datapoints-insert', 1_000_000],
  'list 200,000 assets, 20 ms latency': ['assets-list-latency', 200_000],
  'create a shuffled tree of 100,000 assets': ['assets-create', 100_000],
};
const CONTENDERS = ['ours', 'floor', '@cognite/sdk'];

const SPEED_TABLE = /(<!-- speed -->\n)[\s\S]*?(<!-- \/speed -->)/g;
const SIZE = /(<!-- size: ([^>]+?) -->)[^<]*(<!-- \/size -->)/g;
const SIZE_TABLE = /<!-- sizes -->\n([\s\S]*?)<!-- \/sizes -->/;

/**
 * A document with the figures that were measured: a table of speeds between `<!-- speed -->` and
 * `<!-- /speed -->`, and first loads between `<!-- size: name of a story -->` and `<!-- /size -->`.
 *
 * @param {string} document
 * @param {{ measurements: readonly object[] }} results `apps/bench/results/results.json`
 * @param {string} readme has the table of sizes that `npm run size -- --write` writes
 * @throws {Error} on a story or a scenario that was not measured
 */
export function withFigures(document, results, readme) {
  return document
    .replace(SPEED_TABLE, (_, start, end) => `${start}${speedTable(results)}\n${end}`)
    .replace(SIZE, (_, start, story, end) => `${start}${firstLoad(readme, story)}${end}`);
}

function speedTable({ measurements }) {
  const rows = Object.entries(SPEEDS).map(([words, [scenario, size]]) => {
    const cells = CONTENDERS.map((contender) => {
      const found = measurements.find(
        (each) => each.scenario === scenario && each.size === size && each.contender === contender,
      );
      if (found === undefined)
        throw new Error(`${scenario} of ${size} was not measured for ${contender}`);
      return `${seconds(found.medianMs)}, ${Math.round(found.peakMb).toLocaleString('en-US')} MB`;
    });
    return `| ${[words, ...cells].join(' | ')} |`;
  });
  return ['| | @cdf | the floor | @cognite/sdk |', '|---|---:|---:|---:|', ...rows].join('\n');
}

function seconds(milliseconds) {
  return milliseconds < 100
    ? `${Math.round(milliseconds)} ms`
    : `${(milliseconds / 1000).toPrecision(2)} s`;
}

function firstLoad(readme, story) {
  const rows = (SIZE_TABLE.exec(readme)?.[1] ?? '').split('\n').map((line) => line.split(' | '));
  const row = rows.find(([name]) => name === `| ${story}`);
  if (row === undefined) throw new Error(`the README has no size of "${story}"`);
  return row[1];
}
