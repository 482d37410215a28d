import { expect, it } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Answer } from '../naive/state.js';
import { callProject, emulatorSubject, type Subject } from '../subjects.js';
import { apply, N, names, ok, refused, to } from './demo.js';

const core = (externalId: string): Json => ({
  type: 'view',
  space: 'cdf_cdm',
  externalId,
  version: 'v1',
});
const through = (source: Json, externalId: string, properties: Json): Json => ({
  ...N(externalId),
  sources: [{ source, properties }],
});

/** Pairs 41 to 43. */
export function corePairs(subject: () => Subject): void {
  it('41. takes a node of CogniteTimeSeries for a time series', async () => {
    const series = (externalId: string, properties: Json): Json =>
      through(core('CogniteTimeSeries'), externalId, properties);
    ok(await apply(subject(), [series('ts1', { name: 'P', type: 'numeric', isStep: false })]));
    const { emulator } = subject();
    // The naive model has no data points: the node is all that it knows.
    if (emulator !== undefined) {
      const instanceId = to('ts1');
      const post = async (path: string, item: Json): Promise<Json> =>
        ok(await callProject(emulator, 'POST', `/timeseries/${path}`, { items: [item] }));
      await post('data', { instanceId, datapoints: [{ timestamp: 1, value: 2 }] });
      const [latest] = (await post('data/latest', { instanceId, before: 'now' })).items;
      expect(latest).toMatchObject({ instanceId, datapoints: [{ timestamp: 1, value: 2 }] });
      const [classic] = (await post('byids', { instanceId })).items;
      expect(classic).toMatchObject({
        id: expect.any(Number),
        instanceId,
        name: 'P',
        isString: false,
      });
    }
    refused(await apply(subject(), [series('ts1', { type: 'string' })]));
    refused(await apply(subject(), [series('ts2', { name: 'Q', isStep: false })]), /type/);
  });

  it('42. keeps path and root of assets', async () => {
    const asset = (externalId: string, parent?: string): Json =>
      through(core('CogniteAsset'), externalId, {
        name: externalId,
        ...(parent === undefined ? {} : { parent: to(parent) }),
      });
    ok(await apply(subject(), [asset('r'), asset('s', 'r'), asset('t', 's')]));
    const sources = [{ source: core('CogniteAsset') }];
    const read = async (): Promise<Json> =>
      ok(await subject().post('instances/byids', { items: [N('t')], sources })).items[0].properties
        .cdf_cdm['CogniteAsset/v1'];
    await expect.poll(async () => (await read()).path).toEqual([to('r'), to('s'), to('t')]);
    expect(await read()).toMatchObject({ root: to('r'), pathLastUpdatedTime: expect.any(String) });
    const filter = {
      prefix: { property: ['cdf_cdm', 'CogniteAsset/v1', 'path'], value: [to('r')] },
    };
    expect(names(ok(await subject().post('instances/list', { sources, filter })).items)).toEqual([
      'r',
      's',
      't',
    ]);
    await subject().post('instances', {
      items: [through(core('CogniteAsset'), 't', { path: [to('t')] })],
    });
    await expect.poll(async () => (await read()).path).toEqual([to('r'), to('s'), to('t')]);
  });

  it('43. lists what implements a core view by the core view too', async () => {
    const { post } = subject();
    const source = { type: 'view', space: 'demo', externalId: 'Pump', version: 'v1' };
    const { type: _, ...pump } = source;
    const container = { space: 'demo', externalId: 'Pump' };
    ok(
      await post('containers', {
        items: [{ ...container, properties: { head: { type: { type: 'float64' } } } }],
      }),
    );
    const head = {
      container: { type: 'container', ...container },
      containerPropertyIdentifier: 'head',
    };
    ok(
      await post('views', {
        items: [{ ...pump, implements: [core('CogniteAsset')], properties: { head } }],
      }),
    );
    ok(await apply(subject(), [through(source, 'pump', { name: 'Pump', head: 3 })]));
    const listed = async (view: Json): Promise<string[]> =>
      names(ok(await post('instances/list', { sources: [{ source: view }] })).items);
    expect(await listed(core('CogniteAsset'))).toEqual(['r', 's', 't', 'pump']);
    expect(await listed(core('CogniteDescribable'))).toEqual(['ts1', 'r', 's', 't', 'pump']);
    expect(await listed(source)).toEqual(['pump']);
  });
}

/** Pair 44 needs requests at the same time, which the naive model does not know. */
export function concurrencyPair(): void {
  it('44. refuses what is more than allowed at once', async () => {
    const limited = await emulatorSubject({ limits: true });
    // Over sockets, requests may come one after another: then all are answered, and are sent again.
    const together = async (
      count: number,
      send: (index: number) => Promise<Answer>,
    ): Promise<Answer[]> => {
      for (;;) {
        const answers = await Promise.all(
          Array.from({ length: count }, async (_, index) => await send(index)),
        );
        const refusals = answers.filter(({ status }) => status !== 200);
        for (const { status, body } of refusals) {
          expect(body).toMatchObject({ error: { code: 429, message: expect.any(String) } });
          expect(status).toBe(429);
        }
        expect(refusals.length).toBeLessThanOrEqual(1);
        if (refusals.length === 1) return answers;
      }
    };
    try {
      ok(await limited.post('spaces', { items: [{ space: 'demo' }] }));
      await together(9, async () => await limited.post('instances/list', { limit: 10 }));
      let round = 0;
      const nodes = (index: number): Json[] =>
        Array.from({ length: 10 }, (_, node) => N(`n-${Math.floor(round / 5)}-${index}-${node}`));
      const answers = await together(5, async (index) => {
        const items = nodes(index);
        round += 1;
        return await apply(limited, items);
      });
      round -= 1;
      for (const [index, { status }] of answers.entries()) {
        const { items } = ok(await limited.post('instances/byids', { items: nodes(index) }));
        expect(items).toHaveLength(status === 200 ? 10 : 0);
      }
    } finally {
      await limited.close();
    }
  });
}
