import {
  type InsertPlan,
  LATEST,
  latestChecksum,
  PLANS,
  planChecksum,
  type SeriesPlan,
} from './datapoints-data.js';
import { insertChecksum } from './datapoints-floor.js';
import { latest, readers } from './datapoints-readers.js';
import { serveDatapoints } from './datapoints-server.js';
import { sources } from './datapoints-sources.js';
import { writers } from './datapoints-writers.js';
import type { Goal, Scenario } from './scenario.js';

/** At most this many times the floor. */
const MOST = 1.3;

function goal(against: string, atMost: number): Goal {
  return { contender: 'ours', against, atMost };
}

/**
 * Every scenario twice: without latency, where a client's own work shows, and with 20 ms, where the
 * number of rounds does. A round is a new process that makes one call, as a program does.
 */
function twice(
  scenario: Scenario,
  plan: SeriesPlan | undefined,
  goals: readonly Goal[] = [],
): Scenario[] {
  return [0, 20].map((latencyMs) => ({
    ...scenario,
    isFresh: true,
    name: latencyMs === 0 ? scenario.name : `${scenario.name}-latency`,
    title: latencyMs === 0 ? scenario.title : `${scenario.title}, ${latencyMs} ms latency`,
    serve: () => serveDatapoints(plan, latencyMs),
    goals: [goal('floor', MOST), ...(latencyMs === 0 ? goals : [])],
  }));
}

function read(name: string, title: string, plan: SeriesPlan, goals?: readonly Goal[]): Scenario[] {
  return twice(reading(name, title, plan), plan, goals);
}

function reading(name: string, title: string, plan: SeriesPlan): Scenario {
  const expected = () => ({ ...planChecksum(plan) });
  return {
    name,
    title,
    unit: 'points',
    sizes: [plan.series * plan.points],
    expected,
    contenders: readers(plan),
  };
}

/** The answers are compressed. */
function readGzip(name: string, title: string, plan: SeriesPlan): Scenario {
  const serve = () => serveDatapoints(plan, 0, true);
  const { floor, ours, 'ours over fetch': before, 'node:http floor': http } = readers(plan);
  const contenders = {
    floor,
    ours,
    'ours over fetch': before,
    'node:http floor': http,
  } as Scenario['contenders'];
  return {
    ...reading(name, title, plan),
    contenders,
    serve,
    isFresh: true,
    goals: [goal('floor', MOST)],
  };
}

function insert(
  name: string,
  title: string,
  plan: InsertPlan,
  compressed: boolean,
  goals?: readonly Goal[],
): Scenario[] {
  const expected = () => ({ ...insertChecksum(plan) });
  const sizes = [plan.series * plan.points];
  return twice(
    { name, title, unit: 'points', sizes, expected, contenders: writers(plan, compressed) },
    undefined,
    goals,
  );
}

const beatsOfficial = (times: number): Goal => ({
  contender: 'ours',
  against: '@cognite/sdk',
  atMost: 1 / times,
});
const ONE = { series: 1, points: 1_000_000 };
const MANY = { series: 100, points: 10_000 };
const HALF = { series: 1, points: 500_000 };

export const scenarios: readonly Scenario[] = [
  ...read('datapoints-one', 'Read one raw series', PLANS.one, [beatsOfficial(12)]),
  ...read(
    'datapoints-irregular',
    'Read one raw series with irregular times',
    PLANS.irregular,
  ).slice(0, 1),
  readGzip('datapoints-one-gzip', 'Read one raw series, compressed', PLANS.one),
  ...read('datapoints-many', 'Read 100 raw series', PLANS.many, [beatsOfficial(12)]),
  ...read('datapoints-aggregates', 'Read 3 hourly aggregates of 1,000 series', PLANS.aggregates),
  readGzip(
    'datapoints-aggregates-gzip',
    'Read 3 hourly aggregates of 1,000 series, compressed',
    PLANS.aggregates,
  ),
  ...twice(
    {
      ...{
        name: 'datapoints-latest',
        title: 'Read the latest point of each series',
        unit: 'series',
      },
      ...{ sizes: [LATEST.series], expected: () => ({ ...latestChecksum() }), contenders: latest },
    },
    undefined,
  ),
  ...insert('datapoints-insert', 'Insert into one series', ONE, false, [beatsOfficial(6)]),
  ...insert('datapoints-insert-many', 'Insert into 100 series', MANY, false, [beatsOfficial(6)]),
  ...insert('datapoints-insert-gzip', 'Insert into one series, compressed', ONE, true),
  {
    ...{
      name: 'datapoints-insert-from',
      title: 'Insert rows from a source',
      unit: 'points',
      sizes: [HALF.points],
    },
    isFresh: true,
    serve: () => serveDatapoints(undefined, 0),
    expected: () => ({ ...insertChecksum(HALF) }),
    contenders: sources(HALF),
    goals: [{ contender: 'insertFrom an async generator', against: 'insertMany', atMost: 1.5 }],
  },
];
