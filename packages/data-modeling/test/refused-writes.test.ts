import { ApiError, type CdfError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Tank = view('acme', 'Tank', 'v1', { name: p.text() });
const Pipe = view('acme', 'Pipe', 'v1', { flow: p.int().optional() }, { usedFor: 'edge' });

interface Name {
  readonly space: string;
  readonly externalId: string;
}

/** A project that may refuse writes and deletions. */
function project(refuse: (items: readonly Name[], path: string) => Error | undefined) {
  const done: Name[] = [];
  let calls = 0;
  const transport = memoryTransport(({ path, body }) => {
    if (path === '/models/views/byids') return { items: [] };
    const { items } = body as { items: Name[] };
    calls += 1;
    const error = refuse(items, path);
    if (error !== undefined) throw error;
    const names = items.map(({ space, externalId }) => ({ space, externalId }));
    done.push(...names);
    if (path === '/models/instances/delete')
      return { items: names.map((name) => ({ ...name, instanceType: 'node' })) };
    return { items: names.map((name) => ({ ...name, version: 1, wasModified: true })) };
  });
  return {
    done,
    calls: () => calls,
    tanks: nodes(transport, Tank, { space: 'plant' }),
    pipes: edges(transport, Pipe, { space: 'plant' }),
  };
}

const failure = (work: Promise<unknown>): Promise<CdfError & { readonly status?: number }> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );
const tank = (externalId: string, space?: string) => ({
  externalId,
  name: 'x',
  ...(space !== undefined && { space }),
});
const tanksOf = (count: number, space?: string) =>
  Array.from({ length: count }, (_, i) => tank(`${space}-${i}`, space));

/** Refuses as the API does where the space of an item does not exist. */
const noSpace =
  (known: readonly string[], text = (names: string[]) => names.map((n) => `'${n}'`).join(', ')) =>
  (items: readonly Name[]): Error | undefined => {
    const missing = [...new Set(items.map(({ space }) => space))].filter((s) => !known.includes(s));
    const message = `One or more spaces do not exist: ${text(missing)}`;
    return missing.length > 0 ? new ApiError(message, { status: 400 }) : undefined;
  };

it('names of missing spaces in brackets are read, the id of the request is not', async () => {
  const inBrackets = noSpace(['s'], (names) => `[${names.join(', ')}] [request gone-1]`);
  const { tanks, calls } = project(inBrackets);
  const items = [...tanksOf(3, 's'), ...tanksOf(2, 'gone'), ...tanksOf(2, 'gone2')];
  const error = await failure(tanks.upsert(items));
  expect(error).toMatchObject({ failed: items.slice(3), successful: items.slice(0, 3) });
  // Split item by item, it would be more.
  expect(calls()).toBe(2);
});

describe('a write that is refused with 409', () => {
  const text =
    "Node with external id 'zz' was referenced as the start node, but it does not exist.";
  const pipe = {
    externalId: 'e',
    type: { space: 's', externalId: 't' },
    startNode: { space: 's', externalId: 'zz' },
    endNode: { space: 's', externalId: 'a' },
  };

  it('is one of a version only where the server says so', async () => {
    const { pipes } = project(() => new ApiError(text, { status: 409 }));
    const created = await failure(pipes.create(pipe, { dependencies: 'order' }));
    expect(created).toMatchObject({ code: 'api', status: 409, failed: [pipe] });
    expect(created.message).toContain(text);
    const whole = { ...pipe, version: 1 };
    const upserted = await failure(pipes.upsert(whole, { checkVersions: true }));
    expect(upserted).toMatchObject({ code: 'api', status: 409, failed: [whole] });
    expect(upserted.message).toContain(text);
  });

  it.each([409, 400])(
    'is one of a version with that text, whatever its status: %i',
    async (status) => {
      const conflict = 'A version conflict caused the ingest to fail.';
      const { tanks } = project(() => new ApiError(conflict, { status }));
      expect((await failure(tanks.create(tank('a')))).code).toBe('duplicated');
      const read = { ...tank('a'), version: 1 };
      expect((await failure(tanks.upsert(read, { checkVersions: true }))).code).toBe(
        'version-conflict',
      );
    },
  );

  it.each([1, 2])(
    'leaves %i items unknown that an attempt before may have stored',
    async (count) => {
      const conflict = 'A version conflict caused the ingest to fail.';
      const { tanks } = project(() => new ApiError(conflict, { status: 409, delivery: 'unknown' }));
      const items = tanksOf(count);
      expect(await failure(tanks.create(items))).toMatchObject({
        delivery: 'unknown',
        unknown: items,
        failed: [],
      });
    },
  );
});

describe('a write to a space that does not exist', () => {
  it('is one request for each transaction', async () => {
    const { tanks, calls } = project(noSpace(['plant']));
    const items = tanksOf(2_500, 'plnat');
    const error = await failure(tanks.upsert(items));
    expect(error.message).toContain("spaces do not exist: 'plnat'");
    expect([error.failed.length, error.notAttempted.length, calls()]).toEqual([2_500, 0, 3]);
  });

  it('leaves out the items of the space, and writes the others in one transaction', async () => {
    const { tanks, calls, done } = project(noSpace(['plant', 'other']));
    const good = [...tanksOf(300, 'plant'), ...tanksOf(300, 'other')];
    const bad = [...tanksOf(100, 'gone'), ...tanksOf(100, 'lost')];
    const items = good.flatMap((item, i) => (i % 3 === 0 ? [item, bad[i / 3]] : [item])) as Name[];
    const error = await failure(tanks.upsert(items as never));
    expect(error.successful).toHaveLength(600);
    expect(error.failed).toHaveLength(200);
    expect(error.failed).toEqual(items.filter(({ space }) => ['gone', 'lost'].includes(space)));
    expect(done).toEqual(good.map(({ externalId, space }) => ({ externalId, space })));
    expect(calls()).toBe(2);
  });

  it('takes no word of the message for a space', async () => {
    const good = ['client', 'request', 'spaces', 'push', 'x'];
    const text = (names: string[]): string =>
      `${names.map((name) => `'${name}'`).join(', ')}; client.spaces.upsert makes it, push [request x]`;
    const { tanks, calls } = project(noSpace(good, text));
    const items = good.map((space) => tank('a', space));
    const error = await failure(tanks.upsert([...items, tank('a', 'gone')]));
    expect([error.successful, error.failed, calls()]).toEqual([items, [tank('a', 'gone')], 2]);
  });

  it('finds the items where the server does not name the space, or it is that of a target', async () => {
    for (const text of [() => '', () => "'elsewhere'"]) {
      const { tanks } = project(noSpace(['plant'], text));
      const error = await failure(tanks.upsert([tank('a'), tank('b', 'gone'), tank('c')]));
      expect(error.failed).toEqual([tank('b', 'gone')]);
      expect(error.successful).toEqual([tank('a'), tank('c')]);
    }
  });
});

describe('a deletion with names of a space that does not exist', () => {
  it('leaves them out, as other unknown names', async () => {
    const { tanks, done } = project(noSpace(['plant']));
    const names = [
      { externalId: 'a' },
      { space: 'gone', externalId: 'c' },
      { externalId: 'b' },
      { space: 'lost', externalId: 'd' },
    ];
    const deleted = [
      { space: 'plant', externalId: 'a' },
      { space: 'plant', externalId: 'b' },
    ];
    expect(await tanks.delete(names)).toEqual(deleted);
    expect(done).toEqual(deleted);
    expect(await tanks.delete({ space: 'gone', externalId: 'c' })).toEqual([]);
  });

  it('is refused where the server does not say which', async () => {
    const { tanks } = project(noSpace(['plant'], () => ''));
    const error = await failure(
      tanks.delete([{ externalId: 'a' }, { space: 'x', externalId: 'c' }]),
    );
    expect(error).toMatchObject({ status: 400, successful: [] });
    expect(await tanks.delete({ space: 'gone', externalId: 'c' })).toEqual([]);
  });
});

describe('a write that the server had no time for', () => {
  it('is not tried in parts', async () => {
    const { tanks, calls } = project(() => new ApiError('timed out', { status: 408 }));
    const items = tanksOf(200);
    const error = await failure(tanks.upsert(items));
    expect([calls(), error.status, error.successful.length]).toEqual([1, 408, 0]);
  });
});
