import { ConfigError, createTransport, globalConfig, Token } from '@cdf/core';
import { expect, it } from 'vitest';

const config = {
  clientName: 'test',
  project: 'plant',
  cluster: 'westeurope-1',
  credentials: new Token(() => 'token'),
};

it.each([
  ['projcet', 'project'],
  ['timeoutMS', 'timeoutMs'],
  ['concurency', 'concurrency'],
  ['base_url', 'baseUrl'],
])('a client with the setting %s is refused, with the one that was meant', (name, meant) => {
  expect(() => createTransport({ ...config, [name]: 'x' } as never)).toThrow(
    new ConfigError(`client config: unknown name "${name}"; did you mean ${meant}?`),
  );
});

it('a setting that resembles none is refused with all that there are', () => {
  expect(() => createTransport({ ...config, verbose: true } as never)).toThrow(
    /^client config: unknown name "verbose"; known names: clientName, project, .*allowInsecureHttp$/,
  );
});

it('the host is no name of a cluster, and a base URL ends before the path that all requests have', () => {
  const { cluster: _, ...others } = config;
  expect(() => createTransport({ ...others, cluster: 'c1.cognitedata.com' })).toThrow(
    'client config: cluster must be the name alone, "c1"',
  );
  for (const baseUrl of [
    'https://c1.cognitedata.com/api/v1',
    'https://gateway.example.com/cdf/api/v1/projects/plant',
  ])
    expect(() => createTransport({ ...others, baseUrl })).toThrow('must end before /api/v1');
  for (const baseUrl of ['https://gateway.example.com/api/v1/', 'https://c1.cognitedata.com/'])
    expect(createTransport({ ...others, baseUrl }).project).toBe('plant');
});

it('a client without a config is refused as it was', () => {
  for (const none of [undefined, null])
    expect(() => createTransport(none as never)).toThrow('no client config');
});

it('so is an unknown setting of retries, and of the config for all clients', () => {
  const retry = { maxRetries: 0 };
  expect(() => createTransport({ ...config, retry } as never)).toThrow(
    'client config: retry: unknown name "maxRetries"',
  );
  globalConfig.defaultClientConfig = { ...config, timeoutMS: 5 } as never;
  expect(() => createTransport()).toThrow('did you mean timeoutMs?');
  globalConfig.defaultClientConfig = undefined;
});

it('a config that is no object is an error that says so', () => {
  expect(() => createTransport([config] as never)).toThrow('expected an object of options');
});
