import { nodes } from '@cdf/data-modeling';
import { CogniteAsset, CogniteFile, CogniteTimeSeries } from '@cdf/data-modeling/cognite-core';
import { DatapointsApi, seriesDatapoints, seriesLatest } from '@cdf/datapoints';
import { FilesApi, fileDownload, fileUpload } from '@cdf/events-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  it('a node of CogniteFile has its content as methods', async () => {
    const files = new FilesApi(project.transport);
    const contents = nodes(project.transport, CogniteFile, {
      space: 'plant',
      relations: { download: fileDownload(files), upload: fileUpload(files) },
    });
    await contents.create({ externalId: 'notes', name: 'notes.txt' });
    const notes = await contents.retrieve({ externalId: 'notes' });
    expect(await notes?.upload(new Blob(['written']))).toMatchObject({ uploaded: true });
    expect(new TextDecoder().decode(await notes?.download())).toBe('written');
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
