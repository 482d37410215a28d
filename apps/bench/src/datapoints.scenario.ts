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

/** Most that ours may take, in times of what the least client takes over each way. */
interface Most {
  readonly fetch: number;
  readonly http?: number;
  /** Of fetch, with 20 ms. */
  readonly delayed?: number;
}

function goal(against: string, atMost: number | undefined): Goal[] {
  return atMost === undefined ? [] : [{ contender: 'ours', against, atMost }];
}

/**
 * Every scenario twice: without latency, where a client's own work shows, and with 20 ms, where the
 * number of rounds does. A round is a new process that makes one call, as a program does.
 */
function twice(
  scenario: Scenario,
  plan: SeriesPlan | undefined,
  { fetch, http, delayed }: Most,
  goals: readonly Goal[] = [],
): Scenario[] {
  return [0, 20].map((latencyMs) => ({
    ...scenario,
    isFresh: true,
    name: latencyMs === 0 ? scenario.name : `${scenario.name}-latency`,
    title: latencyMs === 0 ? scenario.title : `${scenario.title}, ${latencyMs} ms latency`,
    serve: () => serveDatapoints(plan, latencyMs),
    goals:
      latencyMs === 0
        ? [...goal('floor', fetch), ...goal('node:http floor', http), ...goals]
        : goal('floor', delayed),
  }));
}

function read(
  name: string,
  title: string,
  plan: SeriesPlan,
  most: Most,
  goals?: readonly Goal[],
): Scenario[] {
  return twice(reading(name, title, plan), plan, most, goals);
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
    goals: goal('floor', 0.9),
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
    INSERT,
    goals,
  );
}

const beatsOfficial = (times: number): Goal => ({
  contender: 'ours',
  against: '@cognite/sdk',
  atMost: 1 / times,
});
const INSERT: Most = { fetch: 0.65, http: 1.15 };
const ONE = { series: 1, points: 1_000_000 };
const MANY = { series: 100, points: 10_000 };
const HALF = { series: 1, points: 500_000 };

export const scenarios: readonly Scenario[] = [
  ...read(
    'datapoints-one',
    'Read one raw series',
    PLANS.one,
    { fetch: 0.75, http: 1.3, delayed: 0.8 },
    [beatsOfficial(12)],
  ),
  ...read('datapoints-irregular', 'Read one raw series with irregular times', PLANS.irregular, {
    fetch: 0.85,
    http: 1.4,
  }).slice(0, 1),
  readGzip('datapoints-one-gzip', 'Read one raw series, compressed', PLANS.one),
  ...read(
    'datapoints-many',
    'Read 100 raw series',
    PLANS.many,
    { fetch: 0.85, http: 1.5, delayed: 0.85 },
    [beatsOfficial(12)],
  ),
  ...read('datapoints-aggregates', 'Read 3 hourly aggregates of 1,000 series', PLANS.aggregates, {
    fetch: 0.85,
    http: 2,
    delayed: 0.85,
  }),
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
    { fetch: 0.75 },
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
