// Bundled for the page of `chromium.scenario.ts`.
import { createTransport, Token } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';
import { PLANS, START, timeAt } from './datapoints-data.js';
import { fetchSend, floorRead } from './datapoints-floor.js';
import { ids, sumOf, sumOfEach } from './point-sums.js';
import type { ContenderRun } from './scenario.js';

export type PlanName = 'one' | 'many';

const contenders = {
  ours(name: PlanName): ContenderRun {
    const plan = PLANS[name];
    const credentials = new Token('bench');
    const config = { clientName: 'bench', project: 'bench', baseUrl: location.origin, credentials };
    const api = new DatapointsApi(createTransport(config));
    const range = { items: ids(plan), start: START, end: timeAt(plan.points, plan) };
    return {
      run: () => api.retrieve(range),
      check: (result) => sumOfEach(result as Awaited<ReturnType<typeof api.retrieve>> as never),
    };
  },
  floor(name: PlanName): ContenderRun {
    const send = fetchSend(`${location.origin}/api/v1/projects/bench`);
    return {
      run: () => floorRead(send, PLANS[name]),
      check: (columns) => sumOf(columns as Float64Array[]),
    };
  },
};

/** Runs once; the result is its checksum, and the time without the check. */
export async function measure(contender: keyof typeof contenders, name: PlanName) {
  const { run, check } = contenders[contender](name);
  const begin = performance.now();
  const result = await run();
  const milliseconds = performance.now() - begin;
  return { milliseconds, checksum: check?.(result) ?? {} };
}
