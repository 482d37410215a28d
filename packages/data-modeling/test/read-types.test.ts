import {
  Edges,
  edges,
  graph,
  Nodes,
  nodes,
  p,
  push,
  type Read,
  type ReadEdge,
  runGraph,
  view,
} from '@cdf/data-modeling';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { emulated } from '../../../tooling/emulators/emulated.js';

const type = { space: 'acme', externalId: 'feeds' };
const T = new Date('2024-07-01T00:00:00Z');
const Feed = view('acme', 'Feed', 'v1', { flow: p.float() }, { usedFor: 'edge' });
const Hall = view('acme', 'Hall', 'v1', {
  name: p.text(),
  get machines() {
    return p.reverse(() => Machine, 'hall');
  },
});
const Machine = view('acme', 'Machine', 'v1', {
  name: p.text(),
  power: p.float().optional(),
  at: p.timestamp(),
  get hall() {
    return p.ref(() => Hall);
  },
  get next() {
    return p.edges(() => Machine, { type, properties: () => Feed, single: true });
  },
  get nexts() {
    return p.edges(() => Machine, { type, properties: () => Feed });
  },
});
const Link = view(
  'acme',
  'Link',
  'v1',
  { version: p.text().storedIn({ property: 'version_' }) },
  { usedFor: 'edge' },
);

type Name = Read<typeof Machine>['hall'];

async function plant() {
  const project = await emulated({}, {});
  const { transport } = project;
  await push(transport, [Hall, Machine, Feed, Link]);
  const halls = nodes(transport, Hall, { space: 'acme' });
  const machines = nodes(transport, Machine, { space: 'acme' });
  await halls.upsert({ externalId: 'A', name: 'Hall' });
  await machines.upsert([
    { externalId: 'P', name: 'P', at: T, hall: { space: 'acme', externalId: 'A' } },
    { externalId: 'Q', name: 'Q', at: T },
  ]);
  const [startNode, endNode] = [
    { space: 'acme', externalId: 'P' },
    { space: 'acme', externalId: 'Q' },
  ];
  await edges(transport, Feed, { space: 'acme' }).create({
    ...{ externalId: 'E', type, startNode, endNode },
    flow: 5,
  });
  await edges(transport, Link, { space: 'acme' }).create({
    ...{ externalId: 'L', type, startNode, endNode },
    version: 'x',
  });
  const first = { where: { name: 'P' } } as const;
  return {
    halls,
    machines,
    first,
    transport,
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

/** Known at run time only. */
const no = (): boolean => false;

describe('the type of a relation that is read along on a condition', () => {
  it('is the union of its name and the node', async () => {
    await using project = await plant();
    const { machines, first } = project;
    const [found] = await machines.find({ ...first, with: { hall: no() ? true : undefined } });
    type Both = Name | Read<typeof Hall> | undefined;
    expectTypeOf(found?.hall).toEqualTypeOf<Both>();
    expect(found?.hall).toEqual({ space: 'acme', externalId: 'A' });
    const spread = machines.find({ with: { ...(no() ? { hall: true as const } : {}) } });
    expectTypeOf((await spread)[0]?.hall).toEqualTypeOf<Both>();
    const optional: { hall?: true } = {};
    expectTypeOf((await machines.find({ with: optional }))[0]?.hall).toEqualTypeOf<Both>();
    const whole = machines.find({ with: no() ? { hall: true } : undefined });
    expectTypeOf((await whole)[0]?.hall).toEqualTypeOf<Both>();
    const query = machines.find(no() ? { with: { hall: true } } : {});
    expectTypeOf((await query)[0]?.hall).toEqualTypeOf<Both>();
    const sure = machines.find({ with: { hall: true } });
    expectTypeOf((await sure)[0]?.hall).toEqualTypeOf<Read<typeof Hall> | undefined>();
  });

  it('has undefined for one that others hold, and at every depth', async () => {
    await using project = await plant();
    const { halls } = project;
    const wanted = no() ? true : undefined;
    const [hall] = await halls.find({ with: { machines: wanted } });
    expectTypeOf(hall?.machines).toEqualTypeOf<readonly Read<typeof Machine>[] | undefined>();
    expect(hall?.machines).toBeUndefined();
    const [deep] = await halls.find({ with: { machines: { with: { hall: wanted } } } });
    const inner = deep?.machines[0]?.hall;
    expectTypeOf(inner).toEqualTypeOf<Name | Read<typeof Hall> | undefined>();
    const [other] = await halls.find({
      with: no() ? { machines: true } : { machines: { pick: ['name'] } },
    });
    expectTypeOf(other?.machines[0]?.name).toEqualTypeOf<string | undefined>();
  });

  it('of two choices has what either gives', async () => {
    await using project = await plant();
    const { machines, first } = project;
    const [found] = await machines.find({
      ...first,
      with: no() ? { next: true } : { hall: true },
    });
    expectTypeOf(found?.hall).toEqualTypeOf<Name | Read<typeof Hall> | undefined>();
    expect(found?.next).toBeUndefined();
  });
});

describe('a relation named like a method', () => {
  it('takes its place when it is read along, also without a node on the other side', async () => {
    await using project = await plant();
    const relations = { machines: () => () => 'method', next: () => () => 'method' };
    const halls = nodes(project.transport, Hall, {
      space: 'acme',
      relations: { machines: relations.machines },
    });
    const [some] = await halls.find({ with: no() ? { machines: true } : undefined });
    expectTypeOf(some?.machines).toEqualTypeOf<
      readonly Read<typeof Machine>[] | (() => string) | undefined
    >();
    expect(some?.machines).toBeTypeOf('function');
    const [other] = await halls.find({ with: { machines: no() ? true : undefined } });
    expectTypeOf(other?.machines).toEqualTypeOf<
      readonly Read<typeof Machine>[] | (() => string) | undefined
    >();
    const machines = nodes(project.transport, Machine, {
      space: 'acme',
      relations: { next: relations.next },
    });
    const last = await machines.find({ where: { name: 'Q' }, with: { next: true } });
    expect(last[0]?.next).toBeUndefined();
    expect(last[0]?.name).toBe('Q');
  });
});

describe('the type of picked properties', () => {
  it('has those that were not picked or not, where pick may be undefined', async () => {
    await using project = await plant();
    const { machines, halls } = project;
    const [found] = await machines.find({ pick: no() ? ['name'] : undefined });
    expectTypeOf(found?.name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error it may not have been read
    expect(found?.at.getTime()).toBe(T.getTime());
    expectTypeOf(found?.at).toEqualTypeOf<Date | undefined>();
    const [hall] = await halls.find({
      with: { machines: { pick: no() ? ['name'] : undefined } },
    });
    expectTypeOf(hall?.machines[0]?.name).toEqualTypeOf<string | undefined>();
    // @ts-expect-error it may not have been read
    expect(hall?.machines[0]?.at.getTime()).toBe(T.getTime());
  });

  it('has each of names that are known at run time only, or not', async () => {
    await using project = await plant();
    const { machines } = project;
    const names: ('name' | 'at')[] = ['name'];
    const [found] = await machines.find({ pick: names });
    expectTypeOf(found).toExtend<{ name?: string; at?: Date } | undefined>();
    expectTypeOf(found?.at).toEqualTypeOf<Date | undefined>();
    // @ts-expect-error it may not have been read
    expect(() => found?.at.getTime()).toThrow(TypeError);
    const [sure] = await machines.find({ pick: ['name', 'at'] });
    expect(sure?.at.getTime()).toBe(T.getTime());
    const [either] = await machines.find({ pick: no() ? ['name', 'at'] : ['name'] });
    expect(either?.name.length).toBe(1);
    // @ts-expect-error it may not have been read
    expect(() => either?.at.getTime()).toThrow(TypeError);
  });

  it('of a graph is the same', async () => {
    await using project = await plant();
    const names: ('name' | 'at')[] = ['name'];
    const question = graph((g) => {
      const machines = g.nodes(Machine);
      return {
        all: g.pick(machines),
        some: g.pick(machines, ['name', 'at']),
        few: g.pick(machines, names),
        maybe: g.pick(machines, no() ? ['name'] : undefined),
      };
    });
    const { all, some, few, maybe } = await runGraph(project.transport, question);
    expectTypeOf(all[0]?.at).toEqualTypeOf<Date | undefined>();
    expect(all[0]?.at.getTime()).toBe(some[0]?.at.getTime());
    // @ts-expect-error it may not have been read
    expect(() => few[0]?.at.getTime()).toThrow(TypeError);
    expect(maybe[0]?.name.length).toBe(1);
    // @ts-expect-error it may not have been read
    expect(maybe[0]?.at.getTime()).toBe(T.getTime());
    // @ts-expect-error no property of the view
    const wrong = () => graph((g) => ({ x: g.pick(g.nodes(Machine), ['name', 'nmae']) }));
    expect(wrong).toThrow('unknown name "nmae"');
  });

  it('has methods where all properties may have been picked', async () => {
    await using project = await plant();
    const relations = { shout: (machine: Read<typeof Machine>) => () => `${machine.name}!` };
    const machines = nodes(project.transport, Machine, { space: 'acme', relations });
    const [found] = await machines.find({ ...project.first, pick: no() ? ['name'] : undefined });
    expect(found?.shout?.()).toBe('P!');
    expectTypeOf(found?.shout).toEqualTypeOf<(() => string) | undefined>();
  });
});

it('has the edge of a connection to at most one node', async () => {
  await using project = await plant();
  const [found] = await project.machines.find({
    ...project.first,
    with: { next: true, nexts: { pick: ['name'] } },
  });
  expect(found?.next?.edge.flow).toBe(5);
  expect(found?.nexts[0]?.edge.flow).toBe(5);
  expectTypeOf(found?.next?.edge).toEqualTypeOf<ReadEdge<typeof Feed> | undefined>();
});

it('has properties of edges that are named like a member of every edge', async () => {
  await using project = await plant();
  const [edge] = await edges(project.transport, Link, { space: 'acme' }).list();
  expect(edge?.version).toBe('x');
  expectTypeOf<ReadEdge<typeof Link>['version']>().toEqualTypeOf<string>();
});

describe('the type of times', () => {
  it('is that of the setting in relations', async () => {
    await using project = await plant();
    const { transport } = project;
    const year = (machine: Read<typeof Machine, 'epoch'>) => (): number =>
      new Date(machine.at).getUTCFullYear();
    const settings = { space: 'acme', times: 'epoch' } as const;
    const machines = nodes(transport, Machine, { ...settings, relations: { year } });
    expect((await machines.list())[0]?.year()).toBe(2024);
    const wrong = (machine: Read<typeof Machine>) => () => machine.at.getUTCFullYear();
    // @ts-expect-error times are numbers
    nodes(transport, Machine, { ...settings, relations: { wrong } });
  });

  it('is either where the setting is known at run time only', async () => {
    await using project = await plant();
    const { transport } = project;
    const times: 'date' | 'epoch' = no() ? 'date' : ('epoch' as 'date' | 'epoch');
    const [machine] = await nodes(transport, Machine, { space: 'acme', times }).list();
    expectTypeOf(machine?.at).toEqualTypeOf<Date | number | undefined>();
    const Timed = view('acme', 'Timed', 'v1', { at: p.timestamp() }, { usedFor: 'edge' });
    const timed = edges(transport, Timed, { times }).list;
    expectTypeOf<Awaited<ReturnType<typeof timed>>[0]['at']>().toEqualTypeOf<Date | number>();
    const optional: { times?: 'epoch' } = {};
    const some = nodes(transport, Machine, optional).list;
    expectTypeOf<Awaited<ReturnType<typeof some>>[0]['at']>().toEqualTypeOf<Date | number>();
    const made = new Nodes(transport, Machine, { times: 'epoch' }).list;
    expectTypeOf<Awaited<ReturnType<typeof made>>[0]['at']>().toEqualTypeOf<number>();
    const edged = new Edges(transport, Timed, { times }).list;
    expectTypeOf<Awaited<ReturnType<typeof edged>>[0]['at']>().toEqualTypeOf<Date | number>();
    const plain = new Nodes(transport, Machine).list;
    expectTypeOf<Awaited<ReturnType<typeof plain>>[0]['at']>().toEqualTypeOf<Date>();
    const dated = nodes(transport, Machine, { times: undefined }).list;
    expectTypeOf<Awaited<ReturnType<typeof dated>>[0]['at']>().toEqualTypeOf<Date>();
  });
});
