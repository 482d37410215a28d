import { AuthError, ConfigError } from '@cdf/core';
import { diff, nodes, p, push, view } from '@cdf/data-modeling';
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

  it('is refused where the container or the property is missing, before anything is written', async () => {
    const { transport } = project;
    const Missing = view('acme', 'Missing', 'v1', {
      a: p.text().storedIn(at),
      b: p.text().storedIn({ container: { space: 'base', externalId: 'No' } }),
    });
    await expect(push(transport, [Missing])).rejects.toThrow(
      /property a: refused: the container base:Tank has no property a; .*property b: refused: the container base:No does not exist, or cannot be read/,
    );
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
