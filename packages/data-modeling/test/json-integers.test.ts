import { DecodeError } from '@cdf/core';
import { type AnyView, DataModelingApi, nodes, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
