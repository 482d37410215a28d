import { type CdfError, ConfigError } from '@cdf/core';
import { type MemoryTransport, memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const Place = view('acme', 'Place', 'v1', { name: p.text() });
const Thing = view('acme', 'Thing', 'v1', {
  name: p.text().optional(),
  notes: p.text().many().optional(),
  seen: p.timestamp().optional(),
  state: p.oneOf('on', 'half \ud800').optional(),
  place: p.ref(() => Place).optional(),
  details: p.json().optional(),
});
const Link = view('acme', 'Link', 'v1', { flow: p.float().optional() }, { usedFor: 'edge' });
const settings = { space: 's' };
const end = { space: 's', externalId: 'end' };

interface Sent {
  readonly space: string;
  readonly externalId: string;
  readonly sources: readonly [{ readonly properties: Readonly<Record<string, unknown>> }];
}

/** A project that takes every write, and has every item that is looked up. */
function taking(onLookUp: () => void = () => {}): MemoryTransport {
  return memoryTransport(({ path, body }) => {
    if (path.startsWith('/models/views')) return { items: [] };
    const { items } = body as { items: readonly Sent[] };
    if (path.endsWith('/byids')) onLookUp();
    return {
      items: items.map(({ space, externalId }) => ({
        ...{ instanceType: 'node', space, externalId, version: 1, wasModified: true },
        ...{ createdTime: 1, lastUpdatedTime: 1, type: end, startNode: end, endNode: end },
      })),
    };
  });
}

const writesOf = ({ requests }: MemoryTransport) =>
  requests
    .filter(({ path }) => path.endsWith('/instances'))
    .map(({ body }) => (body as { items: readonly Sent[] }).items);
const propertiesOf = (transport: MemoryTransport) =>
  writesOf(transport).flatMap((items) => items.map(({ sources }) => sources[0].properties));

/** An object whose member is another value each time it is read, the last one in the end. */
function changing<T extends object>(object: T, name: string, ...values: readonly unknown[]): T {
  let reads = 0;
  const get = (): unknown => {
    const value = values[Math.min(reads++, values.length - 1)];
    if (value instanceof Error) throw value;
    return value;
  };
  return Object.defineProperty(object, name, { enumerable: true, get });
}

const failure = (work: Promise<unknown>): Promise<CdfError> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('what an item inherits', () => {
  const written = async (item: object): Promise<unknown> => {
    const transport = taking();
    await nodes(transport, Thing, settings).upsert([item] as never);
    return propertiesOf(transport)[0];
  };
  const item = { externalId: 'a', name: 'n' };

  it('is not written, and no unknown property, where the view has none of that name', async () => {
    const inherited = { serial: 7, toTable: () => [] };
    expect(await written(Object.assign(Object.create(inherited), item))).toEqual({ name: 'n' });
  });

  it('of every object is not written, and not checked', async () => {
    const all = Object.prototype as unknown as Record<string, unknown>;
    Object.assign(all, { serial: 7, state: 'neither on nor off' });
    try {
      expect(await written(item)).toEqual({ name: 'n' });
      await expect(written({ ...item, state: 'neither' })).rejects.toThrow('"state"');
    } finally {
      delete all.serial;
      delete all.state;
    }
  });

  it('is looked at through a proxy too', async () => {
    expect(await written(new Proxy(item, {}))).toEqual({ name: 'n' });
    await expect(written(new Proxy({ ...item, nmae: 1 }, {}))).rejects.toThrow('nmae');
  });
});

describe('a value that is another one each time it is read', () => {
  it('is sent as it was checked: a relation', async () => {
    const transport = taking();
    const place = changing({ externalId: 'p' }, 'space', 's', 's', 5);
    await nodes(transport, Thing, settings).upsert({ externalId: 'a', place: place as never });
    expect(propertiesOf(transport)).toEqual([{ place: { space: 's', externalId: 'p' } }]);
  });

  it('is sent as it was checked: a time', async () => {
    let reads = 0;
    class Flickering extends Date {
      override getTime(): number {
        return reads++ < 2 ? 1 : Number.NaN;
      }
    }
    const transport = taking();
    await nodes(transport, Thing, settings).upsert({ externalId: 'a', seen: new Flickering() });
    expect(propertiesOf(transport)).toEqual([{ seen: '1970-01-01T00:00:00.001Z' }]);
  });

  it('is sent as it was checked: a text of a list', async () => {
    const transport = taking();
    const notes = changing(['', 'b'], '0', 'a', 'a', 5);
    await nodes(transport, Thing, settings).upsert({ externalId: 'a', notes });
    expect(propertiesOf(transport)).toEqual([{ notes: ['a', 'b'] }]);
  });
});

describe('a value of a subclass', () => {
  it('is a whole time, of a Date with parts of a millisecond', async () => {
    class Precise extends Date {
      override getTime(): number {
        return 1.5;
      }
    }
    const transport = taking();
    await nodes(transport, Thing, settings).upsert({ externalId: 'a', seen: new Precise() });
    expect(propertiesOf(transport)).toEqual([{ seen: '1970-01-01T00:00:00.001Z' }]);
  });

  it('is looked at itself, of an Array whose methods say otherwise', async () => {
    class Sure extends Array<unknown> {
      override findIndex(): number {
        return -1;
      }
    }
    const transport = taking();
    const notes = Sure.from([1, 'b']) as never;
    await expect(
      nodes(transport, Thing, settings).upsert({ externalId: 'a', notes }),
    ).rejects.toThrow('upsert nodes: item 0: "notes"[0]: expected a string, got number 1');
    expect(transport.requests).toEqual([]);
  });
});

describe('json', () => {
  const inside = (depth: number): Record<string, unknown> => {
    let details: Record<string, unknown> = {};
    for (let level = 1; level < depth; level++) details = { part: details };
    return details;
  };

  it('of 500 values inside one another is written', async () => {
    const transport = taking();
    const details = inside(500);
    await nodes(transport, Thing, settings).upsert({ externalId: 'a', details });
    expect(propertiesOf(transport)).toEqual([{ details }]);
  });

  it.each([501, 20_000])('of %d is rejected, with a message of some lines', async (depth) => {
    const transport = taking();
    const item = { externalId: 'a', details: inside(depth) };
    const error = await failure(nodes(transport, Thing, settings).upsert(item));
    expect(error.message).toMatch(/^upsert nodes: item 0: "details"\.part\.part.*…: more than 500/);
    expect(error.message.length).toBeLessThan(300);
    expect(transport.requests).toEqual([]);
  });
});

describe('half of a surrogate pair is rejected with its item and place, before anything is sent', () => {
  it('as a value of an enum', async () => {
    const transport = taking();
    const error = await failure(
      nodes(transport, Thing, settings).upsert([
        { externalId: 'a' },
        { externalId: 'b', state: 'half \ud800' },
      ]),
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain('item 1: "state": JSON cannot carry half');
    expect(transport.requests).toEqual([]);
  });

  it('in an end of an edge', async () => {
    const transport = taking();
    const ends = { type: end, startNode: end, endNode: end };
    const error = await failure(
      edges(transport, Link, settings).upsert([
        { externalId: 'a', ...ends },
        { externalId: 'b', ...ends, startNode: { space: 's', externalId: '\ud800' } },
      ]),
    );
    expect(error.message).toContain('item 1: startNode: JSON cannot carry half');
    expect(transport.requests).toEqual([]);
  });
});

describe('an item that is wrong when it is read again', () => {
  it.each([
    ['for the order', { dependencies: 'order' }, ['n', 5], 'item 0: "name": expected a string'],
    ['for a dry run', { dryRun: true }, ['n', 5], 'item 0: "name": expected a string'],
    [
      'for its references',
      { dependencies: 'order' },
      ['n', 'n', new Error('no longer')],
      'item 0 cannot be read: no longer',
    ],
  ] as const)('leaves all unsent, with an account: %s', async (_, query, values, message) => {
    const transport = taking();
    const Name = view('acme', 'Name', 'v1', { name: p.text().optional() });
    const items = [changing({ externalId: 'a' }, 'name', ...values), { externalId: 'b' }];
    const error = await failure(nodes(transport, Name, settings).upsert(items, query));
    expect(error.message).toContain(`upsert nodes: ${message}`);
    expect(error).toMatchObject({ code: 'config', successful: [], unknown: [] });
    expect(error.failed).toEqual(items);
    expect(error.notAttempted).toEqual(items);
    expect(writesOf(transport)).toEqual([]);
  });
});

describe('an update', () => {
  it('takes a node that was read as an end of an edge, whatever else it has', async () => {
    const transport = taking();
    const node: Record<string, unknown> = { ...end, open: () => {}, depth: Number.NaN };
    node.self = node;
    const item = { externalId: 'a', startNode: node as never, flow: 1 };
    await edges(transport, Link, settings).update(item as never);
    expect(writesOf(transport)).toMatchObject([[{ startNode: end, endNode: end, type: end }]]);
  });

  it('creates nothing: an item whose name changes while it is looked up', async () => {
    const item = { externalId: 'a', name: 'n' };
    const transport = taking(() => {
      item.externalId = 'b';
    });
    const error = await failure(nodes(transport, Thing, settings).update([item]));
    expect(error).toMatchObject({ code: 'config', failed: [item], notAttempted: [item] });
    expect(error.message).toContain('"s/b" was not looked up');
    expect(writesOf(transport)).toEqual([]);
  });

  it('creates nothing: an item that is added while the others are looked up', async () => {
    const items = [{ externalId: 'a', name: 'n' }];
    const transport = taking(() => items.push({ externalId: 'b', name: 'n' }));
    const counts = await nodes(transport, Thing, settings).update(items);
    expect(counts).toEqual({ created: 1, updated: 0, unchanged: 0 });
    expect(
      writesOf(transport)
        .flat()
        .map(({ externalId }) => externalId),
    ).toEqual(['a']);
  });
});

describe('an item of a stream that has the name of one before it', () => {
  it('is written as it was when the stream gave it', async () => {
    const again = { externalId: 'a', name: 'second' };
    const stored: unknown[] = [];
    const transport = memoryTransport(({ path, body }) => {
      if (path.startsWith('/models/views')) return { items: [] };
      const { items } = body as { items: readonly Sent[] };
      stored.push(...items.map(({ sources }) => sources[0].properties.name));
      // While the second one waits for the first.
      Object.assign(again, { externalId: 'b', name: 'changed' });
      const made = { version: 1, wasModified: true };
      return { items: items.map(({ space, externalId }) => ({ space, externalId, ...made })) };
    });
    async function* stream() {
      yield { externalId: 'a', name: 'first' };
      yield again;
      yield { externalId: 'c', name: 'other' };
      yield { externalId: 'a', name: 'third' };
    }
    await nodes(transport, Thing, settings).upsert(stream());
    expect(stored).toEqual(['first', 'second', 'other', 'third']);
  });
});
