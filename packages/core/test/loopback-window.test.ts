import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignInVisit } from '@cdf/core';
import { loopbackWindow } from '@cdf/core/node';
import { afterEach, expect, it, vi } from 'vitest';

const PENDING = { owner: 'o', state: 'the-state', verifier: 'v', redirectUri: '' };
const { signal } = new AbortController();
let visit: SignInVisit | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await visit?.close();
});

/** A listener that waits for its callback, and the URL that it got. */
async function start(options = {}): Promise<{ port: number; callback: Promise<URL> }> {
  const opened = await loopbackWindow({ ...options, show: () => {} }).open({ signal });
  visit = opened;
  return {
    port: Number(new URL(opened.redirectUri).port),
    callback: opened.visit(new URL('https://login.example.com'), PENDING),
  };
}

/** Sends bytes, and gives the first line of the answer, if one comes before the connection ends. */
async function say(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  let answer = '';
  socket.on('data', (piece) => (answer += piece));
  socket.end(bytes);
  await once(socket, 'close');
  return answer.split('\r\n', 1)[0] ?? '';
}

const request = (line: string, headers = 'host: localhost'): string =>
  `${line} HTTP/1.1\r\n${headers}\r\n\r\n`;

it.each([
  ['two slashes', request('GET //')],
  ['an invalid host', request('GET //[')],
  ['an invalid port', request('GET //a:99999999/?state=the-state')],
  ['the absolute form', request('GET http://[::1/?state=the-state')],
  ['another scheme', request('GET javascript:alert(1)?state=the-state')],
  ['an asterisk', request('OPTIONS *')],
  ['an authority', request('CONNECT localhost:443')],
  ['backslashes', request('GET \\\\evil\\?state=the-state')],
  ['percent signs that encode nothing', request('GET /%%%?state=%E0%A4%A&code=%')],
  ['an unknown method', request('BREW /?state=the-state')],
  [
    'another method',
    request('POST /?state=the-state&code=c', 'host: localhost\r\ncontent-length: 0'),
  ],
  ['no host', request('GET /?state=the-state', 'x: y')],
  ['two hosts', request('GET /', 'host: a\r\nhost: b')],
  ['an upgrade', request('GET /', 'host: localhost\r\nconnection: upgrade\r\nupgrade: websocket')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS handshake', Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3)],
  ['a header of a megabyte', request('GET /', `host: localhost\r\nx: ${'y'.repeat(1_000_000)}`)],
  ['a URL of a megabyte', request(`GET /?${'y'.repeat(1_000_000)}`)],
  ['zero bytes', new Uint8Array(1000)],
  ['an end before the end', 'GET /?state=the-st'],
  ['nothing', ''],
])('the loopback listener survives %s, and still takes its callback', async (_, bytes) => {
  const { port, callback } = await start();
  expect(await say(port, bytes)).not.toMatch(/ 200 /);
  expect(await say(port, request('GET /?state=the-state&code=c'))).toBe('HTTP/1.1 200 OK');
  expect((await callback).searchParams.get('code')).toBe('c');
});

it('the loopback listener survives bytes at random and connections that are reset', async () => {
  const { port, callback } = await start({ path: '/back' });
  const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  await Promise.all(Array.from({ length: 30 }, (_, index) => say(port, random(index * 50))));
  await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      if (index % 2 === 0) socket.write(request('GET /back?state=other'));
      socket.resetAndDestroy();
    }),
  );
  expect(await say(port, request('GET /back?state=the-state&code=c'))).toBe('HTTP/1.1 200 OK');
  expect((await callback).pathname).toBe('/back');
});

it('the loopback listener has a limit of connections, and takes its callback when those that say nothing end', async () => {
  const { port, callback } = await start();
  for (let count = 0; count < 150; count++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
  }
  await once(sockets.at(-1) as Socket, 'close');
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect
    .poll(() => say(port, request('GET /?state=the-state&code=c')), { timeout: 10_000 })
    .toBe('HTTP/1.1 200 OK');
  expect((await callback).searchParams.get('code')).toBe('c');
});

it('the loopback listener takes a callback with the cookies of every other server on this host', async () => {
  const { port, callback } = await start();
  const cookies = `host: localhost\r\ncookie: ${'c=d; '.repeat(12_000)}`;
  expect(await say(port, request('GET /?state=the-state&code=c', cookies))).toBe('HTTP/1.1 200 OK');
  expect((await callback).searchParams.get('code')).toBe('c');
});

it('a URL that is shown for ever neither outlives the abort nor blocks the next sign-in', async () => {
  let shows = 0;
  const open = async (show: () => void | Promise<void>, by: AbortSignal): Promise<URL> => {
    const opened = await loopbackWindow({ show }).open({ signal: by });
    try {
      return await opened.visit(new URL('https://login.example.com'), PENDING);
    } finally {
      await opened.close();
    }
  };
  const forEver = (): Promise<void> => {
    shows++;
    return new Promise(() => {});
  };
  await expect(open(forEver, AbortSignal.timeout(50))).rejects.toThrow('timeout');
  const failing = Promise.reject(new Error('no screen'));
  failing.catch(() => {});
  await expect(open(() => failing, signal)).rejects.toThrow('no screen');
  expect(shows).toBe(1);
});

it('a callback that comes while the URL is still being shown ends the sign-in', async () => {
  const opened = await loopbackWindow({ show: () => new Promise(() => {}) }).open({ signal });
  visit = opened;
  const callback = opened.visit(new URL('https://login.example.com'), PENDING);
  const port = Number(new URL(opened.redirectUri).port);
  await say(port, request('GET /?state=the-state&code=c'));
  expect((await callback).searchParams.get('code')).toBe('c');
});

it.skipIf(process.platform === 'win32')(
  'a browser that cannot be opened makes the URL appear in the terminal',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cdf-browser-'));
    for (const name of ['xdg-open', 'open'])
      await writeFile(join(folder, name), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const opened = await loopbackWindow().open({ signal });
      visit = opened;
      opened.visit(new URL('https://login.example.com/?x=1'), PENDING).catch(() => {});
      await vi.waitFor(
        () =>
          expect(write.mock.calls.join('')).toContain(
            'open this URL in a browser:\nhttps://login.example.com/?x=1',
          ),
        5000,
      );
    } finally {
      write.mockRestore();
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  },
);
