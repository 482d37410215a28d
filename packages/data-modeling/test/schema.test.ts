import { ConfigError } from '@cdf/core';
import { DataModelingApi, diff, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Area, Feed, type Project, Pump, startProject, WorkOrder } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

describe('schema as code', () => {
  it('is pushed once, and then equal', async () => {
    expect(await diff(project.transport, [Area, Pump, WorkOrder, Feed])).toEqual([]);
    expect(await push(project.transport, [Area, Pump, WorkOrder, Feed])).toEqual([]);
  });

  it('adds what is new, keeps what is not named', async () => {
    const before = view('acme', 'Valve', 'v1', { name: p.text(), old: p.text().optional() });
    await push(project.transport, [before]);
    const after = view('acme', 'Valve', 'v1', { name: p.text(), size: p.int().optional() });
    expect(await diff(project.transport, [after])).toEqual([
      { kind: 'container', name: 'acme:Valve', property: 'size', change: 'added' },
      { kind: 'container', name: 'acme:Valve', property: 'old', change: 'kept' },
      { kind: 'view', name: 'acme:Valve/v1', property: 'size', change: 'added' },
      { kind: 'view', name: 'acme:Valve/v1', property: 'old', change: 'kept' },
    ]);
    await push(project.transport, [after]);
    const api = new DataModelingApi(project.transport);
    const read = await api.views.retrieve({ space: 'acme', externalId: 'Valve' });
    expect(Object.keys(read?.properties ?? {}).sort()).toEqual(['name', 'old', 'size']);
  });

  it('has numbers that the service counts', async () => {
    const { transport } = project;
    const Order = view('acme', 'CountedOrder', 'v1', {
      title: p.text(),
      order: p.int({ autoIncrement: true }),
      serial: p.bigint({ autoIncrement: true }),
    });
    await push(transport, [Order]);
    expect(await diff(transport, [Order])).toEqual([]);
    const orders = nodes(transport, Order, { space: 'plant' });
    await orders.create([{ externalId: 'a', title: 'A' }]);
    await orders.upsert([{ externalId: 'b', title: 'B', order: 7, serial: 2n ** 53n }]);
    await orders.create([{ externalId: 'c', title: 'C' }]);
    await orders.upsert([{ externalId: 'a', title: 'again' }]);
    const read = await orders.list({ orderBy: { order: 'asc' } });
    expect(read.map(({ title, order, serial }) => [title, order, serial])).toEqual([
      ['again', 1, 1n],
      ['B', 7, 2n ** 53n],
      ['C', 8, 2n ** 53n + 1n],
    ]);
    const valid = { space: 'plant', externalId: 'd', title: 'D' };
    expect(await Order['~standard'].validate(valid)).toEqual({ value: valid });
  });

  it('cannot count what is there already', async () => {
    const { transport } = project;
    await push(transport, [view('acme', 'Uncounted', 'v1', { number: p.int() })]);
    const Counted = view('acme', 'Uncounted', 'v1', { number: p.int({ autoIncrement: true }) });
    const change = { property: 'number', change: 'losesData' };
    expect(await diff(transport, [Counted])).toMatchObject([change]);
    await push(transport, [Counted], { allowDataLoss: true });
    expect(await diff(transport, [Counted])).toEqual([]);
    // What the project counts it goes on counting.
    await push(transport, [view('acme', 'Uncounted', 'v1', { number: p.int() })]);
    expect(await diff(transport, [Counted])).toEqual([]);
  });

  it('rejects a change that loses data, unless asked', async () => {
    await push(project.transport, [view('acme', 'Tank', 'v1', { level: p.float() })]);
    const Tank = view('acme', 'Tank', 'v1', { level: p.text() });
    await expect(push(project.transport, [Tank])).rejects.toThrow(
      /level: losesData: it is float64 in the project, not text/,
    );
    await push(project.transport, [Tank], { allowDataLoss: true });
    await nodes(project.transport, Tank, { space: 'plant' }).create({
      externalId: 'T',
      level: 'high',
    });
    expect(
      await nodes(project.transport, Tank, { space: 'plant' }).retrieve({ externalId: 'T' }),
    ).toMatchObject({
      level: 'high',
    });
  });

  it('is inherited', async () => {
    const Base = view('acme', 'Base', 'v1', { name: p.text(), note: p.text().optional() });
    const Motor = view('acme', 'Motor', 'v1', { speed: p.float() }, { implements: [Base] });
    await push(project.transport, [Motor, Base]);
    const motors = nodes(project.transport, Motor, { space: 'plant' });
    await motors.create({ externalId: 'M', name: 'motor', speed: 3 });
    expect(await motors.retrieve({ externalId: 'M' })).toMatchObject({ name: 'motor', speed: 3 });
    expect(await nodes(project.transport, Base).list()).toHaveLength(1);
  });

  it('a view that differs from the project is rejected by property with its first use', async () => {
    const Wrong = view('acme', 'Pump', 'v3', {
      name: p.text(),
      power: p.text(),
      colour: p.text().optional(),
    });
    const pumps = nodes(project.transport, Wrong, { space: 'plant' });
    await expect(pumps.list()).rejects.toThrow(
      /"power" is "float64" there, not text; "colour" is unknown there/,
    );
    await expect(pumps.list()).rejects.toThrow(ConfigError);
  });

  it('lists spaces, containers, views and data models', async () => {
    const api = new DataModelingApi(project.transport);
    expect((await api.spaces.list()).map(({ space }) => space).sort()).toEqual(['acme', 'plant']);
    expect((await api.containers.list({ space: 'acme' })).length).toBeGreaterThan(4);
    await api.dataModels.upsert([
      {
        space: 'acme',
        externalId: 'Plant',
        version: 'v1',
        views: [{ type: 'view', space: 'acme', externalId: 'Pump', version: 'v3' }],
      },
    ]);
    const model = await api.dataModels.retrieve(
      { space: 'acme', externalId: 'Plant' },
      { inlineViews: true },
    );
    expect(model?.views[0]).toHaveProperty('properties');
    expect(
      await api.views.delete([{ space: 'acme', externalId: 'Absent', version: 'v1' }]),
    ).toEqual([]);
    expect(await api.statistics()).toHaveProperty('instances');
  });
});
