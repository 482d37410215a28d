import { ApiError, CdfError, NetworkError } from '@cdf/core';
import { DataModelingApi, p, push, type ViewWrite, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { nameOf, schemaService } from './schema-service.js';

let project: Project;
let api: DataModelingApi;
beforeAll(async () => {
  project = await startProject({}, []);
  api = new DataModelingApi(project.transport);
});
afterAll(() => project[Symbol.asyncDispose]());

const losing = { allowDataLoss: true };
const container = (externalId: string) =>
  ({ type: 'container', space: 'acme', externalId }) as const;
const mapped = (externalId: string, ...names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      { container: container(externalId), containerPropertyIdentifier: name },
    ]),
  );
const isHigh = (externalId: string) => ({
  range: { property: ['acme', externalId, 'level'], gte: 5 },
});
const propertiesOf = async (externalId: string) => {
  const found = await api.views.retrieve({ space: 'acme', externalId, version: 'v1' });
  return Object.keys(found?.properties ?? {}).sort();
};
const failureOf = async (pushed: Promise<unknown>): Promise<CdfError> => {
  const error: unknown = await pushed.catch((reason: unknown) => reason);
  if (!CdfError.isInstance(error)) throw error;
  return error;
};

describe('a view that is rejected after a deletion', () => {
  it('costs no other view its properties, and the error has it', async () => {
    const { transport } = project;
    await push(transport, [view('acme', 'Tank', 'v1', { name: p.text(), level: p.float() })]);
    const named = (externalId: string) => ({ space: 'acme', externalId, version: 'v1' });
    await api.views.upsert([
      { ...named('High'), filter: isHigh('Tank'), properties: mapped('Tank', 'name') },
      { ...named('Other'), properties: mapped('Tank', 'name', 'level') },
    ]);
    const After = view('acme', 'Tank', 'v1', { name: p.text(), level: p.text() });
    const error = await failureOf(push(transport, [After], losing));
    expect(error.message).toMatch(
      /Invalid value.*; the data of acme:Tank was deleted before; acme:High\/v1 \(name\) may lack what was stored there; correct and write these with views\.upsert: failed and unknown of this error have them$/,
    );
    expect(await propertiesOf('Tank')).toEqual(['level', 'name']);
    expect(await propertiesOf('Other')).toEqual(['level', 'name']);
    expect(await propertiesOf('High')).toEqual([]);
    const [high] = error.failed as ViewWrite[];
    await api.views.upsert([{ ...(high as ViewWrite), filter: { matchAll: {} } }]);
    expect(await propertiesOf('High')).toEqual(['name']);
  });

  it('is written with what it had besides where the API takes it as it is pushed', async () => {
    const { transport } = project;
    const properties = { level: p.float().optional(), extra: p.text().optional() };
    await push(transport, [view('acme', 'Silo', 'v1', properties, { filter: isHigh('Silo') })]);
    const filter = { range: { property: ['acme', 'Silo', 'level'], gte: 'high' } };
    await push(
      transport,
      [view('acme', 'Silo', 'v1', { level: p.text().optional() }, { filter })],
      losing,
    );
    expect(await propertiesOf('Silo')).toEqual(['extra', 'level']);
  });

  it('keeps no other view of the push from being written', async () => {
    const { transport } = project;
    const of = (name: string, level: object, options = {}) =>
      view('acme', name, 'v1', { level: level as never }, options);
    await push(transport, [of('One', p.float().optional()), of('Two', p.float().optional())]);
    const text = p.text().optional();
    const Wrong = of('One', text, { filter: isHigh('One') });
    const Right = of('Two', text, { description: 'as text' });
    const error = await failureOf(push(transport, [Wrong, Right], losing));
    expect(error.message).toMatch(
      /the data of acme:One, acme:Two was deleted before; written: acme:Two\/v1; not written: acme:One\/v1; push again$/,
    );
    expect(error.failed).toMatchObject([{ externalId: 'One' }]);
    expect(error.successful).toMatchObject([{ externalId: 'Two' }]);
    expect(await propertiesOf('One')).toEqual(['level']);
    expect((await api.views.retrieve({ space: 'acme', externalId: 'Two' }))?.description).toBe(
      'as text',
    );
  });

  it('is found among many in few requests; a lost connection is not tried again', async () => {
    const service = schemaService();
    const Tank = (level: object) => view('acme', 'Tank', 'v1', { level: level as never });
    await push(service.transport, [Tank(p.float().optional())]);
    for (let index = 0; index < 300; index++) {
      const item = { space: 'acme', externalId: `V${index}`, version: 'v1' };
      service.views.set(nameOf(item), { ...item, properties: mapped('Tank', 'level') } as never);
    }
    const views = structuredClone(service.views);
    let requests = 0;
    const failing = (failure: () => Error): void => {
      requests = 0;
      service.answer = (path, items) => {
        const isAfter = service.calls.includes('/models/containers/delete');
        if (path !== '/models/views' || !isAfter) return undefined;
        requests++;
        if (items.some(({ externalId }) => externalId === 'V150')) throw failure();
        return undefined;
      };
    };
    failing(() => new ApiError('400 no', { status: 400 }));
    const refused = await failureOf(push(service.transport, [Tank(p.text().optional())], losing));
    expect(refused.failed).toMatchObject([{ externalId: 'V150' }]);
    expect(requests).toBeLessThan(25);
    for (const [name, each] of views) service.views.set(name, each);
    service.calls.length = 0;
    failing(() => new NetworkError('gone', { delivery: 'unknown' }));
    const lost = await failureOf(push(service.transport, [Tank(p.int().optional())], losing));
    expect(lost.failed.length + lost.unknown.length).toBeGreaterThan(100);
    expect(lost.message).toMatch(/V\d+\/v1 \(level\) and \d+ more may lack/);
    expect(requests).toBeLessThan(10);
  });
});

describe('what the API would reject after a deletion is found before', () => {
  const deleted = async (after: Parameters<typeof view>[3], options: object, name = 'Early') => {
    const { transport } = project;
    const before = { level: p.float().optional(), more: p.text().optional() };
    await push(transport, [view('acme', 'Early', 'v1', before)], losing);
    const After = view('acme', name, 'v1', after, options);
    const error = await failureOf(push(transport, [After], losing));
    const found = await api.containers.retrieve({ space: 'acme', externalId: 'Early' });
    return [error.message, found?.properties.level?.type.type];
  };
  const text = p.text().optional();

  it('a filter of a property that the container does not have', async () => {
    const filter = { not: { exists: { property: ['acme', 'Early', 'other'] } } };
    expect(await deleted({ level: text }, { filter })).toEqual([
      'push: view acme:Early/v1: refused: its filter names other, which the container acme:Early does not have',
      'float64',
    ]);
    const known = { exists: { property: ['acme', 'Early', 'more'] } };
    await push(
      project.transport,
      [view('acme', 'Early', 'v1', { level: text }, { filter: known })],
      losing,
    );
  });

  it('a parent of a new view that the system does not have', async () => {
    const level = text.storedIn({ container: { space: 'acme', externalId: 'Early' } });
    const parent = view('cdf_cdm', 'NoSuch', 'v1', {});
    expect(await deleted({ level }, { implements: [parent] }, 'Later')).toEqual([
      'push: parents of new views do not exist, or cannot be read: cdf_cdm:NoSuch/v1; nothing was deleted',
      'float64',
    ]);
  });
});
