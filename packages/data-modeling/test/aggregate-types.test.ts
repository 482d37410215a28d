import { ConfigError } from '@cdf/core';
import { nodes, p, push, view } from '@cdf/data-modeling';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { emulated } from '../../../tooling/emulators/emulated.js';

const Meter = view('acme', 'Meter', 'v1', {
  name: p.text(),
  tags: p.text().many().optional(),
  level: p.float().optional(),
  serial: p.bigint().optional(),
  on: p.bool().optional(),
  counts: p.int().many().optional(),
  serials: p.bigint().many().optional(),
  levels: p.float().many().optional(),
  flags: p.bool().many().optional(),
  others: p.node().many().optional(),
});

async function plant() {
  const project = await emulated({}, {});
  await push(project.transport, [Meter]);
  const meters = nodes(project.transport, Meter, { space: 'acme' });
  await meters.upsert({ externalId: 'M', name: 'M', level: 4, tags: ['a', 'b'] });
  return { meters, [Symbol.asyncDispose]: () => project[Symbol.asyncDispose]() };
}

/** Known at run time only. */
const no = (): boolean => false;

describe('numbers of groups', () => {
  it('have an object for each function, also one that is asked for no property', async () => {
    await using project = await plant();
    const names: 'level'[] = [];
    const query = { count: true, avg: names, min: names, max: names, sum: ['level'] } as const;
    const [group] = await project.meters.aggregate(query);
    expect(group?.avg.level).toBeUndefined();
    expect(group).toEqual({ count: 1, avg: {}, min: {}, max: {}, sum: { level: 4 } });
    const groups = await project.meters.aggregate({ groupBy: ['tags'], avg: names });
    expect(groups).toEqual([
      { tags: 'a', avg: {} },
      { tags: 'b', avg: {} },
    ]);
  });

  it('may be missing where they are asked for on a condition', async () => {
    await using project = await plant();
    const [group] = await project.meters.aggregate({
      count: no() ? true : undefined,
      avg: no() ? ['level'] : undefined,
      groupBy: no() ? ['name'] : undefined,
      sum: ['level'],
    });
    expectTypeOf(group?.count).toEqualTypeOf<number | undefined>();
    expectTypeOf(group?.avg?.level).toEqualTypeOf<number | undefined>();
    expectTypeOf(group?.name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error it may not have been asked for
    expect(() => group?.avg.level).toThrow(TypeError);
    const names: ('externalId' | 'name')[] = ['name'];
    const [named] = await project.meters.aggregate({ groupBy: names, count: true });
    expectTypeOf(named?.externalId).toEqualTypeOf<string | undefined>();
    expect(named).toEqual({ name: 'M', count: 1 });
  });
});

describe('groupBy', () => {
  it('takes what the API takes', async () => {
    await using project = await plant();
    const { meters } = project;
    for (const name of ['name', 'tags', 'level', 'serial', 'on', 'others', 'externalId'] as const)
      expect(await meters.aggregate({ groupBy: [name], count: true })).toBeInstanceOf(Array);
  });

  it('rejects lists of numbers and booleans, as the compiler does', async () => {
    await using project = await plant();
    const { meters } = project;
    const message = /groupBy takes .*; ".*" is a list of (?:int|bigint|float|bool)/;
    // @ts-expect-error a list of numbers
    await expect(meters.aggregate({ groupBy: ['counts'], count: true })).rejects.toThrow(message);
    // @ts-expect-error a list of numbers
    await expect(meters.aggregate({ groupBy: ['serials'], count: true })).rejects.toThrow(message);
    // @ts-expect-error a list of numbers
    await expect(meters.aggregate({ groupBy: ['levels'], count: true })).rejects.toThrow(message);
    // @ts-expect-error a list of booleans
    await expect(meters.aggregate({ groupBy: ['flags'], count: true })).rejects.toThrow(
      ConfigError,
    );
  });
});
