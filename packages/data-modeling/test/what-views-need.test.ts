import {
  DataModelingApi,
  diff,
  edges,
  nodes,
  p,
  push,
  toDefinitions,
  view,
} from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject({}, []);
});
afterAll(() => project[Symbol.asyncDispose]());

const at = (externalId: string) => ({ space: 'plant', externalId });

describe('a view of nodes and one of edges that have one container', () => {
  const Valve = view('acme', 'Valve', 'v1', { x: p.text().optional() });
  const Link = view(
    'acme',
    'Link',
    'v1',
    {
      x: p
        .text()
        .optional()
        .storedIn({ container: { space: 'acme', externalId: 'Valve' }, property: 'x' }),
    },
    { usedFor: 'edge' },
  );

  it('have one for both, whatever their order', async () => {
    const { transport } = project;
    for (const views of [
      [Valve, Link],
      [Link, Valve],
    ])
      expect(toDefinitions(views).containers).toMatchObject([{ usedFor: 'all' }]);
    await push(transport, [Valve, Link]);
    expect(await diff(transport, [Link, Valve])).toEqual([]);
    await nodes(transport, Valve, { space: 'plant' }).upsert({ externalId: 'n', x: 'a' });
    const ends = { type: at('t'), startNode: at('n'), endNode: at('n') };
    const links = edges(transport, Link, { space: 'plant' });
    expect(await links.upsert({ externalId: 'e', ...ends, x: 'b' })).toMatchObject({ created: 1 });
  });

  it('may be pushed one by one after that', async () => {
    const { transport } = project;
    await push(transport, [Valve, Link]);
    expect(await diff(transport, [Valve])).toEqual([]);
    const More = view('acme', 'Valve', 'v1', { x: p.text().optional(), y: p.int().optional() });
    await push(transport, [More]);
    const [container] = await new DataModelingApi(transport).containers.retrieveMultiple([
      { space: 'acme', externalId: 'Valve' },
    ]);
    expect(container?.usedFor).toBe('all');
  });
});

describe('a view with parents of its space', () => {
  const parent = (more: object = {}) =>
    view('acme', 'Parent', 'v1', { a: p.text().optional(), ...more });
  const child = (Parent: ReturnType<typeof parent>) =>
    view('acme', 'Child', 'v1', { k: p.text().optional() }, { implements: [Parent] });

  it('is pushed with them', async () => {
    const { transport } = project;
    const changes = await push(transport, [child(parent())]);
    expect(changes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'container acme:Parent',
      'container acme:Child',
      'view acme:Parent/v1',
      'view acme:Child/v1',
    ]);
    const Later = child(parent({ b: p.text().optional() }));
    const added = { kind: 'view', name: 'acme:Parent/v1', property: 'b', change: 'added' };
    expect(await diff(transport, [Later])).toContainEqual(added);
    expect(await push(transport, [Later])).toContainEqual(added);
    const children = nodes(transport, Later, { space: 'plant' });
    await children.upsert({ externalId: 'k', b: 'x' } as never);
    expect(await children.list({ limit: Infinity })).toMatchObject([{ b: 'x' }]);
  });

  it('is pushed with the one that is given, where that is another', async () => {
    const { transport } = project;
    const Given = parent({ c: p.int().optional() });
    const changes = await push(transport, [child(parent()), Given]);
    expect(changes).toContainEqual(expect.objectContaining({ property: 'c', change: 'added' }));
  });

  it('is pushed without those of other spaces', () => {
    const Far = view('far', 'Far', 'v1', { a: p.text() });
    const Near = view('acme', 'Near', 'v1', { k: p.text() }, { implements: [Far] });
    const { spaces, views } = toDefinitions([Near]);
    expect(spaces).toEqual([{ space: 'acme' }]);
    expect(views.map(({ externalId }) => externalId)).toEqual(['Near']);
  });
});
