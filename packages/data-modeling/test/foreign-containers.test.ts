import { ApiError, AuthError, ConfigError } from '@cdf/core';
import { type AnyView, diff, nodes, p, push, view } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { schemaService } from './schema-service.js';

let project: Project;
const Base = view('base', 'Tank', 'v1', {
  level: p.int().optional(),
  name: p.text(),
  tags: p.text().many().optional(),
  state: p.oneOf('on', 'off').optional(),
});
beforeAll(async () => {
  project = await startProject({}, []);
  await push(project.transport, [Base]);
});
afterAll(() => project[Symbol.asyncDispose]());

const at = { container: { space: 'base', externalId: 'Tank' } };
const where = 'it is stored in base:Tank, of another space, which push does not change';

describe('a view that is stored in a container of another space', () => {
  const Like = view('acme', 'Like', 'v1', {
    level: p.int().optional().storedIn(at),
    title: p.text().storedIn({ ...at, property: 'name' }),
    tags: p.text().many().optional().storedIn(at),
    state: p.oneOf('on').optional().storedIn(at),
  });

  it('is pushed where it says the same of it, or less', async () => {
    const { transport } = project;
    await push(transport, [Like]);
    expect(await diff(transport, [Like])).toEqual([
      {
        ...{ kind: 'view', name: 'acme:Like/v1', property: 'state', change: 'kept' },
        reason: 'the project has other values: off',
      },
    ]);
    const Looser = view('acme', 'Looser', 'v1', { name: p.text().optional().storedIn(at) });
    await push(transport, [Looser]);
    expect(await diff(transport, [Looser])).toMatchObject([
      { property: 'name', change: 'kept', reason: 'it is required in the project' },
    ]);
  });

  it.each<[string, object, string]>([
    ['type', { level: p.text().optional().storedIn(at) }, 'it is int32 in the project, not text'],
    [
      'form',
      { tags: p.text().optional().storedIn(at) },
      'it is a list in the project, not a single value',
    ],
    ['nullability', { level: p.int().storedIn(at) }, 'it becomes required'],
    ['values', { state: p.oneOf('on', 'idle').optional().storedIn(at) }, 'new values: idle'],
  ])('is refused where it differs by %s, whether it is there or new', async (_, own, reason) => {
    const { transport } = project;
    await push(transport, [Like]);
    for (const name of ['Like', 'New']) {
      const Wrong = view('acme', name, 'v1', own as { level: ReturnType<typeof p.text> });
      expect(await diff(transport, [Wrong])).toContainEqual(
        expect.objectContaining({
          ...{ kind: 'view', name: `acme:${name}/v1`, change: 'refused' },
          reason: expect.stringContaining(`${reason}; ${where}`),
        }),
      );
      await expect(push(transport, [Wrong])).rejects.toThrow(ConfigError);
    }
  });

  it('is rejected by the API where the container is missing, and refused before a deletion', async () => {
    const { transport } = project;
    const Missing = view('acme', 'Missing', 'v1', {
      a: p.text().storedIn(at),
      b: p.text().storedIn({ container: { space: 'base', externalId: 'No' } }),
    });
    await expect(push(transport, [Missing])).rejects.toThrow(ApiError);
    const own = (a: object) => view('acme', 'Own', 'v1', { a } as { a: ReturnType<typeof p.text> });
    await push(transport, [own(p.float().optional())]);
    const after = own(p.int().optional());
    await expect(push(transport, [after, Missing], { allowDataLoss: true })).rejects.toThrow(
      /property a: refused: a of the container base:Tank does not exist, or cannot be read; .*property b: refused: b of the container base:No does not exist/,
    );
    expect(await diff(transport, [own(p.float().optional())])).toEqual([]);
  });

  it('is compared with its first use where the credentials cannot read the container', async () => {
    const service = schemaService((path, items) => {
      if (path === '/models/containers/byids' && items.some(({ space }) => space === 'base'))
        throw new AuthError('403 not yours', { status: 403 });
      if (path !== '/models/instances/list') return undefined;
      const level = { type: { type: 'int32', list: false }, nullable: true };
      return { items: [], typing: { acme: { 'Tank/v1': { level } } } };
    });
    const Wrong = view('acme', 'Tank', 'v1', { level: p.text().optional().storedIn(at) });
    await push(service.transport, [Wrong]);
    await expect(nodes(service.transport, Wrong).list()).rejects.toThrow(
      /"level" is "int32" there, not text/,
    );
  });
});

describe('a view with a parent of another space that is not pushed with it', () => {
  const child = (parent: AnyView, name = 'Child') =>
    view('acme', name, 'v1', { own: p.text().optional() }, { implements: [parent] });
  const Wrong = view('base', 'Tank', 'v1', { level: p.text().optional(), name: p.text() });

  it('is pushed where the parent is that of the project', async () => {
    const { transport } = project;
    await push(transport, [child(Base)]);
    expect(await diff(transport, [child(Base)])).toEqual([]);
    // A part of it will do.
    const Part = view('base', 'Tank', 'v1', { name: p.text() });
    expect(await diff(transport, [child(Part)])).toEqual([]);
  });

  it('is refused where the parent is another one, or missing', async () => {
    const { transport } = project;
    await push(transport, [child(Base)]);
    for (const name of ['Child', 'New'])
      await expect(push(transport, [child(Wrong, name)])).rejects.toThrow(
        /it inherits from another view than in the project: view "base:Tank\/v1" differs .*"level" is "int32" there, not text/,
      );
    const Missing = view('base', 'Missing', 'v1', {});
    await expect(push(transport, [child(Missing, 'New')])).rejects.toThrow(ApiError);
    const own = (a: object) =>
      view('acme', 'Own2', 'v1', { a } as { a: ReturnType<typeof p.text> });
    await push(transport, [own(p.float().optional())]);
    const both = [own(p.int().optional()), child(Missing, 'New')];
    await expect(push(transport, both, { allowDataLoss: true })).rejects.toThrow(
      /view acme:New\/v1: refused: its parent base:Missing\/v1 does not exist, or cannot be read/,
    );
  });
});
