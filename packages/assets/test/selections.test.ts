import { type Asset, type AssetCreate, AssetsApi } from '@cdf/assets';
import {
  ApiError,
  type AssetScope,
  NotFoundError,
  type RequestSpec,
  ServerError,
  type Transport,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import type { Emulator } from '@cdf/emulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulated, emulated } from '../../../tooling/emulators/emulated.js';
import { randomNumbers, randomTree } from './shapes.js';

const COUNT = 1200;

let emulator: Emulator;
let transport: Transport;
let project: Emulated;
let assets: AssetsApi;
let input: AssetCreate[];
let all: ReadonlyMap<string, Asset>;

beforeAll(async () => {
  project = await emulated({ retry: { limit: 0 } });
  ({ emulator, transport } = project);
  assets = new AssetsApi(transport);
  input = randomTree(COUNT, 6, randomNumbers(5));
  const stored = await assets.createHierarchy(input);
  all = new Map(stored.map((asset) => [asset.externalId as string, asset]));
});

afterAll(() => project[Symbol.asyncDispose]());

afterEach(() => emulator.faults.clear());

/**
 * Descendants by the parents of the input, the asset itself included, at most so many levels below.
 */
function below(externalId: string, depth = Infinity): string[] {
  let level = [externalId];
  const found = new Set(level);
  for (let left = depth; level.length > 0 && left > 0; left -= 1) {
    const parents = new Set(level);
    level = input
      .filter(({ parentExternalId }) => parents.has(parentExternalId ?? ''))
      .map((each) => each.externalId as string);
    for (const each of level) found.add(each);
  }
  return [...found];
}

const names = (list: readonly { readonly externalId?: string | undefined }[]): string[] =>
  list.map(({ externalId }) => externalId as string);
const sorted = (list: readonly string[]): string[] => [...list].sort();
const paths = (): string[] => [...emulator.requests].map(({ path }) => path);

describe('a selection', () => {
  it('becomes the assets of a subtree, by id, with one filter for all of it', async () => {
    emulator.requests.clear();
    const list = await assets.select({ externalId: 'a0' }).subtree();
    expect(sorted(names(list))).toEqual(sorted(names(input)));
    expect(list.map(({ id }) => id)).toEqual(
      list.map(({ id }) => id).sort((left, right) => left - right),
    );
    expect(new Set(paths())).toEqual(new Set(['/assets/list']));
  });

  it.each([0, 1, 2, 3])('of depth %i has what is so many levels below', async (depth) => {
    const list = await assets.select({ externalId: 'a0' }).subtree({ depth });
    expect(sorted(names(list))).toEqual(sorted(below('a0', depth)));
  });

  it('of several roots has each asset once', async () => {
    const roots = ['a1', 'a2', 'a0'].map((externalId) => ({ externalId }));
    expect(sorted(names(await assets.select(...roots).subtree()))).toEqual(sorted(names(input)));
    const list = await assets.select(...roots).subtree({ depth: 1 });
    expect(sorted(names(list))).toEqual(
      sorted([...new Set(roots.flatMap(({ externalId }) => below(externalId, 1)))]),
    );
  });

  it('of more roots than a filter takes is merged', async () => {
    const roots = names(input).slice(0, 250);
    emulator.requests.clear();
    const list = await assets.select(...roots.map((externalId) => ({ externalId }))).subtree();
    expect(sorted(names(list))).toEqual(sorted(names(input)));
    expect(new Set(list.map(({ id }) => id)).size).toBe(COUNT);
  });

  it('raises when one of its requests fails', async () => {
    emulator.faults.add({ path: '/assets/list', status: 500, skip: 1 });
    const roots = names(input)
      .slice(0, 250)
      .map((externalId) => ({ externalId }));
    await expect(assets.select(...roots).subtree()).rejects.toThrow(ServerError);
    emulator.faults.clear();
    emulator.faults.add({ path: '/assets/list', status: 500, skip: 2 });
    await expect(assets.select(...roots).children()).rejects.toThrow(ServerError);
  });

  it('of assets that do not exist says which', async () => {
    const lost = assets.select({ externalId: 'nowhere' });
    await expect(lost).rejects.toMatchObject({
      code: 'not-found',
      missing: [{ externalId: 'nowhere' }],
    });
    await expect(lost.subtree({ depth: 1 })).rejects.toThrow(NotFoundError);
  });

  it('takes assets, ids and external ids, and no instance ids', async () => {
    const root = all.get('a0') as Asset;
    expect(names(await assets.select(root, { externalId: 'a1' }))).toEqual(['a0', 'a1']);
    expect(() => assets.select({ instanceId: { space: 's', externalId: 'x' } })).toThrow(
      /instanceId/,
    );
  });

  it('shows its tree', async () => {
    const view = await assets.select({ externalId: 'a0' }).subtree({ depth: 1 }).tree();
    expect(view.roots).toHaveLength(1);
    expect(view.size).toBe(below('a0', 1).length);
    const same = await (all.get('a0') as Asset).tree({ depth: 1 });
    expect(same.toText()).toBe(view.toText());
  });
});

describe('parents and children', () => {
  it('are the same from an asset, a list and a selection', async () => {
    const parent = all.get('a0') as Asset;
    const expected = sorted(
      names(input.filter(({ parentExternalId }) => parentExternalId === 'a0')),
    );
    expect(sorted(names(await parent.children()))).toEqual(expected);
    expect(sorted(names(await assets.select({ externalId: 'a0' }).children()))).toEqual(expected);
    const list = await assets.retrieveMultiple([{ externalId: 'a0' }]);
    expect(sorted(names(await list.children()))).toEqual(expected);
    const [child] = await parent.children({ limit: 1 });
    expect((await child?.parent())?.externalId).toBe('a0');
    expect(names(await assets.select(child as Asset).parent())).toEqual(['a0']);
  });

  it('of many parents come once each, in a request per 100', async () => {
    const list = await assets.retrieveMultiple(names(input).map((externalId) => ({ externalId })));
    emulator.requests.clear();
    const children = await list.children();
    expect(children).toHaveLength(COUNT - 1);
    expect(paths()).toHaveLength(COUNT / 100);
    expect(await list.children({ limit: 10 })).toHaveLength(10);
  });

  it('of a subtree are all but its root', async () => {
    const children = await assets.select({ externalId: 'a0' }).subtree().children();
    expect(children).toHaveLength(COUNT - 1);
  });

  it('refuse a filter that names parents itself', async () => {
    const children = async () =>
      assets.select({ id: 1 }).children({ filter: { parentIds: [2] } as never });
    await expect(children).rejects.toThrow(/parentIds/);
  });
});

describe('a subtree over the cap of the API', () => {
  /** Answers from the input; refuses subtree filters as the API does over 100,000 assets. */
  function capped(answer: (spec: RequestSpec) => unknown = () => undefined) {
    const ids = new Map(names(input).map((name, index) => [name, index + 1]));
    const wire = input.map(({ name, externalId = '', parentExternalId }) => ({
      ...{
        id: ids.get(externalId) as number,
        externalId,
        name,
        rootId: 1,
        createdTime: 0,
        lastUpdatedTime: 0,
      },
      ...(parentExternalId === undefined ? {} : { parentId: ids.get(parentExternalId) }),
    }));
    return memoryTransport((spec) => {
      const special = answer(spec);
      if (special !== undefined) return special;
      const body = spec.body as {
        items?: { externalId: string }[];
        filter?: { parentIds?: number[]; assetSubtreeIds?: unknown };
      };
      if (body.filter?.assetSubtreeIds !== undefined)
        throw new ApiError('too many assets in the subtree', { status: 400 });
      if (body.items !== undefined)
        return {
          items: wire.filter(({ externalId }) =>
            body.items?.some((item) => item.externalId === externalId),
          ),
        };
      return {
        items: structuredClone(
          wire.filter(({ parentId }) => body.filter?.parentIds?.includes(parentId ?? 0)),
        ),
      };
    });
  }

  it('is walked, with the same result', async () => {
    const memory = capped();
    const list = await new AssetsApi(memory).select({ externalId: 'a0' }).subtree();
    expect(sorted(names(list))).toEqual(sorted(names(input)));
    const sizes = memory.requests.flatMap(
      ({ body }) => (body as { filter?: { parentIds?: number[] } }).filter?.parentIds?.length ?? [],
    );
    expect(Math.max(...sizes)).toBe(100);
  });

  it('raises when a part of the walk fails', async () => {
    let walked = 0;
    const memory = capped(({ body }) => {
      if (
        (body as { filter?: { parentIds?: unknown } }).filter?.parentIds === undefined ||
        ++walked < 4
      )
        return undefined;
      throw new ServerError('unavailable', { status: 503 });
    });
    await expect(new AssetsApi(memory).select({ externalId: 'a0' }).subtree()).rejects.toThrow(
      'unavailable',
    );
  });

  it('hands its relations the means to walk', async () => {
    const walks: unknown[] = [];
    const memory = capped();
    const api = new AssetsApi(memory, {
      walked: (scope: AssetScope) => async () => {
        walks.push(scope.reach);
        return scope.walk?.();
      },
    });
    expect(await api.select({ externalId: 'a0' }).subtree().walked()).toHaveLength(COUNT);
    expect(walks).toEqual(['subtree']);
  });
});
