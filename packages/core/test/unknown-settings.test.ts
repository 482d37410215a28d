import { ConfigError, createTransport, Token } from '@cdf/core';
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
