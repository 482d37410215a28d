import { ApiError, CdfError, DuplicatedError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Tank = view('acme', 'Tank', 'v1', { name: p.text() });
const items = [
  { externalId: 'a', name: 'x' },
  { externalId: 'b', name: 'x' },
];

/** Nodes of a project that stores items and never answers; its caller gives up then. */
function silent(controller: AbortController, reason: unknown) {
  let calls = 0;
  const transport = memoryTransport({
    'POST /models/views/byids': () => ({ items: [] }),
    'POST /models/instances': async (_, { signal }) => {
      calls += 1;
      queueMicrotask(() => controller.abort(reason));
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      throw signal?.reason;
    },
  });
  return { tanks: nodes(transport, Tank, { space: 'plant' }), calls: () => calls };
}

const failure = (work: Promise<unknown>): Promise<CdfError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

const REASONS = {
  'an error of the caller': new Error('stop'),
  'a refusal of another call': new ApiError('POST /assets: bad', { status: 400 }),
  'a creation of what exists': new DuplicatedError('create nodes: 1 exist', { status: 409 }),
  'a refused sign-in of another call': new ApiError('POST /assets: who?', { status: 401 }),
};

describe.each(Object.entries(REASONS))('a write that is aborted with %s', (_, reason) => {
  it.each(['upsert', 'create'] as const)('leaves unknown what was sent: %s', async (method) => {
    for (const given of [items, items.slice(1)]) {
      const controller = new AbortController();
      const { tanks, calls } = silent(controller, reason);
      const error = await failure(tanks[method](given, {}, { signal: controller.signal }));
      expect(error).toMatchObject({ code: 'aborted', unknown: given, failed: [], successful: [] });
      expect(error.cause).toBe(reason);
      expect(calls()).toBe(1);
    }
  });

  it('leaves unknown what was sent of a stream', async () => {
    const controller = new AbortController();
    const { tanks, calls } = silent(controller, reason);
    const stream = async function* (): AsyncGenerator<(typeof items)[number]> {
      for (let index = 0; index < 1_000; index++) yield { externalId: `s${index}`, name: 'x' };
      await new Promise(() => {});
    };
    const error = await failure(tanks.upsert(stream(), {}, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', successful: [] });
    expect(CdfError.isInstance(error) && error.unknown).toHaveLength(1_000);
    expect(error.cause).toBe(reason);
    expect(calls()).toBe(1);
  });
});
