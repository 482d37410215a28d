import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../../../tooling/lying-server/checks.js';
import { LIES } from '../../../../tooling/lying-server/lies.js';
import { pick, randomOf } from '../../../../tooling/lying-server/random.js';
import { ELSEWHERE, OPERATIONS, type Operation } from './operations.js';
import { type Lane, play } from './round.js';
import { assertCurrent, violationWithout } from './teeth.js';
import { allRules, KNOWN_LIES, verdictOf } from './verdicts.js';
import { startLane, startLibrary, startWorld, type World } from './world.js';

const isLong = process.env.CDF_TEST_LONG === '1';
/** Of a long run another one each time. */
const seed = isLong ? Number(process.env.CDF_TEST_SEED) : Number(process.env.CDF_LIAR_SEED ?? 17);
const LANES = 12;
/** Lies that have to reach the client, in all and of each cell. */
const LIES_TOLD = Number(process.env.CDF_LIES ?? (isLong ? 10_000 : 500));
const OF_EACH_CELL = Number(process.env.CDF_LIES_OF_EACH ?? (isLong ? 20 : 0));

/** Enough to see what is wrong. */
const MOST_VIOLATIONS = 100;

interface Pair {
  readonly library: Lane;
  readonly workshop: Lane;
}

let library: World;
let workshop: World;
const pairs: Pair[] = [];
const opened: AsyncDisposable[] = [];

beforeAll(async () => {
  library = await startLibrary();
  workshop = await startWorld();
  for (let lane = 0; lane < LANES; lane++)
    pairs.push({ library: await laneOf(library, lane), workshop: await laneOf(workshop, lane + LANES) });
});
afterAll(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]();
  await library[Symbol.asyncDispose]();
  await workshop[Symbol.asyncDispose]();
});

/** The objects with methods that a client has, and those that these have: later ones are found too. */
function pickApis(client: object): Record<string, object> {
  const found: Record<string, object> = {};
  const visit = (owner: object, prefix: string): void => {
    for (const [name, value] of Object.entries(owner)) {
      if (typeof value !== 'object' || value === null || name === 'transport') continue;
      // As users of an API name it: subscriptions belong to time series.
      const known = name === 'subscriptions' ? name : `${prefix}${name}`;
      found[known] = value as object;
      visit(value as object, `${known}.`);
    }
  };
  visit(client, '');
  return found;
}

/** The methods that an object shows: its own, and those that it inherits, arrays and promises apart. */
function methodsOf(api: object): string[] {
  const names = new Set<string>();
  for (
    let level = api;
    ![Object.prototype, Array.prototype].includes(level as never);
    level = Object.getPrototypeOf(level)
  )
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  const found = [...names].filter(
    (name) => name !== 'constructor' && name !== 'walk' && typeof (api as Record<string, unknown>)[name] === 'function',
  );
  // A list has the methods of an array, some of which give a list.
  const ofLists = [
    'get',
    'getAll',
    'toJSON',
    'toString',
    'toText',
    'toHtml',
    ...Object.getOwnPropertyNames(Array.prototype),
  ];
  return found.filter((name) => !ofLists.includes(name) || !Array.isArray(api));
}

async function laneOf(world: World, lane: number): Promise<Lane> {
  const started = await startLane(world, seed + lane);
  opened.push(started);
  return started;
}

interface Tally {
  readonly operation: Operation;
  readonly lie: (typeof LIES)[number];
  told: number;
  rounds: number;
}

/** Rounds after which a lie that was never told counts as one that this operation gives no occasion for. */
const IN_VAIN = 20;
const isUntellable = ({ told, rounds }: Tally): boolean => told === 0 && rounds >= IN_VAIN;

/** Every operation with every lie that can be told of it. */
const cells: Tally[] = OPERATIONS.flatMap((operation) =>
  LIES.filter(({ name }) => verdictOf(name, operation.shape, operation.name) !== undefined).map((lie) => ({
    ...{ operation, lie },
    told: 0,
    rounds: 0,
  })),
);

describe('the table of verdicts', () => {
  it('knows every lie, and gives a reason for what no client can tell', () => {
    expect([...LIES.map(({ name }) => name)].sort()).toEqual([...KNOWN_LIES].sort());
    for (const { lie, verdict, reason } of allRules())
      expect([lie, reason !== undefined]).toEqual([lie, verdict === 'invisible']);
  });

  it('has every method of every API object, or says where else it is tested', async () => {
    const { honest: client } = library;
    const series = await client.timeSeries.list({ limit: 1 });
    const assets = await client.assets.list({ limit: 1 });
    const methods = Object.entries({
      client,
      ...pickApis(client),
      asset: assets[0] as object,
      assetList: assets,
      selection: client.assets.select({ id: 1 }),
      series: series[0] as object,
    }).flatMap(([name, api]) => methodsOf(api).map((method) => `${name}.${method}`));
    const covered = new Set([...OPERATIONS.flatMap((operation) => operation.methods), ...Object.keys(ELSEWHERE)]);
    expect(methods.filter((method) => !covered.has(method))).toEqual([]);
    expect([...covered].filter((method) => !methods.includes(method))).toEqual([]);
    expect(methods.length).toBeGreaterThan(90);
  });

  it('has operations of different names', () => {
    expect(new Set(OPERATIONS.map(({ name }) => name)).size).toBe(OPERATIONS.length);
  });
});

describe('the lying server', () => {
  it(
    `tells ${LIES_TOLD} lies, and each has its verdict`,
    async () => {
      const random = randomOf(seed);
      const only = process.env.CDF_LIAR_ONLY;
      const chosen = shuffled(
        cells.filter(
          ({ operation, lie }) =>
            (only === undefined || new RegExp(only).test(`${operation.name} | ${lie.name}`)) &&
            // A thousand requests each.
            (isLong || only !== undefined || operation.shape !== 'parts' || lie.name !== 'endless empty pages'),
        ),
        random,
      );
      const violations: string[] = [];
      let told = 0;
      let next = 0;
      let rounds = 0;
      const most = Math.max(4 * LIES_TOLD, 3 * OF_EACH_CELL * chosen.length);
      const isEnough = (cell: Tally): boolean => cell.told >= OF_EACH_CELL || isUntellable(cell);
      const isDone = (): boolean => told >= LIES_TOLD && chosen.every(isEnough);
      const lane = async ({ library: reads, workshop: writes }: Pair): Promise<void> => {
        while (!isDone() && rounds < most && violations.length < MOST_VIOLATIONS) {
          const cell = chosen[next++ % chosen.length] as Tally;
          if (told >= LIES_TOLD && isEnough(cell)) continue;
          rounds += 1;
          cell.rounds += 1;
          const { operation, lie } = cell;
          const round = {
            ...{ operation, lie, times: random() < 0.6 ? 1 : Infinity, withhold: random() < 0.5 },
            key: `${seed}-${rounds}`,
          };
          const result = await play(operation.write === undefined ? reads : writes, round);
          cell.told += Math.min(1, result.told);
          told += Math.min(1, result.told);
          if (result.violation !== undefined)
            violations.push(
              `${operation.name} | ${lie.name} | ${round.times === 1 ? 'once' : 'always'}: ${result.violation}`,
            );
        }
      };
      await Promise.all(pairs.map(lane));
      if (isLong || process.env.CDF_LIAR_TABLE === '1') writeTable(chosen, told, violations);
      expect(violations.slice(0, 20), `seed ${seed}`).toEqual([]);
      if (only === undefined) expect(told).toBeGreaterThanOrEqual(LIES_TOLD);
      if (OF_EACH_CELL > 0)
        expect(
          chosen
            .filter((cell) => cell.told < OF_EACH_CELL && !isUntellable(cell))
            .map(({ operation, lie }) => `${operation.name} | ${lie.name}`),
        ).toEqual([]);
    },
    Math.max(60_000, LIES_TOLD * 200, OF_EACH_CELL * cells.length * 200),
  );
});

describe('the teeth of the lying server', () => {
  it('are checks that the sources have', () => {
    for (const check of CHECKS) assertCurrent(check);
    expect(CHECKS.length).toBeGreaterThanOrEqual(15);
  });

  // A test that is skipped fails the checks of a change: short, there is no such test.
  const long = isLong || process.env.CDF_LIAR_TEETH === '1' ? it : () => {};
  long(
    'find a violation with each check switched off in turn',
    async () => {
      const missed: string[] = [];
      for (const check of CHECKS) {
        const violation = await violationWithout(check, { library, workshop }, 40);
        console.log(`${violation === undefined ? 'NOT FOUND' : 'found'}: ${check.name}\n  ${violation?.slice(0, 160)}`);
        if (violation === undefined) missed.push(check.name);
      }
      expect(missed).toEqual([]);
    },
    3_600_000,
  );
});

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  return items.map(() => {
    const item = pick(random, rest);
    rest.splice(rest.indexOf(item), 1);
    return item;
  });
}

/** Operations down, lies across: how often each was told. */
function writeTable(chosen: readonly Tally[], told: number, violations: readonly string[]): void {
  const file = join(tmpdir(), process.env.CDF_LIAR_FILE ?? 'cdf-lying-server.md');
  const lines = OPERATIONS.map((operation) => {
    const own = chosen
      .filter((cell) => cell.operation === operation)
      .map(({ lie, told: times, rounds }) => `${lie.name} ${times}/${rounds}`);
    return `| ${operation.name} | ${operation.shape} | ${own.join(', ')} |`;
  });
  writeFileSync(
    file,
    [
      `seed ${seed}: ${told} lies told, ${violations.length} violations`,
      ...violations.map((each) => `- ${each}`),
      '',
      '| operation | shape | lies told / rounds |',
      '|---|---|---|',
      ...lines,
      '',
      '| never told to | lie | rounds |',
      '|---|---|---|',
      ...chosen
        .filter(isUntellable)
        .map(({ operation, lie, rounds }) => `| ${operation.name} | ${lie.name} | ${rounds} |`),
      '',
    ].join('\n'),
  );
  console.log(`seed ${seed}: ${told} lies told, ${chosen.length} cells, ${violations.length} violations; ${file}`);
}
