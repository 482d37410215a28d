import { expect } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Answer } from '../naive/state.js';
import { ordered, type Pair } from './compare.js';
import type { Dice } from './dice.js';
import { filter, filterWorld, sourcesFor } from './filters.js';
import { change } from './reads.js';
import type { World } from './world.js';

type Ask = (body: Json) => Promise<Answer> | Answer;

/** A client that keeps a copy of what a step selects, by its cursor. */
interface Follower {
  readonly ask: Ask;
  cursor: Json;
  /** The last state of every instance that was told, deleted ones included. */
  readonly copy: Map<string, Json>;
}

const STEP = 's';

/** Asks for pages until one is short, or `most` pages; gives the changes in them, by instance. */
async function drain(follower: Follower, body: Json, most = 50): Promise<Map<string, Json>> {
  const told = new Map<string, Json>();
  const { limit } = body.with[STEP];
  for (let page = 0; page < most; page += 1) {
    const cursors = follower.cursor === undefined ? {} : { cursors: { [STEP]: follower.cursor } };
    const { status, body: answer } = await follower.ask({ ...body, ...cursors });
    expect([status, answer.error?.message]).toEqual([200, undefined]);
    follower.cursor = answer.nextCursor[STEP];
    expect(typeof follower.cursor).toBe('string');
    const items: Json[] = answer.items[STEP];
    expect(items.length).toBeLessThanOrEqual(limit);
    // A deletion and a new instance of the same name may come in one page.
    for (const item of [...items].sort(
      (left, right) => Number('deletedTime' in right) - Number('deletedTime' in left),
    )) {
      const { createdTime: _, lastUpdatedTime: __, deletedTime, properties, ...rest } = item;
      const state = ordered({
        ...rest,
        ...(properties === undefined || Object.keys(properties).length === 0 ? {} : { properties }),
        isDeleted: deletedTime !== undefined,
      });
      told.set(`${item.instanceType} ${item.space}/${item.externalId}`, state);
    }
    if (items.length < limit) break;
  }
  for (const [key, state] of told) follower.copy.set(key, state);
  return told;
}

const plain = (told: Map<string, Json>): Json[] =>
  [...told].sort(([left], [right]) => (left < right ? -1 : 1));

const followers = (both: Pair): [Follower, Follower] => [
  {
    ask: (body) => both.naive.call('POST', 'instances/sync', body),
    cursor: undefined,
    copy: new Map(),
  },
  {
    ask: (body) => both.emulator('POST', 'instances/sync', body),
    cursor: undefined,
    copy: new Map(),
  },
];

function stepOf(dice: Dice, world: World, isStable: boolean): Json {
  const instanceType = dice.pick(['node', 'node', 'edge'] as const);
  const from = filterWorld(dice, world, instanceType);
  const sources = sourcesFor(world, instanceType).map(({ reference }) => reference);
  const stable: Json[] = [
    { matchAll: {} },
    { equals: { property: [instanceType, 'space'], value: 's' } },
  ];
  if (sources.length > 0) stable.push({ hasData: [dice.pick(sources)] });
  const chosen = isStable ? dice.pick(stable) : filter(from, 1);
  const part = dice.chance(30) && isStable ? {} : { filter: chosen };
  return { [instanceType === 'node' ? 'nodes' : 'edges']: part, limit: dice.pick([1, 2, 3, 100]) };
}

function bodyOf(dice: Dice, world: World, step: Json): Json {
  const views = sourcesFor(world, step.nodes === undefined ? 'edge' : 'node').filter(
    ({ reference }) => reference.type === 'view',
  );
  const sources = dice
    .some(views, 0, 1)
    .map(({ reference }) => ({ source: reference, properties: ['*'] }));
  return { with: { [STEP]: step }, select: { [STEP]: sources.length === 0 ? {} : { sources } } };
}

/** Writes and reads of changes in turns: the changes between two writes are the same. */
export async function syncInTurns(dice: Dice, both: Pair, world: World): Promise<void> {
  const step = stepOf(dice, world, false);
  const mode = dice.pick([undefined, 'onePhase', 'noBackfill']);
  if (mode !== undefined) step.mode = mode;
  if (dice.chance(20)) step.skipAlreadyDeleted = false;
  const body = bodyOf(dice, world, step);
  const [left, right] = followers(both);
  const { status } = await both.post('instances/sync', body, () => 'as drained below');
  if (status !== 200) return;
  for (const writes of dice.times(2, 5, () => dice.int(0, 3))) {
    const expected = plain(await drain(left, body));
    expect(plain(await drain(right, body))).toEqual(expected);
    for (let write = 0; write < writes; write += 1) await change(dice, both, world);
  }
}

/** Pages of changes between writes, in any mode: at the end they are complete. */
export async function syncBetweenWrites(dice: Dice, both: Pair, world: World): Promise<void> {
  const step = stepOf(dice, world, true);
  step.mode = dice.pick(['onePhase', 'twoPhase']);
  const body = bodyOf(dice, world, step);
  const pair = followers(both);
  for (const pages of dice.times(2, 8, () => dice.int(0, 2))) {
    for (const follower of pair) await drain(follower, body, pages);
    await change(dice, both, world);
  }
  for (const follower of pair) for (let end = 0; end < 3; end += 1) await drain(follower, body);
  await expectCopies(both, body, pair);
}

/** Both copies are what a list gives, with every deletion that was told. */
async function expectCopies(both: Pair, body: Json, pair: readonly Follower[]): Promise<void> {
  const [step] = Object.values<Json>(body.with);
  const instanceType = step.nodes === undefined ? 'edge' : 'node';
  const { filter: stable } = step.nodes ?? step.edges;
  const list = both.naive.call('POST', 'instances/list', {
    instanceType,
    ...(stable === undefined ? {} : { filter: stable }),
  });
  const live = new Map<string, number>(
    list.body.items.map(({ space, externalId, version }: Json) => [
      `${instanceType} ${space}/${externalId}`,
      version,
    ]),
  );
  for (const { copy } of pair) {
    const left = [...copy]
      .filter(([, { isDeleted }]) => !isDeleted)
      .map(([key, { version }]) => [key, version]);
    expect(left.sort()).toEqual([...live].sort());
  }
}

/** Writes go on while changes are read: at the end these are complete. */
export async function syncUnderWrites(dice: Dice, both: Pair, world: World): Promise<void> {
  const step = stepOf(dice, world, true);
  step.mode = dice.pick(['onePhase', 'twoPhase']);
  const body = bodyOf(dice, world, step);
  const pair = followers(both);
  for (let round = 0; round < 3; round += 1) {
    // Writers of different instances, so that their order does not matter.
    const names = (writer: number, least: number): Json[] =>
      Array.from({ length: dice.int(least, 4) }, (_, index) => ({
        ...{ instanceType: 'node', space: 's', externalId: `w${writer}-${index}` },
        ...(round === 0 ? {} : { type: dice.pick(world.nodes.slice(0, 6)) }),
      }));
    const requests = [0, 1, 2, 3].map((writer) =>
      writer === 3 && round > 0
        ? ([
            'instances/delete',
            { items: names(writer, 1).map(({ type: _, ...id }) => id) },
          ] as const)
        : (['instances', { items: names(writer, 1) }] as const),
    );
    const writes = requests.map(
      async ([path, request]) => await both.emulator('POST', path, request),
    );
    await drain(pair[1], body, 4);
    const answers = await Promise.all(writes);
    for (const [index, [path, request]] of requests.entries()) {
      const { status } = both.naive.call('POST', path, request);
      expect([path, answers[index]?.status]).toEqual([path, status]);
    }
    await drain(pair[0], body, 4);
  }
  for (const follower of pair) for (let end = 0; end < 3; end += 1) await drain(follower, body);
  await expectCopies(both, body, pair);
}
