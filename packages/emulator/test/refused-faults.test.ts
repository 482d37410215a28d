import { createEmulator, EmulatorError, type Fault } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { client } from './helpers.js';

/** Faults that would never strike, or do nonsense, with a part of the refusal. */
const REFUSED: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{ path: 'assets/list', status: 403 }, 'did you mean "/assets/list"?'],
  [{ path: '', status: 403 }, 'leave it out for all paths'],
  [{ path: 'http://127.0.0.1:4100/assets', status: 403 }, 'did you mean "/assets"?'],
  [{ path: 'POST /assets', status: 403 }, 'did you mean method: "POST", path: "/assets"?'],
  [{ path: '/assets?limit=1', status: 403 }, 'without the query: "/assets"'],
  [{ path: '/_emulator/status', status: 403 }, 'no fault strikes control requests'],
  [{ path: 5, status: 403 }, 'path of a fault must be a string or a regular expression, got 5'],
  [{ method: 'FETCH', status: 403 }, 'method of a fault must be GET, POST'],
  [{ method: '', status: 403 }, 'got ""; leave it out for all methods'],
  [{ status: 403, count: 0 }, 'count of a fault must be a whole number of at least 1'],
  [{ status: 403, count: -1 }, 'count of a fault must be'],
  [{ status: 403, skip: -1 }, 'skip of a fault must be a whole number of at least 0, got -1'],
  [{ status: 403, skip: 1.5 }, 'skip of a fault must be'],
  [{ status: 403, probability: 50 }, 'must be from 0 to 1, got 50; did you mean 0.5?'],
  [{ status: 403, probability: -0.1 }, 'probability of a fault must be from 0 to 1, got -0.1'],
  [{ status: 403, seed: 'a' }, 'seed of a fault must be a whole number, got "a"'],
  [{ status: '403' }, 'status of a fault must be a whole number from 200 to 599, got "403"'],
  [{ status: 99 }, 'status of a fault'],
  [{ status: 1000 }, 'status of a fault'],
  [{ status: 204, rawBody: 'a' }, 'an answer with status 204 has no body; leave out rawBody'],
  [{ status: 403, message: 5 }, 'message of a fault must be a string, got 5'],
  [{ status: 403, rawBody: { error: 1 } }, 'rawBody of a fault must be a string, got an object'],
  [{ status: 403, retryAfterSeconds: -1 }, 'retryAfterSeconds of a fault'],
  [{ status: 403, headers: { 'bad header': 'x' } }, 'invalid header "bad header" of a fault'],
  [{ status: 403, headers: { 'x-number': 5 } }, 'invalid header "x-number" of a fault'],
  [{ status: 403, headers: null }, 'headers of a fault must be an object, got null'],
  [{ latencyMs: '300' }, 'latencyMs must be a number of milliseconds'],
  [{ latencyMs: -5 }, 'latencyMs'],
  [{ latencyMs: { min: '1', max: '2' } }, 'latencyMs'],
  [{ latencyMs: { min: 1, max: 2, mean: 1 } }, 'latencyMs'],
  // Timers fire at once for more.
  [{ latencyMs: 2 ** 31 }, 'latencyMs'],
  [{ cutBodyAfterBytes: -1 }, 'cutBodyAfterBytes of a fault must be a whole number of at least 0'],
  [{ stallBodyAfterBytes: 0.5 }, 'stallBodyAfterBytes of a fault'],
  [{ chunkBytes: '5' }, 'chunkBytes must be'],
  [{ resetBeforeBody: 'yes' }, 'resetBeforeBody of a fault must be true or false, got "yes"'],
  [{ path: '/assets' }, 'a fault needs an effect: status, latencyMs,'],
  [{ resetBeforeBody: false }, 'a fault needs an effect'],
  [{ message: 'only this' }, 'message of a fault needs a status'],
  [{ latencyMs: 5, retryAfterSeconds: 1 }, 'retryAfterSeconds of a fault needs a status'],
  [{ status: 503, cutBodyAfterBytes: 5 }, 'status and cutBodyAfterBytes exclude each other'],
  [{ resetBeforeBody: true, resetAfterHandling: true }, 'exclude each other; add two faults'],
];

describe('a fault that would never strike, or do nonsense', () => {
  it.each(REFUSED)('%j is refused with the remedy, in code and over HTTP', async (fault, text) => {
    const { control, emulator } = client();
    expect(() => emulator.faults.add(fault as Fault)).toThrow(EmulatorError);
    expect(() => emulator.faults.add(fault as Fault)).toThrow(text);
    expect(() => createEmulator({ faults: [fault as Fault] })).toThrow(text);
    expect(await control('POST', '/faults', fault)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(text) } },
    });
    expect(emulator.faults.all()).toEqual([]);
  });

  it.each([null, 5, 'status', [], undefined])('%j is no fault', async (fault) => {
    const { control, emulator } = client();
    expect(() => emulator.faults.add(fault as never)).toThrow('a fault must be an object');
    expect((await control('POST', '/faults', fault)).status).toBe(400);
  });
});

describe('a path that means the same strikes the same', () => {
  it.each<string | RegExp>([
    '/api/v1/projects/emulator/assets/list',
    '/api/v1/projects/*/assets/list',
    /^\/api\/v1\/projects\/emulator\/assets\/list$/,
    '/assets/list/',
    '*/list',
    /assets/g,
  ])('%s', async (path) => {
    const { post, emulator } = client();
    emulator.faults.add({ path, status: 403, count: 2 });
    const ask = async (where: string) => (await post(where, {})).status;
    expect([await ask('/assets/list'), await ask('/assets/list/')]).toEqual([403, 403]);
    expect(emulator.faults.all()).toMatchObject([{ matched: 2, struck: 2, spent: true }]);
  });

  it('as the request has it: encoded', async () => {
    const { get, emulator } = client();
    emulator.faults.add({ path: '/assets/ø å', status: 403 });
    expect((await get('/assets/ø å')).status).toBe(403);
  });
});

it('a fault may answer without a body, as its status demands', async () => {
  const { post, emulator } = client();
  emulator.faults.add({ status: 204, headers: { 'x-proxy': 'yes' } });
  const { status, body, headers } = await post('/assets/list', {});
  expect([status, body, headers.get('x-proxy')]).toEqual([204, '', 'yes']);
  expect(emulator.requests.all()).toMatchObject([{ status: 204, faultId: 1 }]);
});

it('a fault may strike for ever, and tells its regular expression over HTTP', async () => {
  const { post, control, emulator } = client();
  emulator.faults.add({ path: /assets/, status: 503, count: Number.POSITIVE_INFINITY });
  await post('/assets/list', {});
  await post('/assets/list', {});
  expect((await control('GET', '/faults')).body.items).toMatchObject([
    { fault: { path: '/assets/' }, struck: 2, spent: false },
  ]);
});
