import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { edges, graph, nodes, runGraph } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../../../tooling/lying-server/checks.js';
import { LIES } from '../../../../tooling/lying-server/lies.js';
import { pick, randomOf } from '../../../../tooling/lying-server/random.js';
import { Campaign, type Cell, type Pair, toCell } from './campaign.js';
import { Feed, Machine } from './models.js';
import { ELSEWHERE, OPERATIONS } from './operations.js';
import { assertCurrent, violationWithout } from './teeth.js';
import { UNTELLABLE } from './untellable.js';
import { allRules, KNOWN_LIES, verdictOf } from './verdicts.js';
import { startLane, startLibrary, startWorkshop, type World } from './world.js';

const isLong = process.env.CDF_TEST_LONG === '1';
/** A long run has another one each time. */
const seed = isLong ? Number(process.env.CDF_TEST_SEED) : Number(process.env.CDF_LIAR_SEED ?? 17);
const LANES = 12;
/** Lies that have to reach the client, in all and of each cell. */
const LIES_TOLD = Number(process.env.CDF_LIES ?? (isLong ? 10_000 : 500));
const OF_EACH_CELL = Number(process.env.CDF_LIES_OF_EACH ?? (isLong ? 20 : 0));

let library: World;
let workshop: World;
const pairs: Pair[] = [];
const opened: AsyncDisposable[] = [];

beforeAll(async () => {
  library = await startLibrary();
  workshop = await startWorkshop();
  for (let lane = 0; lane < LANES; lane++) pairs.push(await pairOf());
});
afterAll(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]();
  await library[Symbol.asyncDispose]();
  await workshop[Symbol.asyncDispose]();
});

/**
 * The objects with methods that a client has, and those that these have: later ones are found too.
 */
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

/** A listing that is not awaited rejects the members of a list. */
function isMethod(api: object, name: string): boolean {
  try {
    return typeof (api as Record<string, unknown>)[name] === 'function';
  } catch {
    return false;
  }
}

/**
 * The methods that an object shows: its own, and those that it inherits, arrays and promises apart.
 */
function methodsOf(api: object): string[] {
  const names = new Set<string>();
  for (
    let level = api;
    ![Object.prototype, Array.prototype].includes(level as never);
    level = Object.getPrototypeOf(level)
  )
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  const found = [...names].filter(
    (name) => name !== 'constructor' && name !== 'walk' && isMethod(api, name),
  );
  // A list has the methods of an array, and some of them give a list.
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

async function pairOf(): Promise<Pair> {
  const lane = opened.length;
  const pair = {
    library: await startLane(library, seed + lane),
    workshop: await startLane(workshop, seed + lane + 1),
  };
  opened.push(pair.library, pair.workshop);
  return pair;
}

/** Every operation with every lie that can be told of it. */
const cells: Cell[] = OPERATIONS.flatMap((operation) =>
  LIES.filter(({ name }) => verdictOf(name, operation.shape, operation.name) !== undefined).map(
    (lie) => toCell(operation, lie),
  ),
);

describe('the table of verdicts', () => {
  it('knows every lie, and gives a reason for what no client can tell', () => {
    expect([...LIES.map(({ name }) => name)].sort()).toEqual([...KNOWN_LIES].sort());
    for (const { lie, verdict, reason } of allRules())
      expect([lie, reason !== undefined]).toEqual([
        lie,
        verdict === 'invisible' || verdict === 'caught',
      ]);
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
      nodes: nodes(client, Machine),
      edges: edges(client, Feed),
      runGraph: runGraph(
        client,
        graph((g) => ({ machines: g.pick(g.nodes(Machine)) })),
      ),
    }).flatMap(([name, api]) => methodsOf(api).map((method) => `${name}.${method}`));
    const covered = new Set([
      ...OPERATIONS.flatMap((operation) => operation.methods),
      ...Object.keys(ELSEWHERE),
    ]);
    expect(methods.filter((method) => !covered.has(method))).toEqual([]);
    expect([...covered].filter((method) => !methods.includes(method))).toEqual([]);
    expect(methods.length).toBeGreaterThan(90);
  });

  it('gives a reason for each lie that is declared never to be told, and declares no other', () => {
    for (const { operations, lies, reason } of UNTELLABLE) {
      expect(reason.length).toBeGreaterThan(10);
      for (const lie of lies)
        expect([
          lie,
          cells.some((cell) => cell.lie.name === lie && operations.test(cell.operation.name)),
        ]).toEqual([lie, true]);
    }
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
            (isLong ||
              only !== undefined ||
              operation.shape !== 'parts' ||
              lie.name !== 'endless empty pages'),
        ),
        random,
      );
      const campaign = new Campaign(chosen, {
        lies: LIES_TOLD,
        ofEachCell: OF_EACH_CELL,
        seed,
        random,
      });
      await campaign.run(pairs, pairOf);
      const { told, violations, short } = campaign;
      if (isLong || process.env.CDF_LIAR_TABLE === '1') writeTable(chosen, told, violations);
      expect(violations.slice(0, 20), `seed ${seed}`).toEqual([]);
      if (only === undefined) expect(told).toBeGreaterThanOrEqual(LIES_TOLD);
      expect(short.map(({ operation, lie }) => `${operation.name} | ${lie.name}`)).toEqual([]);
    },
    Math.max(180_000, LIES_TOLD * 200, OF_EACH_CELL * cells.length * 100),
  );
});

describe('the teeth of the lying server', () => {
  it('are checks that the sources have', () => {
    for (const check of CHECKS) assertCurrent(check);
    expect(CHECKS.length).toBeGreaterThanOrEqual(15);
  });

  // A skipped test fails the checks of a change, so that a short run leaves the test out.
  const long = isLong || process.env.CDF_LIAR_TEETH === '1' ? it : () => {};
  long(
    'find a violation with each check switched off in turn',
    async () => {
      const missed: string[] = [];
      const wanted = new RegExp(process.env.CDF_LIAR_CHECKS ?? '');
      for (const check of CHECKS.filter(({ path }) => wanted.test(path))) {
        const violation = await violationWithout(check, { library, workshop }, 40);
        console.log(
          `${violation === undefined ? 'NOT FOUND' : 'found'}: ${check.name}\n  ${violation?.slice(0, 160)}`,
        );
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
function writeTable(chosen: readonly Cell[], told: number, violations: readonly string[]): void {
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
      '| never told of | lie | rounds | reason |',
      '|---|---|---|---|',
      ...chosen
        .filter(({ told: times, rounds }) => times === 0 && rounds > 0)
        .map(
          ({ operation, lie, rounds, never }) =>
            `| ${operation.name} | ${lie.name} | ${rounds} | ${never?.reason ?? 'not declared'} |`,
        ),
      '',
    ].join('\n'),
  );
  console.log(
    `seed ${seed}: ${told} lies told, ${chosen.length} cells, ${violations.length} violations; ${file}`,
  );
}
