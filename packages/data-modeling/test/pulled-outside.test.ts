import {
  type AnyView,
  DataModelingApi,
  diff,
  nodes,
  p,
  pull,
  push,
  view,
} from '@cdf/data-modeling';
import { CogniteAsset } from '@cdf/data-modeling/cognite-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { errorsOf, load } from './pulled.js';

const Site = view('acme', 'Site', 'v1', { name: p.text() });
const Cable = view('acme', 'Cable', 'v1', { length: p.float() }, { usedFor: 'edge' });
const Mast = view(
  'acme',
  'Mast',
  'v1',
  {
    site: p.ref(() => Site),
    sites: p.ref(() => Site).many(),
    home: p.ref(() => Site, { required: true }),
    get cables() {
      return p.edges(() => Mast, {
        type: { space: 'acme', externalId: 'cable' },
        properties: () => Cable,
      });
    },
  },
  { implements: [CogniteAsset] },
);
const MODEL = { space: 'acme', externalId: 'Masts', version: 'v1' };

describe('a model whose views lead to views outside of it', () => {
  let project: Project;
  let text: string;
  beforeAll(async () => {
    project = await startProject({}, [Site, Cable, Mast]);
    const { space, externalId, version } = Mast;
    await new DataModelingApi(project.transport).dataModels.upsert([
      { ...MODEL, views: [{ type: 'view', space, externalId, version }] },
    ]);
    text = await pull(project.transport, MODEL);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('compiles', { timeout: 60_000 }, async () => {
    const declared = await pull(project.transport, MODEL, { declarations: true });
    expect(errorsOf({ 'outside.ts': text, 'outside-declared.ts': declared })).toEqual([]);
  });

  it('does not differ from its own text', async () => {
    for (const declarations of [false, true]) {
      const views = await load(await pull(project.transport, MODEL, { declarations }));
      expect(await diff(project.transport, views)).toEqual([]);
      expect(await push(project.transport, views)).toEqual([]);
    }
  });

  it('is the same text from another project that it was pushed to', async () => {
    await using second = await startProject({}, [Site, Cable]);
    await push(second.transport, await load(text));
    expect(await diff(second.transport, [Mast])).toEqual([]);
  });

  it('reads and writes what its relations name', async () => {
    const views = await load(text);
    const masts = nodes(
      project.transport,
      views.find(({ externalId }) => externalId === 'Mast') as AnyView,
      { space: 'acme' },
    );
    const at = { space: 'acme', externalId: 'S' };
    await masts.upsert([{ externalId: 'M', site: at, sites: [at], home: at }] as never);
    expect(await masts.retrieve({ externalId: 'M' })).toMatchObject({
      ...{ site: at, sites: [at], home: at },
    });
  });
});

describe('another relation', () => {
  it('is refused with what differs, in the project and here', async () => {
    await using project = await startProject({}, [Site, Cable, Mast]);
    const other = (): AnyView =>
      view('acme', 'Mast', 'v1', {
        site: p.node(),
        sites: p.ref(() => Cable).many(),
        cables: p.edges(() => Site, { type: { space: 'acme', externalId: 'other' } }),
        home: p.node({ required: true }).storedIn({ property: 'house' }),
      });
    const changes = await diff(project.transport, [other()]);
    const refused = changes.filter(
      ({ kind, change, property }) =>
        kind === 'view' && change === 'refused' && property !== undefined,
    );
    expect(refused.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([
      'site: its view is acme:Site/v1 in the project, missing here; give the view a new version',
      'sites: its view is acme:Site/v1 in the project, acme:Cable/v1 here; give the view a new version',
      'cables: its view is acme:Mast/v1 in the project, acme:Site/v1 here; give the view a new version',
      'home: its stored property is "home" in the project, "house" here; give the view a new version',
    ]);
  });
});
