import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryTransport } from '@cdf/core/testing';
import {
  type Asset,
  type AssetsApi,
  CdfClient,
  ConfigError,
  globalConfig,
  type TimeSeries,
  Token,
  type Transport,
} from '@cdf/sdk-core';
import { cdfHttp } from '@cdf/sdk-core/http';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { environmentConfig as webConfig } from '../src/environment/web.js';

const config = {
  clientName: 'test',
  project: 'p',
  baseUrl: 'http://127.0.0.1:1',
  credentials: new Token('t'),
};

afterEach(() => {
  globalConfig.defaultClientConfig = undefined;
});

describe('the lean client', () => {
  it('takes the default configuration, and says what to set when it is missing', () => {
    expect(() => new CdfClient()).toThrow(ConfigError);
    expect(() => new CdfClient()).toThrow(/pass \{ clientName, project/);
    globalConfig.defaultClientConfig = config;
    expect(new CdfClient().transport.project).toBe('p');
  });

  it('takes a transport that exists already', () => {
    const transport = memoryTransport({});
    expect(new CdfClient(transport).transport).toBe(transport);
  });

  it('relates assets to events, files and time series, and these to data points', async () => {
    const client = new CdfClient(
      memoryTransport((spec) => {
        if (spec.path === '/assets/byids') return { items: [{ id: 7, rootId: 7, name: 'pump' }] };
        if (spec.path === '/timeseries/list')
          return { items: [{ id: 8, isString: false, isStep: false }] };
        return { items: [] };
      }),
    );
    const asset = (await client.assets.retrieve({ id: 7 })) as Asset;
    expect(await asset.subtree().events()).toEqual([]);
    expect(await asset.files()).toEqual([]);
    const [series] = await asset.timeSeries();
    expect(typeof series?.datapoints).toBe('function');
    expect(typeof series?.latest).toBe('function');
    expect(JSON.stringify(series)).toBe('{"id":8,"isString":false,"isStep":false}');
  });

  it('reads data points from a gateway that answers in JSON though protobuf was asked for', async () => {
    const asked: unknown[] = [];
    const gateway = createServer((request, response) => {
      asked.push(request.headers.accept);
      const datapoints = [
        { timestamp: 10, value: 1.5 },
        { timestamp: 20, value: -2 },
      ];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          items: [{ id: 1, externalId: 'a', isString: false, isStep: true, datapoints }],
        }),
      );
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    try {
      const baseUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
      await using client = new CdfClient({ ...config, baseUrl });
      const datapoints = await client.datapoints.retrieve({ id: 1, start: 0, end: 100 });
      expect(datapoints).toMatchObject({ id: 1, externalId: 'a', isStep: true, length: 2 });
      expect([[...datapoints.timestamps], [...(datapoints.values as Float64Array)]]).toEqual([
        [10, 20],
        [1.5, -2],
      ]);
      expect(asked).toEqual(['application/protobuf']);
    } finally {
      gateway.closeAllConnections();
      gateway.close();
    }
  });

  it('is what ky sends through, for operations without a method', async () => {
    const transport = memoryTransport({ 'POST /functions/list': () => ({ items: [] }) });
    const http = cdfHttp(new CdfClient(transport));
    expect(await http.post('functions/list', { json: { limit: 1 } }).json()).toEqual({ items: [] });
    expect(
      ['get', 'post', 'put', 'delete'].filter((name) => name in new CdfClient(transport)),
    ).toEqual([]);
  });

  it('has methods that work detached from it, and ends its transport when it is closed', async () => {
    const { close, transport } = new CdfClient(memoryTransport({ 'GET /units': () => 1 }));
    const units = { method: 'GET', path: '/units', idempotent: true } as const;
    expect(await transport.request(units)).toBe(1);
    await close();
    await expect(transport.request(units)).rejects.toThrow(/closed/);
    await expect(
      new CdfClient(memoryTransport({}))[Symbol.asyncDispose](),
    ).resolves.toBeUndefined();
  });

  it('says in a browser, which has no environment, what to do instead', () => {
    expect(() => webConfig('CDF')).toThrow(ConfigError);
    expect(() => webConfig('CDF')).toThrow(/CDF_PROJECT is not set: web pages.*new CdfClient\(\)/);
  });

  it('is set up from the environment', () => {
    process.env.TEST_CDF_PROJECT = 'from-env';
    process.env.TEST_CDF_CLUSTER = 'westeurope-1';
    process.env.TEST_CDF_TOKEN = 'secret';
    try {
      expect(CdfClient.fromEnv('TEST_CDF').transport.project).toBe('from-env');
      expect(() => CdfClient.fromEnv('NOTHING_SET')).toThrow(/NOTHING_SET_PROJECT/);
    } finally {
      for (const name of ['PROJECT', 'CLUSTER', 'TOKEN']) delete process.env[`TEST_CDF_${name}`];
    }
  });

  it('has no plot, also in its types', () => {
    expectTypeOf<TimeSeries>().not.toHaveProperty('plot');
    expectTypeOf<Asset>().toHaveProperty('events');
    expectTypeOf<AssetsApi>().not.toBeAny();
    type Alone =
      ReturnType<(transport: Transport) => AssetsApi> extends AssetsApi<infer R> ? R : never;
    expectTypeOf<Alone>().not.toHaveProperty('events');
  });
});
