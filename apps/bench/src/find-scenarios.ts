import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Scenario } from './scenario.js';

export interface FoundScenario {
  readonly file: string;
  readonly scenario: Scenario;
}

/** Every scenario of the files `*.scenario` beside this one, by file name. */
export async function findScenarios(): Promise<FoundScenario[]> {
  const files = (await readdir(new URL('.', import.meta.url)))
    .filter((file) => file.endsWith(`.scenario${extname(import.meta.url)}`))
    .sort();
  const found = await Promise.all(files.map(loadScenarios));
  const all = found.flat();
  const names = all.map(({ scenario }) => scenario.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two scenarios are called ${twice}`);
  return all;
}

export async function loadScenarios(file: string): Promise<FoundScenario[]> {
  const { scenarios } = (await import(new URL(file, import.meta.url).href)) as {
    scenarios: readonly Scenario[];
  };
  return scenarios.map((scenario) => ({ file, scenario }));
}
