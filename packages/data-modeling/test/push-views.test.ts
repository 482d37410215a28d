import { ApiError, AuthError } from '@cdf/core';
import { type AnyView, DataModelingApi, diff, nodes, p, push, view } from '@cdf/data-modeling';
import { CogniteAsset, CogniteDescribable } from '@cdf/data-modeling/cognite-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { nameOf, type SchemaService, schemaService } from './schema-service.js';

let project: Project;
let api: DataModelingApi;
beforeAll(async () => {
  project = await startProject({}, []);
  api = new DataModelingApi(project.transport);
});
afterAll(() => project[Symbol.asyncDispose]());

const losing = { allowDataLoss: true };
const at = { container: { space: 'acme', externalId: 'Tank' } };
const Before = view('acme', 'Tank', 'v1', {
  name: p.text(),
  level: p.float().optional(),
  extra: p.text().optional(),
});
const After = view('acme', 'Tank', 'v1', { name: p.text(), level: p.text().optional() });
const Other = view('other', 'TankToo', 'v1', {
  name: p.text().storedIn(at),
  level: p.float().optional().storedIn(at),
});

describe('a push that makes a container anew', () => {
  it('writes the properties of all views again that went with it', async () => {
    const { transport } = project;
    await push(transport, [Before]);
    await push(transport, [Other]);
    await push(transport, [After], losing);
    const [tank, other] = await api.views.retrieveMultiple([Before, Other].map(named));
    expect(Object.keys(tank?.properties ?? {}).sort()).toEqual(['extra', 'level', 'name']);
    expect(Object.keys(other?.properties ?? {}).sort()).toEqual(['level', 'name']);
    const kept = (await diff(transport, [After])).map(({ property, change }) => [property, change]);
    expect(kept).toEqual([
      ['extra', 'kept'],
      ['extra', 'kept'],
    ]);
    const Whole = view('acme', 'Tank', 'v1', {
      name: p.text(),
      level: p.text().optional(),
      extra: p.text().optional(),
    });
    await nodes(transport, Whole, { space: 'plant' }).upsert([
      { externalId: 'n', name: 'N', level: 'high', extra: 'x' },
    ]);
  });

  it('deletes nothing where a view that is stored there cannot be written again', async () => {
    const service = await tanks();
    service.answer = (path, items) => {
      if (path === '/models/views' && items.some(({ space }) => space === 'other'))
        throw new AuthError('403 not yours', { status: 403 });
      return undefined;
    };
    await expect(push(service.transport, [After], losing)).rejects.toThrow(
      /403 not yours.*; nothing was deleted: acme:Tank, and the views that are stored there, have to be written again/,
    );
    expect(service.calls).not.toContain('/models/containers/delete');
  });

  it('deletes nothing where the container could not be made again as it is', async () => {
    const { transport } = project;
    const target = { type: 'container', space: 'acme', externalId: 'Target' } as const;
    const name = { space: 'acme', externalId: 'Dangling' };
    const text = { type: { type: 'text' } };
    await api.containers.upsert([{ ...target, type: undefined, properties: { a: text } } as never]);
    const constraints = { needs: { constraintType: 'requires', require: target } };
    await api.containers.upsert([{ ...name, properties: { a: text }, constraints }]);
    await api.containers.delete([{ space: 'acme', externalId: 'Target' }]);
    const Dangling = view('acme', 'Dangling', 'v1', { a: p.int().optional() });
    await expect(push(transport, [Dangling], losing)).rejects.toThrow(
      /Target container .*; nothing was deleted: acme:Dangling,/,
    );
    expect((await api.containers.retrieve(name))?.properties.a?.type.type).toBe('text');
  });

  it('deletes nothing where such a view cannot be read', async () => {
    const service = await tanks();
    service.answer = (path, items) =>
      path === '/models/views/byids' && items.some(({ space }) => space === 'other')
        ? { items: [] }
        : undefined;
    await expect(push(service.transport, [After], losing)).rejects.toThrow(
      /other:TankToo\/v1 would lose properties, and cannot be read/,
    );
    service.answer = (path, items) =>
      path === '/models/containers/inspect'
        ? {
            items: items.map((item) => ({
              ...item,
              inspectionResults: { involvedViews: [], involvedViewCount: 2 },
            })),
          }
        : undefined;
    await expect(push(service.transport, [After], losing)).rejects.toThrow(
      /container acme:Tank: refused: 2 views that the credentials cannot read are stored in it/,
    );
    expect(service.calls).not.toContain('/models/containers/delete');
  });

  it('keeps a relation of a view over a property that is no relation any more', async () => {
    const { transport } = project;
    const Area = view('acme', 'Area', 'v1', { name: p.text() });
    const stored = { container: { space: 'acme', externalId: 'Related' }, property: 'at' };
    const Old = view('acme', 'Related', 'v1', { at: p.ref(() => Area), a: p.int().optional() });
    await push(transport, [Area, Old]);
    const New = view('acme', 'Related', 'v1', { place: p.text().optional().storedIn(stored) });
    await push(transport, [New], losing);
    const read = await api.views.retrieve(named(New));
    expect(read?.properties).toMatchObject({
      at: { type: { type: 'text' } },
      place: { type: { type: 'text' } },
      a: { type: { type: 'int32' } },
    });
  });

  it('names the views that could not be written again, when the deletion is done', async () => {
    const service = await tanks();
    service.answer = onceDeleted((path) => {
      if (path === '/models/views') throw new ApiError('400 no', { status: 400 });
      return undefined;
    });
    await expect(push(service.transport, [After], losing)).rejects.toThrow(
      /400 no.*; the data of acme:Tank was deleted before; acme:Tank\/v1 \(.*\), other:TankToo\/v1 \(name, level\) may lack what was stored there/,
    );
  });
});

describe('a push of views of the system, as pulled files have them', () => {
  const parents = { implements: [CogniteAsset] } as const;
  const Motor = view('acme', 'Motor', 'v1', { power: p.float().optional() }, parents);
  const Later = view('acme', 'Motor', 'v1', { power: p.text().optional() }, parents);

  it('writes only the others, also those of a container that is made anew', async () => {
    const { transport } = project;
    await push(transport, [CogniteDescribable, CogniteAsset, Motor]);
    const after = [CogniteDescribable, CogniteAsset, Later];
    await push(transport, after, losing);
    expect((await diff(transport, after)).filter(({ change }) => change !== 'kept')).toEqual([]);
    const motors = nodes(transport, Later, { space: 'plant' });
    await motors.upsert([{ externalId: 'm', name: 'M', power: 'high' }]);
    expect(await motors.list()).toMatchObject([{ name: 'M', power: 'high' }]);
  });

  it('is refused where one differs, before anything is deleted', async () => {
    const { transport } = project;
    await push(transport, [Motor], losing);
    const Wrong = view(
      'cdf_cdm',
      'CogniteDescribable',
      'v1',
      { name: p.int().optional(), more: p.text().optional() },
      { description: 'another' },
    );
    const all = [Wrong, Later];
    expect(await diff(transport, all)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ kind: 'container', name: 'cdf_cdm:CogniteDescribable', property: 'name' },
          ...{ change: 'refused', reason: expect.stringContaining('it belongs to the system') },
        }),
        expect.objectContaining({
          ...{ kind: 'view', name: 'cdf_cdm:CogniteDescribable/v1', change: 'kept' },
          reason: 'its description is that of the project',
        }),
      ]),
    );
    await expect(push(transport, all, losing)).rejects.toThrow(
      /property more: refused: the project does not have it; it belongs to the system/,
    );
    expect(await diff(transport, [Motor])).toEqual([]);
  });
});

describe('an error tells no more than is known', () => {
  const after = ['A', 'B'].map((name) => view('acme', name, 'v1', { a: p.int().optional() }));
  const pair = async (): Promise<SchemaService> => {
    const service = schemaService();
    const before = ['A', 'B'].map((name) => view('acme', name, 'v1', { a: p.text().optional() }));
    await push(service.transport, before);
    return service;
  };

  it('of a deletion that does not name every container', async () => {
    const service = await pair();
    service.answer = onceDeleted((path, items) => {
      if (path === '/models/containers/delete') return { items: items.slice(0, 1) };
      if (path === '/models/containers' && JSON.stringify(items).includes('int32'))
        throw new ApiError('400 another type', { status: 400 });
      return undefined;
    });
    await expect(push(service.transport, after, losing)).rejects.toThrow(
      /the container acme:A was deleted with all data, the container acme:B may have been deleted with all data, and made again as before, and so were the views acme:A\/v1, acme:B\/v1$/,
    );
  });

  it('of containers that are made again, where the answer has an odd item besides', async () => {
    const service = await pair();
    service.answer = onceDeleted((path, items, { containers }) => {
      if (path !== '/models/containers') return undefined;
      if (JSON.stringify(items).includes('int32')) throw new ApiError('400 no', { status: 400 });
      for (const item of items) containers.set(nameOf(item), item);
      return { items: [...items, {}] };
    });
    await expect(push(service.transport, after, losing)).rejects.toThrow(
      /the containers acme:A, acme:B were deleted with all data, and made again as before, and so were the views/,
    );
    expect([...service.views.values()].map(({ properties }) => Object.keys(properties))).toEqual([
      ['a'],
      ['a'],
    ]);
  });

  it('of containers that are made anew, where the answer has an odd item besides', async () => {
    const service = await pair();
    service.answer = onceDeleted((path, items, { containers }) => {
      if (path !== '/models/containers') return undefined;
      for (const item of items) containers.set(nameOf(item), item);
      return { items: [...items, {}] };
    });
    await expect(push(service.transport, after, losing)).rejects.toThrow(
      /the containers acme:A, acme:B were deleted with all data; the new acme:A, acme:B are stored; what was stored there is written again in acme:A\/v1, acme:B\/v1$/,
    );
    expect([...service.views.values()].map(({ properties }) => Object.keys(properties))).toEqual([
      ['a'],
      ['a'],
    ]);
  });

  it('of containers one of which is made again', async () => {
    const service = await pair();
    service.answer = onceDeleted((path, items) => {
      if (path !== '/models/containers') return undefined;
      if (JSON.stringify(items).includes('int32')) throw new ApiError('400 no', { status: 400 });
      return { items: items.slice(0, 1) };
    });
    await expect(push(service.transport, after, losing)).rejects.toThrow(
      /were deleted with all data; made again as before: acme:A; maybe made again: acme:B: .*it does not confirm each of 2 items/,
    );
  });
});

/** An answer in place of those that follow a deletion: before it, what is there is written. */
function onceDeleted(answer: SchemaService['answer']): SchemaService['answer'] {
  return (path, items, service) =>
    service.calls.includes('/models/containers/delete') ? answer(path, items, service) : undefined;
}

function named({ space, externalId, version }: AnyView): {
  space: string;
  externalId: string;
  version: string;
} {
  return { space, externalId, version };
}

/** A project with a container, and two views that are stored there. */
async function tanks(): Promise<SchemaService> {
  const service = schemaService();
  await push(service.transport, [Before]);
  await push(service.transport, [Other]);
  service.calls.length = 0;
  return service;
}
