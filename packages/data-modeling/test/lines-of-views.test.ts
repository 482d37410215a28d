import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { type AnyView, diff, p, pull, toDefinitions, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';

const MODEL = { space: 'acme', externalId: 'M', version: 'v1' };
const TIMES = { createdTime: 0, lastUpdatedTime: 0, isGlobal: false };
/** Each implements the two before it: there are millions of ways to the first. */
const COUNT = 60;

describe('views that inherit one view on very many ways', () => {
  const at = (index: number) =>
    ({ type: 'view', space: 'acme', externalId: `V${index}`, version: 'v1' }) as const;
  const before = (index: number) => [index - 2, index - 1].filter((each) => each >= 0);
  const reverse = (index: number) => ({
    connectionType: 'multi_reverse_direct_relation',
    source: at(index),
    through: { source: at(0), identifier: 'up' },
  });
  const up = {
    container: { type: 'container', space: 'acme', externalId: 'V0' },
    containerPropertyIdentifier: 'up',
    type: { type: 'direct', list: false },
    nullable: true,
  };
  const found = Array.from({ length: COUNT }, (_, index) => ({
    ...at(index),
    ...TIMES,
    ...{ usedFor: 'node', implements: before(index).map(at) },
    properties: index === 0 ? { up } : index === COUNT - 1 ? { downs: reverse(index) } : {},
  }));
  const containers = [{ space: 'acme', externalId: 'V0', properties: { up }, ...TIMES }];
  const project = memoryTransport(({ path }) => {
    if (path.includes('/datamodels/'))
      return {
        items: [
          {
            ...MODEL,
            ...TIMES,
            views: found.map(({ externalId }, index) => ({ ...at(index), externalId })),
          },
        ],
      };
    if (path.includes('/views/')) return { items: found };
    return { items: path.includes('/containers/') ? containers : [{ space: 'acme', ...TIMES }] };
  });

  it('are pulled as fast as others', { timeout: 10_000 }, async () => {
    expect(await pull(project, MODEL, { declarations: true })).toContain(`V${COUNT - 1}Properties`);
    expect(await pull(project, MODEL)).toContain("p.reverse(() => V59, 'up')");
  });

  it('are compared as fast as others', { timeout: 10_000 }, async () => {
    const views: AnyView[] = [];
    for (let index = 0; index < COUNT; index++) {
      const own: Record<string, unknown> = index === 0 ? { up: p.node() } : {};
      if (index === COUNT - 1) own.downs = p.reverse(() => views[index] as AnyView, 'up');
      const parents = before(index).map((each) => views[each] as AnyView);
      views.push(view('acme', `V${index}`, 'v1', own, { implements: parents }));
    }
    expect(await diff(project, views)).toEqual([]);
  });
});

describe('views that implement each other', () => {
  it('are a ConfigError that names them', async () => {
    const A: AnyView = view(
      's',
      'A',
      'v1',
      () => ({}),
      () => ({ implements: [B] }),
    );
    const B: AnyView = view(
      's',
      'B',
      'v1',
      () => ({}),
      () => ({ implements: [A] }),
    );
    const C: AnyView = view(
      's',
      'C',
      'v1',
      () => ({}),
      () => ({ implements: [A] }),
    );
    const Self: AnyView = view(
      's',
      'Self',
      'v1',
      () => ({}),
      () => ({ implements: [Self] }),
    );
    expect(() => toDefinitions([C])).toThrow(ConfigError);
    expect(() => toDefinitions([C])).toThrow(
      /^toDefinitions: views implement each other: s:A\/v1 implements s:B\/v1 implements s:A\/v1$/,
    );
    expect(() => toDefinitions([Self])).toThrow(/s:Self\/v1 implements s:Self\/v1$/);
    await expect(diff(memoryTransport({}), [A])).rejects.toThrow(
      /^diff: views implement each other/,
    );
  });

  it('are those of one name, too', () => {
    const Old = view('s', 'A', 'v1', {});
    const Child = view('s', 'B', 'v1', {}, { implements: [Old] });
    const New = view('s', 'A', 'v1', {}, { implements: [Child] });
    expect(() => toDefinitions([New])).toThrow(/s:A\/v1 implements s:B\/v1 implements s:A\/v1$/);
  });
});
