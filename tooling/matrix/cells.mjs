/**
 * One thing to try. `group`, `row` and `column` are its name and its place in the table.
 *
 * @typedef {{ group: string, row: string, column: string, run: () => void | Promise<void> }} Cell
 * `run` throws when it does not hold
 * @typedef {Cell & { problem: string | undefined, seconds: number }} Result
 */

/**
 * True if the words of a cell's name begin with all words of one of the selections: `node 22`,
 * `typescript 5.4 bundler`. Without selections every cell is chosen.
 */
export function chosen({ group, row, column }, selections) {
  const words = `${group} ${row} ${column}`.toLowerCase().split(/[\s,]+/);
  const has = (selection) =>
    selection
      .toLowerCase()
      .split(/\s+/)
      .every((wanted) => words.some((word) => word.startsWith(wanted)));
  return selections.length === 0 || selections.some(has);
}

/**
 * Tries cells one after the other; one that fails does not end it.
 *
 * @param {readonly Cell[]} cells
 * @param {(line: string) => void} log
 * @returns {Promise<Result[]>}
 */
export async function runCells(cells, log) {
  const results = [];
  for (const cell of cells) {
    const begun = performance.now();
    let problem;
    try {
      await cell.run();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const seconds = (performance.now() - begun) / 1000;
    log(
      `${problem === undefined ? 'ok     ' : 'FAILED '} ${cell.group} ${cell.row}, ${cell.column} (${seconds.toFixed(1)} s)`,
    );
    if (problem !== undefined) log(problem.split('\n').slice(0, 30).join('\n'));
    results.push({ ...cell, problem, seconds });
  }
  return results;
}

/** A Markdown table for each group, rows and columns in the order in which they came. */
export function tableOf(results) {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups.map((group) => groupTable(group, results)).join('\n');
}

function groupTable(group, results) {
  const own = results.filter((result) => result.group === group);
  const columns = [...new Set(own.map(({ column }) => column))];
  const rows = [...new Set(own.map(({ row }) => row))];
  const verdict = (row, column) => {
    const result = own.find((each) => each.row === row && each.column === column);
    if (result === undefined) return '';
    return result.problem === undefined ? 'ok' : 'FAILED';
  };
  return [
    `| ${group} | ${columns.join(' | ')} |`,
    `|---|${columns.map(() => '---|').join('')}`,
    ...rows.map(
      (row) => `| ${row} | ${columns.map((column) => verdict(row, column)).join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
