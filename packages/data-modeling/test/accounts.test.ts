import { CdfError, createTransport, Token, type Transport } from '@cdf/core';
import { DataModelingApi, edges, nodes } from '@cdf/data-modeling';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Feed, type Project, Pump, startProject } from './project.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const ROUNDS = isLong ? 1_000 : 25;

let project: Project;
let impatient: Transport;
beforeAll(async () => {
  project = await startProject();
  impatient = connect(project, { limit: 0 });
});
afterAll(async () => {
  await impatient.close();
  await project[Symbol.asyncDispose]();
});

function connect({ emulator }: Project, retry: object): Transport {
  return createTransport({
    clientName: 'accounts',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(() => emulator.issueToken()),
    retry,
  });
}

const FAULTS = [
  { status: 500 },
  { status: 503 },
  { status: 403 },
  { resetBeforeBody: true },
  { resetAfterHandling: true },
  { cutBodyAfterBytes: 10 },
] as const;

interface Item {
  readonly externalId: string;
  readonly name: string;
  readonly status: 'on';
  readonly power: number;
  readonly tags: readonly string[];
}

const item: fc.Arbitrary<Item> = fc.record({
  externalId: fc.nat(40).map((index) => `p${index}`),
  name: fc.constant('p'),
  status: fc.constant('on' as const),
  power: fc.nat(1000),
  // A list that is too long is refused by the server.
  tags: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.constant(Array(1001).fill('x')) },
  ),
});

const scenario = fc.record({
  items: fc.uniqueArray(item, {
    minLength: 1,
    maxLength: 30,
    selector: ({ externalId }) => externalId,
  }),
  // Several transactions at the same time, now and then.
  fillers: isLong
    ? fc.oneof(
        { weight: 199, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.constant(2_300) },
      )
    : fc.constant(0),
  fault: fc.option(fc.record({ fault: fc.constantFrom(...FAULTS), skip: fc.nat(6) }), {
    nil: undefined,
  }),
  isStream: fc.boolean(),
});

let round = 0;

function filler(index: number): Item {
  return { externalId: `f${index}`, name: 'p', status: 'on', power: index, tags: [] };
}

describe('the account of an update', () => {
  it.each(['nodes', 'edges'])('has all %s as not sent when they cannot be read', async (kind) => {
    const { emulator } = project;
    const given = [{ externalId: 'a' }, { externalId: 'b' }];
    for (const fault of FAULTS) {
      emulator.faults.add({ path: '/models/instances/byids', ...fault });
      const error = await (kind === 'nodes'
        ? nodes(impatient, Pump, { space: 'plant' }).update(given)
        : edges(impatient, Feed, { space: 'plant' }).update(given)
      ).then(
        () => expect.fail('it did not fail'),
        (thrown: unknown) => thrown,
      );
      emulator.faults.clear();
      expect(CdfError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ successful: [], unknown: [], failed: given });
      expect((error as CdfError).notAttempted).toEqual(given);
    }
  });
});

describe('the account of an upsert', () => {
  it('is what is stored, and what the log of writes has, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ items: given, fillers, fault, isStream }) => {
        const { emulator } = project;
        const items = [...given, ...Array.from({ length: fillers }, (_, index) => filler(index))];
        const space = `u${round++}`;
        await new DataModelingApi(project.transport).spaces.upsert([{ space }]);
        if (fault !== undefined)
          emulator.faults.add({ path: '/models/instances', skip: fault.skip, ...fault.fault });
        const pumps = nodes(impatient, Pump, { space });
        emulator.writes.clear();
        const stream = async function* (): AsyncGenerator<Item> {
          yield* items;
        };
        const result = await pumps
          .upsert(isStream ? stream() : items)
          .catch((error: unknown) => error);
        emulator.faults.clear();
        const stored = new Map(
          (await nodes(project.transport, Pump, { space }).list({ limit: Infinity })).map(
            ({ externalId, power }) => [externalId, power],
          ),
        );
        const logged = new Map<string, number>();
        for (const { operation, items: written } of emulator.writes.all())
          for (const { externalId: name = '' } of written) {
            const externalId = name.slice(`${space}:`.length);
            expect(operation).toBe('create');
            logged.set(externalId, (logged.get(externalId) ?? 0) + 1);
          }
        // Nothing was stored twice, and nothing else.
        expect([...logged.values()].filter((times) => times > 1)).toEqual([]);
        expect([...logged.keys()].sort()).toEqual([...stored.keys()].sort());
        const isStored = ({ externalId, power }: Item): boolean => stored.get(externalId) === power;
        if (!CdfError.isInstance(result)) {
          expect(result).toEqual({ created: items.length, updated: 0, unchanged: 0 });
          expect(items.filter((each) => !isStored(each))).toEqual([]);
          return;
        }
        const { successful, unknown, failed } = result as CdfError<Item>;
        expect(failed.filter(isStored)).toEqual([]);
        if (isStream) {
          const open = new Set([...failed, ...unknown].map(({ externalId }) => externalId));
          expect(items.filter((each) => !open.has(each.externalId) && !isStored(each))).toEqual([]);
        } else {
          expect(successful.filter((each) => !isStored(each))).toEqual([]);
          expect(
            [...successful, ...unknown, ...failed].map(({ externalId }) => externalId).sort(),
          ).toEqual(items.map(({ externalId }) => externalId).sort());
          expect(successful).toEqual(items.filter((each) => successful.includes(each)));
        }
      }),
      { numRuns: ROUNDS },
    );
  });
});
