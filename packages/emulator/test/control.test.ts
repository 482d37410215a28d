import { startEmulator } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { client, clientOf, type Json } from './helpers.js';

describe('faults', () => {
  it('strike the requests that they are meant for, as often as they should', async () => {
    const { post, emulator } = client();
    const id = emulator.faults.add({
      path: '/assets/*',
      method: 'post',
      skip: 1,
      count: 2,
      status: 429,
      retryAfterSeconds: 3,
      headers: { 'cdf-is-auto-retryable': 'true' },
    });
    const statuses = [];
    for (let index = 0; index < 5; index += 1)
      statuses.push((await post('/assets/list', {})).status);
    expect(statuses).toEqual([200, 429, 429, 200, 200]);
    expect((await post('/events/list', {})).status).toBe(200);
    expect(emulator.faults.all()).toMatchObject([{ id, struck: 2, spent: true }]);
    emulator.faults.clear();
    emulator.faults.add({ status: 503 });
    const refused = await post('/assets/list', {});
    expect(refused.body.error).toMatchObject({ code: 503, message: expect.any(String) });
  });

  it('carry Retry-After and other headers, or a body that is not JSON', async () => {
    const { post, emulator } = client();
    emulator.faults.add({
      status: 429,
      retryAfterSeconds: 3,
      headers: { 'cdf-is-auto-retryable': 'true' },
    });
    const { headers } = await post('/assets/list', {});
    expect([headers.get('retry-after'), headers.get('cdf-is-auto-retryable')]).toEqual([
      '3',
      'true',
    ]);
    emulator.faults.add({
      status: 502,
      rawBody: '<html>Bad gateway</html>',
      headers: { 'content-type': 'text/html' },
    });
    expect(await post('/assets/list', {})).toMatchObject({
      status: 502,
      body: '<html>Bad gateway</html>',
    });
  });

  it('strike the same requests for the same seed', async () => {
    const draw = async (): Promise<number[]> => {
      const { post, emulator } = client();
      emulator.faults.add({ probability: 0.5, seed: 7, status: 500 });
      const statuses = [];
      for (let index = 0; index < 20; index += 1)
        statuses.push((await post('/assets/list', {})).status);
      return statuses;
    };
    const statuses = await draw();
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    expect(await draw()).toEqual(statuses);
  });

  for (const socket of [false, true]) {
    describe(socket ? 'over a socket' : 'in process', () => {
      it('drop the connection before or after the request was handled', async () => {
        await using server = socket ? await startEmulator() : client().emulator;
        const { post } = clientOf(server, socket ? fetch : server.fetch);
        server.faults.add({ path: '/assets', resetBeforeBody: true });
        await expect(post('/assets', { items: [{ name: 'a' }] })).rejects.toThrow(TypeError);
        expect(server.writes.all()).toEqual([]);
        server.faults.add({ path: '/assets', resetAfterHandling: true });
        await expect(post('/assets', { items: [{ name: 'b' }] })).rejects.toThrow(TypeError);
        const [request] = server.requests.all().slice(-1);
        expect(server.writes.of(request?.requestId ?? '')).toMatchObject([
          { resource: 'assets', operation: 'create' },
        ]);
        expect((await post('/assets/list', {})).body.items).toHaveLength(1);
      });

      it('cut a body, or let it stall', async () => {
        await using server = socket
          ? await startEmulator({ seed: 'small' })
          : client({ seed: 'small' }).emulator;
        const send = socket ? fetch : server.fetch;
        const url = `${server.url}/api/v1/projects/emulator/assets`;
        // Compressed, the first bytes would tell nothing yet.
        const headers = { 'api-key': 'emulator-key', 'accept-encoding': 'identity' };
        server.faults.add({ cutBodyAfterBytes: 10 });
        const cut = await send(url, { headers });
        expect(cut.status).toBe(200);
        await expect(cut.text()).rejects.toThrow();
        server.faults.add({ stallBodyAfterBytes: 10 });
        const abort = new AbortController();
        const stalled = await send(url, { headers, signal: abort.signal });
        const reader = stalled.body?.getReader();
        expect((await reader?.read())?.value).toHaveLength(10);
        const next = reader?.read();
        await expect(Promise.race([next, Promise.resolve('nothing more')])).resolves.toBe(
          'nothing more',
        );
        abort.abort();
        await reader?.cancel().catch(() => undefined);
        await next?.catch(() => undefined);
      });

      it('leave a body whole that is shorter than what they let pass', async () => {
        await using server = socket ? await startEmulator() : client().emulator;
        const { post } = clientOf(server, socket ? fetch : server.fetch);
        for (const fault of [{ stallBodyAfterBytes: 10_000 }, { cutBodyAfterBytes: 10_000 }]) {
          server.faults.add(fault);
          expect(await post('/assets/list', {})).toMatchObject({
            status: 200,
            body: { items: [] },
          });
        }
        // The connection is free for the next request.
        expect((await post('/assets/list', {})).status).toBe(200);
      });
    });
  }
});

describe('the logs', () => {
  it('tell which request stored what', async () => {
    const { post, emulator } = client();
    const answer = await post('/timeseries', { items: [{ externalId: 's' }] });
    const requestId = answer.headers.get('x-request-id') ?? '';
    expect(emulator.requests.of(requestId)).toMatchObject([
      {
        method: 'POST',
        path: '/timeseries',
        status: 201,
        body: { items: [{ externalId: 's' }] },
        headers: { 'api-key': '***' },
      },
    ]);
    await post('/timeseries/data', {
      items: [
        {
          externalId: 's',
          datapoints: [
            { timestamp: 1, value: 1 },
            { timestamp: 2, value: 2 },
          ],
        },
      ],
    });
    const written = emulator.writes.all();
    expect(written[0]).toEqual({
      requestId,
      resource: 'timeseries',
      operation: 'create',
      items: [{ id: answer.body.items[0].id, externalId: 's' }],
    });
    expect(written[1]).toMatchObject({
      resource: 'datapoints',
      operation: 'insert',
      items: [{ externalId: 's', points: 2 }],
    });
  });

  it('do not have a write that was refused', async () => {
    const { post, emulator } = client();
    await post('/assets', {
      items: [
        { name: 'a', externalId: 'x' },
        { name: 'b', externalId: 'x' },
      ],
    });
    expect(emulator.writes.length).toBe(0);
    expect((await post('/assets/list', {})).body.items).toEqual([]);
  });
});

describe('control', () => {
  it('sets the clock that all times come from', async () => {
    const { post, control, emulator } = client();
    await control('POST', '/clock', { freeze: 1_000_000 });
    const { body } = await post('/assets', { items: [{ name: 'a' }] });
    expect(body.items[0].createdTime).toBe(1_000_000);
    emulator.clock.advance(500);
    expect((await control('GET', '/status')).body.now).toBe(1_000_500);
  });

  it('gives the clock back to its source, frozen or moved before', async () => {
    const { control, emulator } = client();
    const now = async (): Promise<number> => (await control('GET', '/status')).body.now;
    await control('POST', '/clock', { freeze: 1_000_000 });
    await control('POST', '/clock', { reset: true });
    const first = await now();
    expect(first).toBeGreaterThan(Date.UTC(2020));
    await control('POST', '/clock', { advance: 86_400_000 });
    expect(await now()).toBeGreaterThanOrEqual(first + 86_400_000);
    emulator.clock.reset();
    expect(await now()).toBeLessThan(first + 86_400_000);
  });

  it('needs its token and refuses browsers', async () => {
    const { emulator } = client();
    const url = `${emulator.url}/_emulator/status`;
    expect((await emulator.fetch(url)).status).toBe(401);
    expect((await emulator.fetch(url, { headers: { 'x-control-token': 'wrong' } })).status).toBe(
      401,
    );
    const fromPage = { 'x-control-token': emulator.controlToken, origin: emulator.url };
    expect((await emulator.fetch(url, { headers: fromPage })).status).toBe(403);
    expect(
      (await emulator.fetch(url, { headers: { 'x-control-token': emulator.controlToken } })).status,
    ).toBe(200);
  });

  it('adds faults over HTTP and refuses invalid ones', async () => {
    const { post, control } = client();
    expect((await control('POST', '/faults', { path: '/assets/list', status: 418 })).status).toBe(
      201,
    );
    expect((await post('/assets/list', {})).status).toBe(418);
    expect((await control('POST', '/faults', { statuz: 418 })).status).toBe(400);
    expect((await control('POST', '/faults', { status: '418' })).status).toBe(400);
  });

  it('saves and restores snapshots by name, file contents included', async () => {
    const { post, control, emulator } = client();
    await post('/timeseries', { items: [{ externalId: 's' }] });
    await post('/timeseries/data', {
      items: [{ externalId: 's', datapoints: [{ timestamp: 1, value: 1 }] }],
    });
    const file = await post('/files', { name: 'f', externalId: 'f' });
    await emulator.fetch(file.body.uploadUrl, { method: 'PUT', body: 'first' });
    emulator.saveSnapshot('before');
    await post('/timeseries/data', {
      items: [{ externalId: 's', datapoints: [{ timestamp: 2, value: 2 }] }],
    });
    await emulator.fetch(file.body.uploadUrl, { method: 'PUT', body: 'second' });
    await post('/assets', { items: [{ name: 'later' }] });
    await post('/files/delete', { items: [{ externalId: 'f' }] });
    expect((await control('GET', '/snapshots')).body.items).toEqual([{ name: 'before' }]);
    expect((await control('POST', '/snapshots/restore', { name: 'before' })).status).toBe(200);
    expect((await post('/assets/list', {})).body.items).toEqual([]);
    const read = await post('/timeseries/data/list', { items: [{ externalId: 's' }] });
    expect(read.body.items[0].datapoints).toEqual([{ timestamp: 1, value: 1 }]);
    const link = await post('/files/downloadlink', { items: [{ externalId: 'f' }] });
    expect(await (await emulator.fetch(link.body.items[0].downloadUrl)).text()).toBe('first');
    expect((await control('POST', '/snapshots/restore', { name: 'never' })).status).toBe(404);
    expect((await control('POST', '/snapshots/save', { name: '../etc' })).status).toBe(400);
    emulator.removeSnapshot('before');
    expect(emulator.snapshots()).toEqual([]);
  });

  it('resets to the seed', async () => {
    const { post, control, emulator } = client({ seed: 'small' });
    await post('/assets', { items: [{ name: 'extra' }] });
    emulator.faults.add({ status: 500 });
    expect((await control('POST', '/reset')).status).toBe(200);
    const { body } = await post('/assets/list', {});
    expect(body.items.map(({ externalId }: Json) => externalId)).toEqual([
      'water-works',
      'station',
      'pump-1',
      'pump-2',
      'pump-1-motor',
      'pump-2-motor',
      'tank',
    ]);
    expect(emulator.requests.length).toBe(1);
  });
});

describe('access', () => {
  it('is refused to foreign hosts and origins, and granted to allowed ones', async () => {
    const { emulator } = client({ allowOrigins: ['http://app.example'] });
    const path = '/api/v1/projects/emulator/assets';
    const ask = async (url: string, headers: Record<string, string>): Promise<Response> =>
      await emulator.fetch(url, { headers: { 'api-key': 'emulator-key', ...headers } });
    // Names below .localhost go through a resolver, and may lead here from anywhere.
    for (const host of [
      'evil.example',
      'evil.localhost',
      'localhost.',
      '127.0.0.1.evil.example',
      '[::ffff:7f00:1]',
    ])
      expect((await ask(`http://${host}${path}`, {})).status).toBe(421);
    for (const host of ['localhost', '127.0.0.1', '127.200.3.4', '[::1]'])
      expect((await ask(`http://${host}${path}`, {})).status).toBe(200);
    expect((await ask(emulator.url + path, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(emulator.url + path, { origin: 'null' })).status).toBe(403);
    expect(
      (
        await ask(emulator.url + path, {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'no-cors',
        })
      ).status,
    ).toBe(403);
    const allowed = await ask(emulator.url + path, { origin: 'http://app.example' });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://app.example',
    ]);
    const preflight = await emulator.fetch(emulator.url + path, {
      method: 'OPTIONS',
      headers: { origin: 'http://app.example' },
    });
    expect(preflight.status).toBe(204);
  });

  it('needs credentials that are valid now', async () => {
    const { emulator } = client();
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await emulator.fetch(`${emulator.url}/api/v1/projects/emulator/assets`, { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ 'api-key': 'wrong' })).toBe(401);
    expect(await ask({ authorization: 'Bearer nonsense' })).toBe(401);
    const authorization = `Bearer ${await emulator.issueToken({ lifetimeSeconds: 60 })}`;
    expect(await ask({ authorization })).toBe(200);
    emulator.clock.advance(61_000);
    expect(await ask({ authorization })).toBe(401);
    const second = `Bearer ${await emulator.issueToken()}`;
    expect(await ask({ authorization: second })).toBe(200);
    emulator.revokeTokens();
    expect(await ask({ authorization: second })).toBe(401);
    expect(await ask({ authorization: `Bearer ${await emulator.issueToken()}` })).toBe(200);
    const stranger = client().emulator;
    expect(await ask({ authorization: `Bearer ${await stranger.issueToken()}` })).toBe(401);
  });

  it('gives tokens for client credentials, in the form or in a header', async () => {
    const { emulator } = client();
    const ask = async (
      form: Record<string, string>,
      headers: Record<string, string> = {},
    ): Promise<Json> => {
      const response = await emulator.fetch(emulator.tokenUrl, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
      });
      return { status: response.status, ...(await response.json()) };
    };
    const right = { client_id: emulator.clientId, client_secret: emulator.clientSecret };
    const token = await ask(right);
    expect(token).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3600 });
    const basic = `Basic ${Buffer.from(`${emulator.clientId}:${emulator.clientSecret}`).toString('base64')}`;
    expect(await ask({}, { authorization: basic })).toMatchObject({ status: 200 });
    expect(await ask({ ...right, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    expect(await ask({ ...right, grant_type: 'magic' })).toMatchObject({
      status: 400,
      error: 'unsupported_grant_type',
    });
    const inspected = await emulator.fetch(`${emulator.url}/api/v1/token/inspect`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    });
    expect(await inspected.json()).toMatchObject({
      subject: emulator.clientId,
      projects: [{ projectUrlName: 'emulator' }],
    });
    const wrongProject = await emulator.fetch(`${emulator.url}/api/v1/projects/other/assets`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    });
    expect(wrongProject.status).toBe(401);
  });

  it('tells the legacy login status', async () => {
    const { emulator } = client();
    const status = async (headers: Record<string, string>): Promise<Json> =>
      (await emulator.fetch(`${emulator.url}/login/status`, { headers })).json();
    expect(await status({ 'api-key': 'emulator-key' })).toMatchObject({
      data: { loggedIn: true, project: 'emulator', apiKeyId: 1 },
    });
    expect(await status({})).toMatchObject({ data: { loggedIn: false } });
    expect(await status({ 'api-key': 'wrong' })).toMatchObject({ error: { code: 401 } });
  });
});
