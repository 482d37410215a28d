import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { growthChart } from './chart.js';
import { type FoundScenario, findScenarios } from './find-scenarios.js';
import { judge, measure } from './measure.js';
import { goalTable, scenarioTable, toMarkdown } from './report.js';
import type { Measurement, Results } from './scenario.js';

const HELP = `Usage: pnpm bench [--only name,name] [--contenders ours,floor] [--sizes 10000,100000] [--rounds 5] [--out folder]

Runs every scenario and writes results.json, results.md and growth.svg into apps/bench/results. With --only, --contenders or --sizes the
table is printed, and written only where --out says; what is there of other scenarios stays. --list names the scenarios.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      sizes: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      out: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const all = await findScenarios();
  if (values.list) return console.log(all.map(({ scenario }) => scenario.name).join('\n'));
  const names = values.only?.split(',');
  const unknown = names?.find((name) => !all.some(({ scenario }) => scenario.name === name));
  if (unknown !== undefined) throw new Error(`no scenario is called ${unknown}; --list names them`);
  const chosen = all.filter(({ scenario }) => names?.includes(scenario.name) ?? true);
  const rounds = Number(values.rounds);
  const machine = { node: process.versions.node, cores: availableParallelism() };
  let results: Results = {
    ...machine,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    measurements: [],
    goals: [],
  };
  for (const { file, scenario } of chosen) {
    const own: Measurement[] = [];
    try {
      for (const size of values.sizes?.split(',').map(Number) ?? scenario.sizes) {
        const begin = performance.now();
        own.push(
          ...(await measure({ file, scenario }, size, rounds, values.contenders?.split(','))),
        );
        const seconds = ((performance.now() - begin) / 1000).toFixed(0);
        console.error(`${scenario.name}, ${size.toLocaleString('en')}: ${seconds} s`);
      }
    } catch (error) {
      // The others are still worth their time; the command fails in the end.
      console.error(error);
      process.exitCode = 1;
    }
    if (own.length > 0) console.log(scenarioTable(own));
    const goals = judge(scenario, own);
    results = {
      ...results,
      measurements: [...results.measurements, ...own],
      goals: [...results.goals, ...goals],
    };
  }
  if (results.goals.length > 0) console.log(goalTable(results.goals));
  const isWhole =
    values.only === undefined && values.contenders === undefined && values.sizes === undefined;
  const folder =
    values.out ?? (isWhole ? fileURLToPath(new URL('../results', import.meta.url)) : undefined);
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  if (!isWhole) results = merged(results, await readResults(folder), all);
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(join(folder, 'results.md'), toMarkdown(results));
  await writeFile(join(folder, 'growth.svg'), growthChart(results.measurements));
}

async function readResults(folder: string): Promise<Results | undefined> {
  const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Results);
}

/** Results of scenarios that were not run again stay. */
function merged(
  results: Results,
  before: Results | undefined,
  all: readonly FoundScenario[],
): Results {
  const names = all.map(({ scenario }) => scenario.name);
  const ran = new Set(results.measurements.map(({ scenario }) => scenario));
  const together = <T extends { readonly scenario: string }>(
    own: readonly T[],
    others: readonly T[] = [],
  ): T[] =>
    [
      ...others.filter(({ scenario }) => !ran.has(scenario) && names.includes(scenario)),
      ...own,
    ].sort((left, right) => names.indexOf(left.scenario) - names.indexOf(right.scenario));
  return {
    ...results,
    measurements: together(results.measurements, before?.measurements),
    goals: together(results.goals, before?.goals),
  };
}

await main();
