import { ApiError, type CdfError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Tank = view('acme', 'Tank', 'v1', { name: p.text() });
const items = [
  { externalId: 'a', name: 'x', version: 0 },
  { externalId: 'b', name: 'x', version: 0 },
];
const there = { instanceType: 'node', space: 'plant', externalId: 'a', version: 3 };

function tanks(answer: () => unknown = () => ({ items: [there] })) {
  const transport = memoryTransport({
    'POST /models/views/byids': () => ({ items: [] }),
    'POST /models/instances/byids': answer,
  });
  return nodes(transport, Tank, { space: 'plant' });
}

const failure = (work: Promise<unknown>): Promise<CdfError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );
const UNSENT = { successful: [], unknown: [], failed: items, notAttempted: items };

describe('a dry run that fails has the account of a write that has sent nothing', () => {
  it('for items that exist', async () => {
    const error = await failure(tanks().create(items, { dryRun: true }));
    expect(error).toMatchObject({ code: 'duplicated', ...UNSENT });
    expect(error.errors).toHaveLength(1);
    expect(error).toHaveProperty('duplicated', [
      { instanceId: { space: 'plant', externalId: 'a' } },
    ]);
  });

  it('for items that have changed', async () => {
    const options = { dryRun: true, checkVersions: true };
    const error = await failure(tanks().upsert(items, options));
    expect(error).toMatchObject({ code: 'version-conflict', ...UNSENT });
    expect(error).toHaveProperty('conflicts', [{ space: 'plant', externalId: 'a' }]);
  });

  it('for a project that does not answer', async () => {
    const broken = tanks(() => {
      throw new ApiError('down', { status: 500 });
    });
    const error = await failure(broken.upsert(items, { dryRun: true }));
    expect(error).toMatchObject({ status: 500, ...UNSENT });
  });

  it.each([new Error('enough'), new ApiError('of another call', { status: 400 })])(
    'for an abort: %s',
    async (reason) => {
      const signal = AbortSignal.abort(reason);
      const error = await failure(tanks().upsert(items, { dryRun: true }, { signal }));
      expect(error).toMatchObject({ code: 'aborted', cause: reason, ...UNSENT });
    },
  );

  it('for targets that do not exist', async () => {
    const Part = view('acme', 'Part', 'v1', {
      get of() {
        return p.ref(() => Tank);
      },
    });
    const transport = memoryTransport({
      'POST /models/views/byids': () => ({ items: [] }),
      'POST /models/instances/byids': () => ({ items: [] }),
    });
    const parts = [{ externalId: 'p', of: { space: 'plant', externalId: 'gone' } }];
    const work = nodes(transport, Part, { space: 'plant' }).upsert(parts, {
      dryRun: true,
      dependencies: 'order',
    });
    expect(await failure(work)).toMatchObject({
      code: 'not-found',
      failed: parts,
      notAttempted: parts,
    });
  });

  it.each([{ dryRun: true }, { dependencies: 'order' } as const])(
    'for a source that throws, with those that it gave: %o',
    async (options) => {
      const reason = new TypeError('row 2 is bad');
      const source = function* (): Generator<(typeof items)[number]> {
        yield* items;
        throw reason;
      };
      const error = await failure(tanks().upsert(source(), options));
      expect(error).toMatchObject({ code: 'cdf', ...UNSENT });
      expect(error.message).toContain('row 2 is bad');
      expect(error.cause).toBe(reason);
    },
  );
});
