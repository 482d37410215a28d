import { ConfigError, NotFoundError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes } from '@cdf/data-modeling';
import {
  assetChildren,
  assetSubtree,
  CogniteAsset,
  type CoreAsset,
} from '@cdf/data-modeling/cognite-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { type Project, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

const at = (externalId: string) => ({ space: 'plant', externalId });
const open = () =>
  nodes(project.transport, CogniteAsset, {
    space: 'plant',
    relations: {
      children: assetChildren(project.transport),
      subtree: assetSubtree(project.transport),
    },
  });

/** A site with two halls, of 1,200 machines each, and another site. */
const parents = new Map<string, string | undefined>([
  ['site', undefined],
  ['hall-a', 'site'],
  ['hall-b', 'site'],
  ['other', undefined],
  ...Array.from({ length: 2400 }, (_, index): [string, string] => [
    `machine-${index}`,
    index % 2 === 0 ? 'hall-a' : 'hall-b',
  ]),
]);
const namesOf = (list: readonly { readonly externalId: string }[]): string[] =>
  list.map(({ externalId }) => externalId).sort();
const childrenOf = (parent: string): string[] =>
  [...parents].filter(([, own]) => own === parent).map(([name]) => name);
const below = (name: string): string[] => [name, ...childrenOf(name).flatMap(below)];

describe('nodes of CogniteAsset', () => {
  beforeAll(async () => {
    const items = [...parents].map(([externalId, parent]) => ({
      externalId,
      name: externalId.toUpperCase(),
      ...(parent !== undefined && { parent: at(parent) }),
    }));
    await open().upsert(items, { dependencies: 'order' });
  });

  it('have their children and their subtree as methods', async () => {
    const site = await open().retrieve({ externalId: 'site' });
    if (site === undefined) throw new Error('the site is missing');
    expect(namesOf(await site.children())).toEqual(childrenOf('site').sort());
    expect(namesOf(await site.subtree({ limit: Infinity }))).toEqual(below('site').sort());
    expectTypeOf(await site.children()).items.toEqualTypeOf<CoreAsset>();
    expect(JSON.parse(JSON.stringify(site))).not.toHaveProperty('children');
  });

  it('give nodes that have them too', async () => {
    const site = await open().retrieve({ externalId: 'site' });
    const [hall] = (await site?.children({ where: { name: 'HALL-B' } })) ?? [];
    const machines = [];
    for await (const machine of hall?.children({ orderBy: { name: 'asc' } }) ?? [])
      machines.push(machine);
    expect(namesOf(machines)).toEqual(childrenOf('hall-b').sort());
    expect(await machines[0]?.children()).toHaveLength(0);
    expect(namesOf((await machines[0]?.subtree()) ?? [])).toEqual([machines[0]?.externalId]);
  });

  it('give 25 unless told otherwise, and take conditions, an order and a limit', async () => {
    const hall = await open().retrieve({ externalId: 'hall-a' });
    expect(await hall?.subtree()).toHaveLength(25);
    const query = { where: { name: { prefix: 'MACHINE-1' } }, orderBy: { name: 'desc' }, limit: 3 };
    const expected = below('hall-a')
      .filter((name) => name.startsWith('machine-1'))
      .sort()
      .reverse();
    const found = await hall?.subtree(query as { limit: number });
    expect(found?.map(({ externalId }) => externalId)).toEqual(expected.slice(0, 3));
  });

  it('read along by find take the place of the method', async () => {
    const [site] = await open().find({
      where: { externalId: 'site' },
      with: { children: true },
    });
    if (site === undefined) throw new Error('the site is missing');
    expectTypeOf(site.children).toExtend<readonly unknown[]>();
    expect(namesOf(site.children)).toEqual(childrenOf('site').sort());
    expect(namesOf(await site.subtree({ limit: Infinity }))).toEqual(below('site').sort());
  });

  it('ask for the path again with each use of a listing', async () => {
    const assets = open();
    await assets.upsert([
      { externalId: 'wagon' },
      { externalId: 'wheel', parent: at('wagon') },
      { externalId: 'yard' },
    ]);
    const wagon = await assets.retrieve({ externalId: 'wagon' });
    const listing = wagon?.subtree();
    expect(namesOf((await listing) ?? [])).toEqual(['wagon', 'wheel']);
    await assets.upsert({ externalId: 'wagon', parent: at('yard') });
    expect(namesOf((await listing) ?? [])).toEqual(['wagon', 'wheel']);
  });

  it('that do not exist are a NotFoundError, and an unknown option a ConfigError', async () => {
    const gone = assetSubtree(project.transport)(at('gone'));
    await expect(gone()).rejects.toThrow(NotFoundError);
    await expect(gone()).rejects.toThrow(
      'subtree of "plant/gone": no node of CogniteAsset has this name',
    );
    const children = assetChildren(project.transport)(at('site'));
    await expect(children({ filter: {} } as never)).rejects.toThrow(ConfigError);
  });

  it.each([
    ['no path', undefined],
    ['an empty path, with which every path begins', []],
    ['the path of another node', [at('other')]],
  ])('with %s yet are an error that says so', async (_, path) => {
    const item = { instanceType: 'node', ...at('new'), version: 1, createdTime: 1 };
    const properties = { cdf_cdm: { 'CogniteAsset/v1': { path } } };
    const transport = memoryTransport(() => ({
      items: [{ ...item, lastUpdatedTime: 1, properties }],
    }));
    await expect(assetSubtree(transport)(at('new'))()).rejects.toThrow(
      'subtree of "plant/new": CDF has not computed its path yet; try again in some seconds',
    );
    expect(transport.requests).toHaveLength(1);
  });

  it.each([
    ['an unknown option', { filter: {} }],
    ['an unknown property', { where: { colour: 'red' } }],
    ['null', null],
    [
      'an option that cannot be read',
      {
        get where(): never {
          throw new Error('mine');
        },
      },
    ],
  ])('reject %s before anything is sent', async (_, query) => {
    const transport = memoryTransport(() => ({ items: [] }));
    for (const walk of [assetChildren(transport), assetSubtree(transport)])
      await expect(walk(at('site'))(query as never)).rejects.toMatchObject({ code: 'config' });
    expect(transport.requests).toEqual([]);
  });
});
