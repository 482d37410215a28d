import { createTransport, Token } from '@cdf/core';
import { expect, it } from 'vitest';

it('gets what the stub answers', async () => {
  const baseUrl = 'http://127.0.0.1:9';
  const config = {
    clientName: 'tests',
    project: 'test',
    credentials: new Token('a-token'),
    baseUrl,
  };
  const transport = createTransport(config);
  expect(await transport.request({ method: 'GET', path: '/a', idempotent: true })).toEqual({
    from: 'the stub',
  });
});
