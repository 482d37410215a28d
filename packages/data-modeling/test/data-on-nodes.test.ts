import { fileURLToPath } from 'node:url';
import { ApiError, ConfigError, EmptyDataError, NotFoundError } from '@cdf/core';
import { nodes, p, view } from '@cdf/data-modeling';
import { CogniteAsset, CogniteFile, CogniteTimeSeries } from '@cdf/data-modeling/cognite-core';
import {
  DatapointsApi,
  seriesCount,
  seriesDatapoints,
  seriesFirst,
  seriesLatest,
} from '@cdf/datapoints';
import {
  type ContentUploadOptions,
  type DownloadOptions,
  FilesApi,
  fileDownload,
  fileUpload,
  type StoredFile,
  type UploadContent,
} from '@cdf/events-files';
import { type Chart, plotTimeSeries, type SeriesPlotOptions, stateTimeline } from '@cdf/plot';
import { saveChart } from '@cdf/plot/node';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { bundled } from '../../../tooling/browser/bundled.js';
import { type Project, startProject } from './project.js';

let project: Project;
beforeAll(async () => {
  project = await startProject();
});
afterAll(() => project[Symbol.asyncDispose]());

describe('data on nodes', () => {
  it('a node of CogniteTimeSeries has its data points as methods', async () => {
    const datapoints = new DatapointsApi(project.transport);
    const series = nodes(project.transport, CogniteTimeSeries, {
      space: 'plant',
      relations: { datapoints: seriesDatapoints(datapoints), latest: seriesLatest(datapoints) },
    });
    await series.create({ externalId: 'flow', name: 'Flow', type: 'numeric', isStep: false });
    const flow = await series.retrieve({ externalId: 'flow' });
    if (flow === undefined) throw new Error('flow is missing');
    await datapoints.insert({ space: 'plant', externalId: 'flow' }, [
      { timestamp: 1, value: 2 },
      { timestamp: 5, value: 3 },
    ]);
    expect((await flow.datapoints({ start: 0, end: 10 })).values).toEqual(new Float64Array([2, 3]));
    expect(await flow.latest()).toMatchObject({ timestamp: 5, value: 3 });
    expect(JSON.parse(JSON.stringify(flow))).not.toHaveProperty('latest');
    expect(
      (await datapoints.retrieve({ instanceId: flow, start: 0, end: 10 })).values,
    ).toHaveLength(2);
  });

  it('a node of CogniteFile is a file for the files API', async () => {
    const files = new FilesApi(project.transport);
    const nodesOfFiles = nodes(project.transport, CogniteFile, { space: 'plant' });
    await nodesOfFiles.create({ externalId: 'manual', name: 'manual.txt' });
    const manual = await nodesOfFiles.retrieve({ externalId: 'manual' });
    if (manual === undefined) throw new Error('manual is missing');
    const read = await files.retrieve(manual);
    expect(read).toMatchObject({
      name: 'manual.txt',
      uploaded: false,
      instanceId: { space: 'plant', externalId: 'manual' },
    });
  });

  it('assets have children, a path and a subtree', async () => {
    const assets = nodes(project.transport, CogniteAsset, { space: 'plant' });
    const at = (externalId: string) => ({ space: 'plant', externalId });
    await assets.upsert([
      { externalId: 'site', name: 'Site' },
      { externalId: 'hall', name: 'Hall', parent: at('site') },
      { externalId: 'press', name: 'Press', parent: at('hall') },
      { externalId: 'other', name: 'Other' },
    ]);
    const [hall] = await assets.find({
      where: { externalId: 'hall' },
      with: { children: true, parent: true, path: true },
    });
    expect(hall?.children.map(({ name }) => name)).toEqual(['Press']);
    expect(hall?.parent?.name).toBe('Site');
    const site = await assets.retrieve(at('site'));
    const below = await assets.list({
      where: { path: { prefix: site?.path ?? [] } },
      orderBy: { name: 'asc' },
    });
    expect(below.map(({ name }) => name)).toEqual(['Hall', 'Press', 'Site']);
    expect(below.toTable().columns).toContain('name');
  });
});

describe('charts of nodes', () => {
  const window = { start: 0, end: 10_000 } as const;
  const names = (chart: Chart): (readonly [string, string])[] =>
    chart.toJSON().series.map(({ key, label }) => [key, label] as const);

  /** Nodes with a method `plot`, of which `level` and `twin` have points, and a classic series. */
  async function plotted() {
    const datapoints = new DatapointsApi(project.transport);
    const plot = plotTimeSeries(datapoints, { save: saveChart });
    const series = nodes(project.transport, CogniteTimeSeries, {
      space: 'plant',
      relations: { plot, first: seriesFirst(datapoints), count: seriesCount(datapoints) },
    });
    await series.upsert([
      { externalId: 'level', name: 'Level', type: 'numeric', isStep: false, sourceUnit: 'm' },
      { externalId: 'unnamed', type: 'numeric', isStep: false },
      { externalId: 'state', name: 'State', type: 'string', isStep: false },
      { externalId: 'empty', name: 'Empty', type: 'numeric', isStep: false },
    ]);
    await datapoints.insertMany([
      ...['level', 'unnamed'].map((externalId) => ({
        ...{ space: 'plant', externalId },
        datapoints: [
          { timestamp: 1000, value: 2 },
          { timestamp: 5000, value: 3 },
        ],
      })),
      {
        ...{ space: 'plant', externalId: 'state' },
        datapoints: [
          { timestamp: 1000, value: 'on' },
          { timestamp: 5000, value: 'off' },
        ],
      },
    ]);
    const read = await series.retrieveMultiple(
      ['level', 'unnamed', 'state', 'empty'].map((externalId) => ({ externalId })),
    );
    const [level, unnamed, state, empty] = read;
    if (!level || !unnamed || !state || !empty) throw new Error('a node is missing');
    return { datapoints, plot, level, unnamed, state, empty };
  }

  it('have the points, the name and the outputs of their series', async () => {
    const { level } = await plotted();
    const chart = await level.plot(window);
    expect(chart.toSvg()).toContain('Level');
    expect(chart.toJSON().series).toMatchObject([
      { key: 'plant/level', label: 'Level', unit: 'm', timestamps: [1000, 5000], values: [2, 3] },
    ]);
    expect(typeof chart.save).toBe('function');
    expectTypeOf(level.plot).parameter(0).toEqualTypeOf<SeriesPlotOptions | undefined>();
    expectTypeOf(chart).toEqualTypeOf<Chart<{ save: typeof saveChart }>>();
    expectTypeOf(chart.save).parameter(0).toEqualTypeOf<string>();
    expect(await level.first()).toMatchObject({ timestamp: 1000, value: 2 });
    expect(await level.count()).toBe(2);
  });

  it('follow names, colours and labels by external id', async () => {
    const { level, unnamed } = await plotted();
    expect(names(await unnamed.plot(window))).toEqual([['plant/unnamed', 'unnamed']]);
    expect(names(await level.plot({ ...window, idLabels: true }))).toEqual([
      ['plant/level', 'plant/level'],
    ]);
    for (const name of ['level', 'plant/level']) {
      const named = await level.plot({ ...window, names: { [name]: 'Mine' } });
      expect(names(named)).toEqual([['plant/level', 'Mine']]);
      const coloured = await level.plot({ ...window, colors: { [name]: '#123456' } });
      expect(coloured.toSvg()).toContain('#123456');
    }
  });

  it('mix nodes and time series in the order of the list, each once', async () => {
    const { datapoints, plot, level, unnamed, empty } = await plotted();
    await project.transport.request({
      method: 'POST',
      path: '/timeseries',
      body: { items: [{ externalId: 'level', name: 'Level' }] },
      idempotent: false,
    });
    await datapoints.insert({ externalId: 'level' }, [{ timestamp: 2000, value: 9 }]);
    const { id } = await datapoints.retrieve({ externalId: 'level', ...window });
    const classic = { id, externalId: 'level', name: 'Level', isString: false };
    const list = [unnamed, classic, level, empty, unnamed];
    const chart = await plot(list)(window);
    expect(chart.toJSON().series.map(({ label, values }) => [label, values])).toEqual([
      ['unnamed', [2, 3]],
      ['Level (level)', [9]],
      ['Level (plant/level)', [2, 3]],
      ['Empty', []],
    ]);
    expect(chart.toSvg()).toContain('Empty (no data)');
    const twin = await datapoints.retrieve({ instanceId: level, ...window });
    const asClassic = { id: twin.id, instanceId: twin.instanceId, name: 'Level' };
    expect((await plot([level, asClassic])(window)).toJSON().series).toHaveLength(1);
  });

  it('of strings are text, as time series of strings are', async () => {
    const { plot, level, state } = await plotted();
    const hourly = { ...window, aggregates: ['average'], granularity: '1h' } as const;
    const chart = await plot([state, level])(hourly);
    expect(chart.toJSON().series.map(({ label }) => label)).toEqual([
      'State',
      'Level (average, 1h)',
    ]);
    expect(chart.toSvg()).toContain('State (text)');
    const onlyText = await state.plot(hourly).catch((error: unknown) => error);
    expect(onlyText).toBeInstanceOf(ConfigError);
    expect(String(onlyText)).toContain('there is only text: State [plant/state]');
    const states = await state.plot({ ...window, mark: stateTimeline });
    expect(states.toSvg()).toContain('off');
    await expect(state.count()).rejects.toThrow(ConfigError);
  });

  it('are named by space and external id in errors', async () => {
    const { plot, level, empty } = await plotted();
    const nothing = await empty.plot(window).catch((error: unknown) => error);
    expect(nothing).toBeInstanceOf(EmptyDataError);
    expect(String(nothing)).toContain('in Empty [plant/empty];');
    const unknown = { space: 'plant', externalId: 'unknown', type: 'numeric' } as const;
    const missing = await plot([level, unknown])(window).catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(NotFoundError);
    expect((missing as NotFoundError).missing).toContainEqual({
      instanceId: { space: 'plant', externalId: 'unknown' },
    });
    await expect(level.plot({ ...window, maxPoints: 1 })).rejects.toThrow(
      'plot: about 2 raw points',
    );
  });

  it('are live', async () => {
    const { datapoints, level } = await plotted();
    type Model = { readonly series: readonly { label: string; values: Float64Array }[] };
    type Live = {
      follow(view: { show(model: Model): void; onError(error: unknown): void }): () => void;
    };
    for (const aggregates of [{}, { aggregates: ['max'], granularity: '1m' }] as const) {
      const now = Date.now();
      await datapoints.insert(level, [{ timestamp: now - 30_000, value: 4 }]);
      const options = { start: '5m-ago', live: { intervalMs: 100 }, ...aggregates } as const;
      const chart = (await level.plot(options)) as unknown as Live;
      await datapoints.insert(level, [{ timestamp: now - 10_000, value: 7 }]);
      let stop = (): void => {};
      const model = await new Promise<Model>((show, onError) => {
        stop = chart.follow({ show, onError });
      });
      stop();
      expect(model.series[0]?.label).toMatch(/^Level/);
      expect(model.series[0]?.values.at(-1)).toBe(7);
    }
  });

  it('are refused where a property is not what a chart uses', () => {
    const datapoints = new DatapointsApi(project.transport);
    const Gauge = view('acme', 'Gauge', 'v1', { name: p.int() });
    // @ts-expect-error a name that is a number
    nodes(project.transport, Gauge, { relations: { plot: plotTimeSeries(datapoints) } });
  });
});

describe('bytes of nodes', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

  async function documents() {
    const files = new FilesApi(project.transport);
    const relations = { download: fileDownload(files), upload: fileUpload(files) };
    return {
      files,
      documents: nodes(project.transport, CogniteFile, { space: 'plant', relations }),
    };
  }

  it('go up and come down as they were', async () => {
    const { files, documents: all } = await documents();
    await all.create({ externalId: 'drawing', name: 'drawing.bin' });
    const drawing = await all.retrieve({ externalId: 'drawing' });
    if (drawing === undefined) throw new Error('drawing is missing');
    const stored = await drawing.upload(bytes, { verify: true });
    expect(stored).toMatchObject({
      uploaded: true,
      instanceId: { space: 'plant', externalId: 'drawing' },
    });
    expect(await drawing.download()).toEqual(bytes);
    expect(await all.retrieve({ externalId: 'drawing' })).toMatchObject({ isUploaded: true });
    expectTypeOf(drawing.upload).toEqualTypeOf<
      (content: UploadContent, options?: ContentUploadOptions) => Promise<StoredFile>
    >();
    expectTypeOf(drawing.download).toEqualTypeOf<
      (options?: DownloadOptions) => ReturnType<FilesApi['download']>
    >();
    // New bytes in the place of the old ones, through the classic file of the node.
    const file = await files.retrieve(drawing);
    if (file === undefined) throw new Error('the file is missing');
    await fileUpload(files)(file)(bytes.subarray(5));
    expect(await fileDownload(files)(file)()).toEqual(bytes.subarray(5));
    let seen = 0;
    expect(await drawing.download({ onProgress: (done) => (seen = done) })).toHaveLength(995);
    expect(seen).toBe(995);
  });

  it('are an error of the API for a node without content, and for an unknown file', async () => {
    const { files, documents: all } = await documents();
    await all.create({ externalId: 'blank', name: 'blank.txt' });
    const blank = await all.retrieve({ externalId: 'blank' });
    const empty = await blank?.download().catch((error: unknown) => error);
    expect(empty).toBeInstanceOf(ApiError);
    expect(empty).not.toBeInstanceOf(NotFoundError);
    const unknown = { space: 'plant', externalId: 'unknown' };
    const missing = [{ instanceId: unknown }];
    await expect(fileDownload(files)(unknown)()).rejects.toMatchObject({ missing });
    await expect(fileUpload(files)(unknown)(bytes)).rejects.toBeInstanceOf(ApiError);
    // @ts-expect-error a string is no content
    await expect(blank?.upload('text')).rejects.toThrow(ConfigError);
  });
});

it('relations of nodes are bundled for browsers without anything of Node', async () => {
  const { modules } = await bundled(
    `import { nodes } from '@cdf/data-modeling';
    import { CogniteFile, CogniteTimeSeries } from '@cdf/data-modeling/cognite-core';
    import { DatapointsApi } from '@cdf/datapoints';
    import { FilesApi, fileDownload, fileUpload } from '@cdf/events-files/files';
    import { plotTimeSeries } from '@cdf/plot';
    export const open = (transport) => [
      nodes(transport, CogniteTimeSeries, { relations: { plot: plotTimeSeries(new DatapointsApi(transport)) } }),
      nodes(transport, CogniteFile, { relations: { download: fileDownload(new FilesApi(transport)), upload: fileUpload(new FilesApi(transport)) } }),
    ];`,
    fileURLToPath(new URL('.', import.meta.url)),
    { splitting: true },
  );
  expect(modules.some((file) => file.endsWith('/file-relations.ts'))).toBe(true);
  const later = /events-files\/src\/(upload\/upload|download\/download|node\/)/;
  expect(modules.filter((file) => later.test(file))).toEqual([]);
});

describe('a node as an identifier', () => {
  it('is never taken for a classic resource of its external id', async () => {
    const datapoints = new DatapointsApi(project.transport);
    await project.transport.request({
      method: 'POST',
      path: '/timeseries',
      body: { items: [{ externalId: 'twin' }] },
      idempotent: false,
    });
    const series = nodes(project.transport, CogniteTimeSeries, { space: 'plant' });
    await series.create({ externalId: 'twin', name: 'Twin', type: 'numeric', isStep: false });
    const twin = { space: 'plant', externalId: 'twin' };
    await datapoints.insert(twin, [{ timestamp: 1, value: 7 }]);
    expect((await datapoints.retrieve({ ...twin, start: 0, end: 9 })).values).toHaveLength(1);
    expect(
      (await datapoints.retrieve({ externalId: 'twin', start: 0, end: 9 })).values,
    ).toHaveLength(0);
    await datapoints.deleteRange({ ...twin, start: 0, end: 9 });
    expect((await datapoints.retrieve({ instanceId: twin, start: 0, end: 9 })).values).toHaveLength(
      0,
    );
  });

  it('is refused when it changed since it was read, if asked', async () => {
    const assets = nodes(project.transport, CogniteAsset, { space: 'plant' });
    await assets.create({ externalId: 'versioned', name: 'one' });
    const read = await assets.retrieve({ externalId: 'versioned' });
    if (read === undefined) throw new Error('versioned is missing');
    await assets.update({ externalId: 'versioned', name: 'two' });
    const late = { ...read, name: 'three' };
    await expect(assets.upsert([late], { checkVersions: true })).rejects.toMatchObject({
      status: 409,
      failed: [late],
    });
  });
});
