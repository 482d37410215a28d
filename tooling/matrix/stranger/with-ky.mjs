import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { CdfClient, NotFoundError, OAuthClientCredentials } from '@cdf/sdk';
import { cdfHttp } from '@cdf/sdk/http';

/**
 * An instance of ky on a client, and under one.
 *
 * @param {{ create(options: object): any, extend(options: object): any }} ky
 */
export async function walkWithKy(ky) {
  const routes = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const route = `${request.method} ${request.url}`;
    routes.push(route);
    const answer = (status, value) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
        .end(JSON.stringify(value));
    if (route === 'POST /token')
      answer(200, { access_token: 'a', token_type: 'bearer', expires_in: 3600 });
    else if (request.headers.authorization !== 'Bearer a') answer(401, {});
    else if (routes.filter((each) => each === route).length === 1)
      answer(429, { error: { message: 'slow down' } });
    else if (route.endsWith('/list')) answer(200, { items: [{ id: 1, asked: JSON.parse(body) }] });
    else answer(404, { error: { message: 'not found' } });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const tokenUrl = `${baseUrl}/token`;
  const credentials = new OAuthClientCredentials({
    tokenUrl,
    clientId: 'me',
    clientSecret: 'secret',
  });
  const fetch = ky.create({ throwHttpErrors: false, retry: 0, timeout: false });
  const client = new CdfClient({ clientName: 'walk', project: 'p', baseUrl, credentials, fetch });
  try {
    const http = cdfHttp(client, { ky });
    const json = { since: new Date(5) };
    assert.deepEqual(await http.post('functions/list', { json }).json(), {
      items: [{ id: 1, asked: { since: 5 } }],
    });
    await assert.rejects(http.get('functions/1'), (error) => NotFoundError.isInstance(error));
    await assert.rejects(http.get(new URL('https://elsewhere.example/x')), { code: 'config' });
    let sent = 0;
    const body = new Uint8Array(100_000);
    const onUploadProgress = ({ transferredBytes }) => (sent = transferredBytes);
    await assert.rejects(http.put('functions/1', { body, onUploadProgress }), {
      code: 'rate-limit',
    });
    assert.equal(sent, body.length);
    assert.equal(routes.filter((route) => route === 'POST /token').length, 1);
    assert.equal((await client.assets.list({ limit: 1 }))[0].id, 1);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
  console.log(`${process.version} done`);
}
