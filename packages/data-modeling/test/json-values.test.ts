import { DecodeError } from '@cdf/core';
import {
  type AnyView,
  DataModelingApi,
  nodes,
  p,
  push,
  type Read,
  type StandardSchema,
  view,
  type Write,
} from '@cdf/data-modeling';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type Project, startProject } from './project.js';

/** Takes objects with any members, bigints too. */
const anything = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) => ({ value: value as Readonly<Record<string, unknown>> }),
  },
};
const Plain = view('acme', 'Event', 'v1', { name: p.text().optional(), details: p.json() });
const Counted = view('acme', 'Event', 'v1', {
  details: p.json(),
  serial: p.bigint().optional(),
});
const Checked = view('acme', 'Event', 'v1', {
  name: p.text().optional(),
  details: p.json(anything),
});
const Named = view('acme', 'Event', 'v1', { name: p.text().optional() });

let project: Project;
beforeAll(async () => {
  project = await startProject({}, [
    view('acme', 'Event', 'v1', {
      name: p.text().optional(),
      details: p.json(),
      serial: p.bigint().optional(),
    }),
  ]);
});
afterAll(() => project[Symbol.asyncDispose]());

const all = <V extends AnyView>(events: V) => nodes(project.transport, events, { space: 'plant' });
/** Stores a value as another program would, its integers exact. */
const store = (externalId: string, details: object) =>
  new DataModelingApi(project.transport).instances.apply({
    items: [
      {
        ...{ instanceType: 'node', space: 'plant', externalId },
        sources: [
          {
            source: { type: 'view', space: 'acme', externalId: 'Event', version: 'v1' },
            properties: { details },
          },
        ],
      },
    ],
  } as never);
const where = (externalId: string) => ({ where: { externalId } });

describe('an integer in JSON that a number cannot hold', () => {
  const details = { id: 9_007_199_254_740_993n, at: [1_700_000_000_123_456_789n] };

  it('is never rounded: it is an error that says what to do', async () => {
    await store('a', details);
    for (const events of [Plain, Counted]) {
      const error: unknown = await all(events)
        .list(where('a'))
        .then(undefined, (each: unknown) => each);
      expect(DecodeError.isInstance(error)).toBe(true);
      expect(String(error)).toMatch(
        /"details".* an integer that a number cannot hold; give p\.json/,
      );
    }
    // Other properties can be read.
    expect(await all(Plain).find({ ...where('a'), pick: ['name'] })).toHaveLength(1);
    expect(await all(Named).list(where('a'))).toHaveLength(1);
  });

  it('comes to a schema as a bigint, and is written back as it is', async () => {
    await store('b', details);
    const read = await all(Checked).retrieve({ externalId: 'b' });
    expect(read?.details).toEqual(details);
    await all(Checked).upsert([{ ...(read as NonNullable<typeof read>), name: 'renamed' }]);
    const again = await all(Checked).retrieve({ externalId: 'b' });
    expect(again).toMatchObject({ name: 'renamed', details });
  });

  it('cannot be written without a schema', async () => {
    await expect(all(Plain).upsert([{ externalId: 'c', details }])).rejects.toThrow(
      /"details"\.id: expected a value, got the bigint/,
    );
  });
});

it('an integer that a schema takes as a bigint only is given to it as one', async () => {
  const isBig = (value: unknown): boolean => typeof value === 'bigint';
  const Big = view('acme', 'Event', 'v1', {
    details: p.json(schemaOf<{ at: bigint }>((value) => (isBig(value.at) ? value : undefined))),
  });
  // Some of these are what a number is written as, or held by one.
  for (const at of [1_700_000_000_123_456_800n, 2n ** 60n, 9_007_199_254_740_993n]) {
    await all(Big).upsert([{ externalId: 'big', details: { at } }]);
    expect((await all(Big).retrieve({ externalId: 'big' }))?.details).toEqual({ at });
  }
});

describe('a number in JSON', () => {
  it('is read as it was written, with int64 besides and without', async () => {
    const numbers = fc.array(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 2 ** 53, max: 2 ** 70, noNaN: true }).map(Math.round),
        fc.constantFrom(2 ** 60, 1_700_000_000_123_456_800, 1e20, 1e21, -(2 ** 63), 2 ** 53),
      ),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const details = { values: values.map((value) => (value === 0 ? 0 : value)) };
        await all(Counted).upsert([{ externalId: 'n', details }]);
        for (const events of [Plain, Counted])
          expect((await all(events).retrieve({ externalId: 'n' }))?.details).toEqual(details);
      }),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 500 : 30 },
    );
  });
});

describe('an object that a schema makes something of', () => {
  const Shift = view('acme', 'Shift', 'v1', { details: p.json(shiftSchema()) });

  it('is written as the schema takes it, and read as it makes it', async () => {
    const { transport } = project;
    await push(transport, [Shift]);
    const shifts = nodes(transport, Shift, { space: 'plant' });
    expectTypeOf<Write<typeof Shift>['details']>().toEqualTypeOf<{ readonly begins: string }>();
    expectTypeOf<Read<typeof Shift>['details']>().toEqualTypeOf<{ readonly begins: Date }>();
    await shifts.upsert([{ externalId: 's', details: { begins: '2026-01-01T06:00:00.000Z' } }]);
    const read = await shifts.retrieve({ externalId: 's' });
    expect(read?.details.begins).toEqual(new Date(Date.UTC(2026, 0, 1, 6)));
    // @ts-expect-error: what was read is not what is written
    await expect(shifts.upsert([read])).rejects.toThrow(/"details": expected a text/);
    const several = view('acme', 'Shifts', 'v1', { all: p.json(shiftSchema()).many().optional() });
    expectTypeOf<Write<typeof several>['all']>().toEqualTypeOf<
      readonly { readonly begins: string }[] | null | undefined
    >();
    expectTypeOf<Read<typeof several>['all']>().toEqualTypeOf<
      readonly { readonly begins: Date }[] | undefined
    >();
  });

  it('is of one type where the schema takes what it makes, or does not say what it takes', () => {
    expectTypeOf<Write<typeof Checked>['details']>().toEqualTypeOf<
      Readonly<Record<string, unknown>>
    >();
    const same = view('acme', 'Same', 'v1', { a: p.json(schemaOf<{ n: number }>()) });
    expectTypeOf<Write<typeof same>['a']>().toEqualTypeOf<{ n: number }>();
    expectTypeOf<Read<typeof same>['a']>().toEqualTypeOf<{ n: number }>();
  });
});

function schemaOf<Input extends object, Output extends object = Input>(
  make: (value: Input) => Output | undefined = (value) => value as never,
): StandardSchema<Input, Output> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => {
        const made = make(value as Input);
        return made === undefined ? { issues: [{ message: 'expected a text' }] } : { value: made };
      },
    },
  };
}

function shiftSchema(): StandardSchema<{ readonly begins: string }, { readonly begins: Date }> {
  return schemaOf(({ begins }: { readonly begins: string }) =>
    typeof begins === 'string' ? { begins: new Date(begins) } : undefined,
  );
}
