import { once } from 'node:events';
import { Readable } from 'node:stream';
import { memoryTransport } from '@cdf/core/testing';
import { edges, graph, nodes, p, param, runGraph, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

const Thing = view('acme', 'Thing', 'v1', { name: p.text(), power: p.float().optional() });
const Link = view('acme', 'Link', 'v1', { flow: p.float() }, { usedFor: 'edge' });

let project: Project;
beforeAll(async () => {
  project = await startProject({}, [Thing, Link]);
});
afterAll(() => project[Symbol.asyncDispose]());

const things = () => nodes(project.transport, Thing, { space: 'plant' });
const end = { space: 'plant', externalId: 'end' };
/** Rows of other libraries: their members are getters of the class. */
class Row {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  get externalId(): string {
    return this.#name;
  }
  get name(): string {
    return this.#name;
  }
  get power(): number {
    return 5;
  }
  get unrelated(): string {
    return 'not in the view';
  }
}
class LinkRow extends Row {
  get type(): typeof end {
    return end;
  }
  get startNode(): typeof end {
    return end;
  }
  get endNode(): typeof end {
    return end;
  }
  get flow(): number {
    return 7;
  }
}

describe('an instance of a class', () => {
  it('is written with what its class gives', async () => {
    await things().upsert([new Row('a')]);
    await things().upsert(
      (async function* () {
        yield new Row('b');
      })(),
    );
    const names = [{ externalId: 'a' }, { externalId: 'b' }];
    expect(await things().retrieveMultiple(names)).toMatchObject([
      { name: 'a', power: 5 },
      { name: 'b', power: 5 },
    ]);
    const links = edges(project.transport, Link, { space: 'plant' });
    await links.upsert([new LinkRow('l')]);
    expect(await links.retrieve({ externalId: 'l' })).toMatchObject({ flow: 7, endNode: end });
  });

  it('is what a view as a schema takes', async () => {
    class Whole extends Row {
      get space(): string {
        return 'plant';
      }
    }
    expect(await Thing['~standard'].validate(new Whole('a'))).not.toHaveProperty('issues');
  });
});

describe('a write whose signal is aborted already', () => {
  const signal = AbortSignal.abort(new Error('stop'));
  const item = { externalId: 'a', name: 'a' };
  let isAsked = false;
  async function* stream(): AsyncGenerator<typeof item> {
    isAsked = true;
    yield item;
  }
  const WRITES = {
    upsert: () => things().upsert([item], {}, { signal }),
    update: () => things().update([item], {}, { signal }),
    delete: () => things().delete([item], { signal }),
  };

  it.each(Object.entries(WRITES))('accounts for its items: %s', async (_, write) => {
    const failed = [expect.objectContaining({ externalId: 'a' })];
    await expect(write()).rejects.toMatchObject({ code: 'aborted', failed, notAttempted: failed });
  });

  it('takes nothing from a stream, and says that nothing was written', async () => {
    const written = { created: 0, updated: 0, unchanged: 0 };
    await expect(things().upsert(stream(), {}, { signal })).rejects.toMatchObject({
      ...{ code: 'aborted', failed: [], written },
    });
    expect(isAsked).toBe(false);
  });
});

describe('a stream that cannot be read', () => {
  it('is an error with an account', async () => {
    const broken = {
      [Symbol.asyncIterator](): never {
        throw new Error('no more');
      },
    };
    await expect(things().upsert(broken)).rejects.toMatchObject({
      ...{ code: 'cdf', message: expect.stringContaining('no more') },
      ...{ written: { created: 0, updated: 0, unchanged: 0 } },
    });
  });
});

describe('a client that is closed', () => {
  const closed = { code: 'aborted', message: expect.stringContaining('the client was closed') };

  it('ends a stream that is silent, and a follower that waits, with an error that says so', async () => {
    const silent = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
    };
    const transport = project.connect({});
    const waiting = nodes(transport, Thing, { space: 'plant' });
    const write = waiting.upsert(silent);
    const pages = waiting.changes({ follow: true, pauseMs: 1_000_000 });
    const next = async (): Promise<never> => {
      for (;;) await pages.next();
    };
    const follow = next();
    const failures = Promise.all(
      [write, follow].map((work) => expect(work).rejects.toMatchObject(closed)),
    );
    await things().list();
    await transport.close();
    await failures;
  });
});

describe('a follower', () => {
  it('ends when it is left, also while it waits', async () => {
    const pages = things().changes({ follow: true, pauseMs: 1_000_000 });
    const stream = Readable.from(things().changes({ follow: true, pauseMs: 1_000_000 }));
    stream.on('data', () => setTimeout(() => stream.destroy(), 20));
    let waiting = pages.next();
    for (let page = await waiting; !page.done; page = await waiting) {
      waiting = pages.next();
      // Left a moment later: a page may still come.
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      void pages.return();
    }
    expect(await waiting).toEqual({ done: true, value: undefined });
    if (!stream.closed) await once(stream, 'close');
  });
});

describe('a query that would be read wrongly', () => {
  it.each<[string, object, string]>([
    ['an alternative that is undefined', { where: { or: [{ name: 'a' }, undefined] } }, 'or[1]'],
    [
      'an unknown option of an order',
      { orderBy: { name: { direction: 'asc', null: 'first' } } },
      'null',
    ],
    ['a day before the year 1', { where: { day: '0000-12-31' } }, '"day"'],
  ])('is rejected before anything is sent: %s', async (_, query, message) => {
    const Day = view('acme', 'Day', 'v1', { name: p.text(), day: p.date() });
    const transport = memoryTransport(() => ({ items: [] }));
    await expect(nodes(transport, Day).list(query as never)).rejects.toMatchObject({
      ...{ code: 'config', message: expect.stringContaining(message) },
    });
    expect(transport.requests).toEqual([]);
  });

  const Area = view('acme', 'Area', 'v1', { name: p.text() });
  const Pump = view('acme', 'Pump', 'v1', {
    name: p.text(),
    power: p.float(),
    area: p.ref(() => Area),
  });
  /** The filter that a list sends for some conditions. */
  const sent = async (where: object): Promise<unknown> => {
    const transport = memoryTransport(() => ({ items: [] }));
    await nodes(transport, Pump).list({ where });
    return (Object(transport.requests[0]?.body) as { readonly filter?: unknown }).filter;
  };

  it.each<[where: object, place: string]>([
    [{ or: [{ name: 'a' }, { power: undefined }] }, 'or[1]'],
    [{ or: [{ name: undefined, power: undefined }] }, 'or[0]'],
    [{ or: [{ power: { gte: undefined, lt: undefined } }] }, 'or[0]'],
    [{ or: [{ power: {} }] }, 'or[0]'],
    [{ or: [{ name: { in: undefined } }] }, 'or[0]'],
    [{ or: [{ area: { name: undefined } }] }, 'or[0]'],
    [{ or: [{ area: { name: { prefix: undefined } } }] }, 'or[0]'],
    [{ or: [{ externalId: undefined }] }, 'or[0]'],
    [{ or: [{ and: [{ name: undefined }, { power: {} }] }] }, 'or[0]'],
    [{ or: [{ or: undefined }] }, 'or[0]'],
    [{ not: { name: undefined } }, 'not'],
    [{ not: { area: { name: undefined } } }, 'not'],
    [{ not: { and: [{ name: undefined }] } }, 'not'],
    [{ and: [{ name: 'a' }, { not: { name: undefined } }] }, 'not'],
    [{ area: { or: [{ name: 'a' }, { name: undefined }] } }, 'or[1]'],
  ])(
    'is an alternative or a negation whose conditions are all undefined: %o',
    async (where, place) => {
      await expect(sent(where)).rejects.toMatchObject({
        code: 'config',
        message: expect.stringContaining(`${place}: all conditions are undefined or empty`),
      });
    },
  );

  it('is not one that leaves some conditions out, or says itself that it has none', async () => {
    const name = { equals: { property: ['acme', 'Pump/v1', 'name'], value: 'a' } };
    expect(await sent({ or: [{ name: 'a', power: undefined }] })).toEqual(name);
    expect(await sent({ and: [{ name: 'a' }, { power: undefined }], or: undefined })).toEqual(name);
    expect(await sent({ not: { name: 'a', power: { gte: undefined } } })).toEqual({ not: name });
    expect(await sent({ name: undefined, not: undefined })).toBeUndefined();
    expect(await sent({ name: 'a', area: { name: undefined } })).toEqual(name);
    expect(await sent({ area: { name: { in: undefined } } })).toBeUndefined();
    expect(await sent({ or: [{ name: 'a' }, {}] })).toBeUndefined();
    expect(await sent({ not: {} })).toEqual({ not: { matchAll: {} } });
    expect(await sent({ not: { power: null } })).toMatchObject({ not: { not: {} } });
  });

  it('is a parameter that every object has', () => {
    const question = graph((g) => ({
      things: g.pick(g.nodes(Thing, { where: { name: param('constructor') } })),
    }));
    expect(() => runGraph(project.transport, question, { parameters: {} })).toThrow(
      '"constructor"',
    );
  });
});

describe('a version that no node has', () => {
  it('is rejected with checkVersions', async () => {
    const transport = memoryTransport(() => ({ items: [] }));
    const work = nodes(transport, Thing).upsert(
      { space: 's', externalId: 'a', name: 'a', version: -1 },
      { checkVersions: true },
    );
    await expect(work).rejects.toMatchObject({ code: 'config' });
    expect(transport.requests).toEqual([]);
  });
});
