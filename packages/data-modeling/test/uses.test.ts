import { memoryTransport } from '@cdf/core/testing';
import { edges, graph, nodes, p, param, push, runGraph, view } from '@cdf/data-modeling';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startProject } from './project.js';

afterEach(() => {
  vi.useRealTimers();
});
const Order = view('acme', 'Order', 'v1', { due: p.timestamp() });
const START = Date.UTC(2026, 0, 1);
const wire = (index: number) => ({
  ...{ instanceType: 'node', space: 's', externalId: `o${index}`, version: 1 },
  ...{ createdTime: 1, lastUpdatedTime: 1 },
  properties: { acme: { 'Order/v1': { due: '2025-01-01T00:00:00Z' } } },
});

/** A server whose cursors belong to a question: five pages for each, of one order. */
function strict(): ReturnType<typeof memoryTransport> {
  return memoryTransport(({ path, body }) => {
    const { cursor, cursors, includeTyping, ...question } = body as Record<string, unknown>;
    const text = JSON.stringify(question);
    const isQuery = path.endsWith('query');
    const given = isQuery ? (cursors as { s0?: string }).s0 : (cursor as string | undefined);
    const [asked, page] = given === undefined ? [text, 0] : (JSON.parse(given) as [string, number]);
    if (asked !== text) throw new Error('the cursor does not belong to this request');
    const nextCursor = page < 4 ? JSON.stringify([text, page + 1]) : undefined;
    return isQuery
      ? { items: { s0: [wire(page)] }, nextCursor: { s0: nextCursor } }
      : { items: [wire(page)], nextCursor };
  });
}
/** The least time of an order in each question that was asked. */
const boundsOf = ({ requests }: ReturnType<typeof memoryTransport>) =>
  requests.map(({ body }) =>
    Date.parse(/"(?:lt|t)":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? ''),
  );

describe('a question with a relative time', () => {
  const where = { due: { lt: 'now' } } as const;
  const uses = {
    list: (transport: ReturnType<typeof memoryTransport>) =>
      nodes(transport, Order).list({ where }),
    find: (transport: ReturnType<typeof memoryTransport>) =>
      nodes(transport, Order).find({ where }),
    'runGraph with a parameter': (transport: ReturnType<typeof memoryTransport>) =>
      runGraph(
        transport,
        graph((g) => ({
          orders: g.pick(g.nodes(Order, { where: { due: { lt: param('t') } }, limit: 1 })),
        })),
        { parameters: { t: 'now' } },
      ),
    runGraph: (transport: ReturnType<typeof memoryTransport>) =>
      runGraph(
        transport,
        graph((g) => ({ orders: g.pick(g.nodes(Order, { where, limit: 1 })) })),
      ),
  };

  it.each(Object.entries(uses))('has that of each use: %s', async (_, make) => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const transport = strict();
    const question = make(transport);
    const first = question[Symbol.asyncIterator]();
    await first.next();
    vi.setSystemTime(START + 1000);
    const second = question[Symbol.asyncIterator]();
    const counts = [1, 0];
    for (let isOpen = true; isOpen; ) {
      isOpen = false;
      for (const [index, iterator] of [second, first].entries()) {
        const { done } = await iterator.next();
        if (done === true) continue;
        isOpen = true;
        counts[1 - index] = (counts[1 - index] as number) + 1;
      }
    }
    expect(counts).toEqual([5, 5]);
    const bounds = boundsOf(transport);
    expect(bounds.filter((time) => time === START)).toHaveLength(5);
    expect(bounds.filter((time) => time === START + 1000)).toHaveLength(5);
  });

  it('has the parameters of the call', async () => {
    const transport = strict();
    const parameters = { t: new Date(START) };
    const question = graph((g) => ({
      orders: g.pick(g.nodes(Order, { where: { due: { lt: param('t') } } })),
    }));
    const run = runGraph(transport, question, { parameters });
    parameters.t.setTime(0);
    parameters.t = new Date(1);
    await run;
    expect(new Set(boundsOf(transport))).toEqual(new Set([START]));
  });

  it('of changes goes on from its cursor as it began', async () => {
    await using project = await startProject({}, []);
    const { transport } = project;
    await push(transport, [Order]);
    const orders = nodes(transport, Order, { space: 'plant' });
    await orders.upsert([{ externalId: 'a', due: new Date(Date.now() - 1000) }]);
    const read = async (cursor?: string) => {
      const names: string[] = [];
      let last = cursor;
      for await (const page of orders.changes({ where, cursor })) {
        names.push(...page.upserted.map(({ externalId }) => externalId));
        last = page.cursor;
      }
      return { names, cursor: last };
    };
    const { names, cursor } = await read();
    expect(names).toEqual(['a']);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await orders.upsert([{ externalId: 'b', due: new Date(Date.now() - 2000) }]);
    const later = await read(cursor);
    expect(later.names).toEqual(['b']);
    expect((await read(later.cursor)).names).toEqual([]);
    // One of an earlier version, which had no time.
    const { now, ...old } = JSON.parse(String(cursor));
    expect(now).toBeLessThanOrEqual(Date.now());
    await expect(read(JSON.stringify(old))).rejects.toThrow(/belongs to another/);
    await expect(read(JSON.stringify({ ...old, now: 'x' }))).rejects.toThrow(/must be one that/);
  });
});

describe('find', () => {
  it('reads 64-bit integers that only the edges have', async () => {
    await using project = await startProject({}, []);
    const { transport } = project;
    const Link = view('acme', 'Link', 'v1', { serial: p.bigint() }, { usedFor: 'edge' });
    const type = { space: 'plant', externalId: 'links' };
    const Place = view('acme', 'Place', 'v1', {
      name: p.text(),
      get next() {
        return p.edges(() => Place, { type, properties: () => Link });
      },
    });
    await push(transport, [Link, Place]);
    const at = (externalId: string) => ({ space: 'plant', externalId });
    await nodes(transport, Place).upsert([
      { ...at('a'), name: 'A' },
      { ...at('b'), name: 'B' },
    ]);
    const serial = 2n ** 60n + 1n;
    await edges(transport, Link).create([
      { ...at('l'), type, startNode: at('a'), endNode: at('b'), serial },
    ]);
    const [found] = await nodes(transport, Place).find({
      where: { name: 'A' },
      with: { next: true },
    });
    expect(found?.next.map(({ edge }) => edge.serial)).toEqual([serial]);
  });
});
