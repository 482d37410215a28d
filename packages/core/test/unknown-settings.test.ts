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
