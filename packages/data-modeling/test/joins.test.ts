import type { CallOptions, RequestSpec, Transport } from '@cdf/core';
import {
  DataModelingApi,
  edges,
  graph,
  type NodeReference,
  nodes,
  runGraph,
} from '@cdf/data-modeling';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Area, Feed, type Project, Pump, startProject, WorkOrder } from './project.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const ROUNDS = isLong ? 300 : 12;

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

/**
 * The same server with few items in each page of a step: a step is read on under each page of
 * its parents.
 */
function withSmallPages(transport: Transport, most: number): Transport {
  return {
    ...transport,
    project: transport.project,
    limits: transport.limits,
    request<T>(spec: RequestSpec, options?: CallOptions): Promise<T> {
      const decoded =
        spec.body instanceof Uint8Array
          ? JSON.parse(new TextDecoder().decode(spec.body))
          : spec.body;
      const steps = (decoded as { with?: Record<string, { limit: number }> } | undefined)?.with;
      if (steps === undefined) return transport.request<T>(spec, options);
      const small = Object.entries(steps).map(([name, step]) => [
        name,
        { ...step, limit: Math.min(step.limit, most) },
      ]);
      const body = { ...(decoded as object), with: Object.fromEntries(small) };
      const bytes =
        spec.body instanceof Uint8Array ? new TextEncoder().encode(JSON.stringify(body)) : body;
      return transport.request<T>({ ...spec, body: bytes }, options);
    },
    transfer: (spec, options) => transport.transfer(spec, options),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * A plant by numbers: the area of each pump, its friends, what it feeds, and the pumps of each
 * order.
 */
const plants = fc.record({
  areas: fc.integer({ min: 1, max: 4 }),
  pumps: fc.array(
    fc.record({
      area: fc.option(fc.nat(3)),
      friends: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
      feeds: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
      isOn: fc.boolean(),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  orders: fc.array(fc.uniqueArray(fc.nat(9), { maxLength: 4 }), { maxLength: 6 }),
  page: fc.integer({ min: 1, max: 3 }),
});

let round = 0;

describe('joins', () => {
  it('are those of a naive join, whatever the size of pages', async () => {
    await fc.assert(
      fc.asyncProperty(plants, async (plant) => {
        const space = `r${round++}`;
        await new DataModelingApi(project.transport).spaces.upsert([{ space }]);
        const at = (name: string): NodeReference => ({ space, externalId: name });
        const { areas, orders } = plant;
        const pumps = plant.pumps.map((pump) => ({
          ...pump,
          area: pump.area !== null && pump.area < areas ? pump.area : undefined,
        }));
        const isPump = (index: number): boolean => index < pumps.length;
        const settings = { space };
        await nodes(project.transport, Area, settings).upsert(
          Array.from({ length: areas }, (_, index) => ({
            externalId: `a${index}`,
            name: `a${index}`,
          })),
        );
        await nodes(project.transport, Pump, settings).upsert(
          pumps.map(({ area, friends, isOn }, index) => ({
            externalId: `p${index}`,
            name: `p${index}`,
            status: isOn ? ('on' as const) : ('off' as const),
            ...(area !== undefined && { area: at(`a${area}`) }),
            friends: friends.filter(isPump).map((each) => at(`p${each}`)),
          })),
        );
        await nodes(project.transport, WorkOrder, settings).upsert(
          orders.map((named, index) => ({
            externalId: `w${index}`,
            title: `w${index}`,
            pumps: named.filter(isPump).map((each) => at(`p${each}`)),
          })),
        );
        const fed = pumps.flatMap(({ feeds }, index) =>
          feeds.filter(isPump).map((other) => [index, other] as const),
        );
        await edges(project.transport, Feed, settings).create(
          fed.map(([from, to]) => ({
            externalId: `f${from}-${to}`,
            type: { space: 'acme', externalId: 'feeds' },
            startNode: at(`p${from}`),
            endNode: at(`p${to}`),
            flow: from * 10 + to,
          })),
        );

        const small = withSmallPages(project.transport, plant.page);
        const found = await nodes(small, Area, settings).find({
          limit: Infinity,
          with: {
            pumps: {
              with: {
                friends: true,
                feeds: { with: { area: true } },
                fedBy: true,
                orders: { with: { pumps: true } },
              },
            },
          },
        });
        const name = { pick: ['name'] } as const;
        const picked = await nodes(small, Area, settings).find({
          limit: Infinity,
          ...name,
          with: {
            pumps: {
              ...name,
              with: {
                friends: name,
                feeds: { ...name, with: { area: name } },
                fedBy: name,
                orders: { pick: ['title'], with: { pumps: name } },
              },
            },
          },
        });
        const sorted = (names: readonly string[]): string[] => [...names].sort();
        const named = (items: readonly { readonly name: string }[]): string[] =>
          sorted(items.map(({ name }) => name));
        const shown = (areas: typeof picked | typeof found) =>
          areas.map((area) => [
            area.name,
            area.pumps
              .map((pump) => ({
                name: pump.name,
                friends: named(pump.friends),
                feeds: sorted(
                  pump.feeds.map(({ name, area, edge }) => `${name} ${area?.name} ${edge.flow}`),
                ),
                fedBy: named(pump.fedBy),
                orders: sorted(pump.orders.map(({ title, pumps }) => `${title} ${named(pumps)}`)),
              }))
              .sort((left, right) => (left.name < right.name ? -1 : 1)),
          ]);
        const expected = Array.from({ length: areas }, (_, area) => [
          `a${area}`,
          pumps.flatMap((pump, index) =>
            pump.area !== area
              ? []
              : {
                  name: `p${index}`,
                  friends: sorted(pump.friends.filter(isPump).map((each) => `p${each}`)),
                  feeds: sorted(
                    fed
                      .filter(([from]) => from === index)
                      .map(([from, to]) => {
                        const other = pumps[to]?.area;
                        return `p${to} ${other === undefined ? undefined : `a${other}`} ${from * 10 + to}`;
                      }),
                  ),
                  fedBy: sorted(fed.filter(([, to]) => to === index).map(([from]) => `p${from}`)),
                  orders: sorted(
                    orders.flatMap((each, order) =>
                      each.includes(index)
                        ? [`w${order} ${sorted(each.filter(isPump).map((one) => `p${one}`))}`]
                        : [],
                    ),
                  ),
                },
          ),
        ]);
        expect(shown(found)).toEqual(expected);
        expect(shown(picked)).toEqual(expected);

        const question = graph((g) => {
          const start = g.nodes(Area, { where: { space }, limit: plant.page });
          const running = g.follow(start, 'pumps', { where: { status: 'on' } });
          const friends = g.follow(running, 'friends');
          return {
            areas: g.pick(start, ['name']),
            running: g.pick(running, ['name']),
            friends: g.pick(friends, ['name']),
          };
        });
        const walked = await runGraph(small, question);
        const running = pumps.flatMap(({ isOn, area }, index) =>
          isOn && area !== undefined ? [index] : [],
        );
        const names = (indexes: readonly (number | undefined)[]): string[] =>
          sorted([...new Set(indexes)].map((each) => `p${each}`));
        expect(named(walked.areas)).toEqual(
          sorted(Array.from({ length: areas }, (_, area) => `a${area}`)),
        );
        expect(named(walked.running)).toEqual(names(running));
        expect(named(walked.friends)).toEqual(
          names(running.flatMap((index) => pumps[index]?.friends.filter(isPump) ?? [])),
        );
      }),
      { numRuns: ROUNDS },
    );
  });

  it('changes from any cursor, applied in order, give what there is', async () => {
    const write = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('upsert' as const), index: fc.nat(5), power: fc.nat(99) }),
        fc.record({ kind: fc.constant('delete' as const), index: fc.nat(5) }),
        fc.record({ kind: fc.constant('read' as const), index: fc.constant(0) }),
      ),
      { maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(write, async (writes) => {
        const space = `c${round++}`;
        await new DataModelingApi(project.transport).spaces.upsert([{ space }]);
        const pumps = nodes(project.transport, Pump, { space });
        const mirror = new Map<string, number | undefined>();
        let cursor: string | undefined;
        const follow = async (): Promise<void> => {
          for await (const page of pumps.changes({ cursor })) {
            for (const { externalId } of page.deleted) mirror.delete(externalId);
            for (const { externalId, power } of page.upserted) mirror.set(externalId, power);
            cursor = page.cursor;
          }
        };
        for (const each of writes) {
          if (each.kind === 'upsert')
            await pumps.upsert([
              { externalId: `p${each.index}`, name: 'p', status: 'on', power: each.power },
            ]);
          if (each.kind === 'delete') await pumps.delete([{ externalId: `p${each.index}` }]);
          if (each.kind === 'read') await follow();
        }
        await follow();
        const all = await pumps.list({ limit: Infinity });
        expect(Object.fromEntries(mirror)).toEqual(
          Object.fromEntries(all.map(({ externalId, power }) => [externalId, power])),
        );
      }),
      { numRuns: ROUNDS },
    );
  });
});
