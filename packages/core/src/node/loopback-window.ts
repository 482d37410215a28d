/// <reference types="node" />

import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { untilAborted } from '../async/scope.js';
import type { SignInWindow } from '../auth/interactive/options.js';
import { ConfigError } from '../errors.js';

/**
 * Any program and page of this machine can connect. Connections that say nothing are closed;
 * headers may be as long as the cookies that other servers on this host have set.
 *
 * @unit milliseconds, bytes
 */
const LIMITS = {
  connectionsCheckingInterval: 1000,
  headersTimeout: 5000,
  requestTimeout: 5000,
  maxHeaderSize: 131_072,
};
const MOST_CONNECTIONS = 100;

/** The URL that the browser comes back to, and the page that it shows there. */
export interface LoopbackWindowOptions {
  /**
   * Where the browser comes back to on this machine. Registered with the identity provider as
   * `http://localhost:{port}`, or as `http://localhost` where it allows any port, as Entra ID does.
   * @default any free one
   */
  readonly port?: number | undefined;
  /**
   * The host name of the URL, as registered. It is only listened to on this machine either way.
   * @default 'localhost'
   */
  readonly host?: 'localhost' | '127.0.0.1' | undefined;
  /**
   * The path of the URL, as registered: `'/callback'`.
   * @default none, not even a slash
   */
  readonly path?: string | undefined;
  /**
   * Shows the URL to the person. The sign-in does not wait for its promise, but fails with it.
   * @default the system's browser
   */
  readonly show?: ((url: URL) => void | Promise<void>) | undefined;
  /**
   * The text that the browser shows in the end.
   *
   * @default 'You are signed in. You can close this window.'
   */
  readonly farewell?: string | undefined;
}

/**
 * Signing in with the browser of this machine, which comes back to a server that runs only for
 * that.
 */
export function loopbackWindow(options: LoopbackWindowOptions = {}): SignInWindow {
  const {
    port = 0,
    host = 'localhost',
    path = '',
    show,
    farewell = 'You are signed in. You can close this window.',
  } = options;
  if (path !== '' && !path.startsWith('/'))
    throw new ConfigError("loopbackWindow: path must start with '/'");
  return {
    async open({ signal }) {
      let arrive: (callback: URL) => void = () => {};
      const arrived = new Promise<URL>((resolve) => {
        arrive = resolve;
      });
      let origin = '';
      let state: string | undefined;
      const server = createServer(LIMITS, ({ method, url }, response) => {
        const callback = method === 'GET' ? callbackUrl(url, origin) : undefined;
        const isOurs =
          callback?.pathname === (path || '/') && callback.searchParams.get('state') === state;
        const ours = state !== undefined && isOurs ? callback : undefined;
        response.writeHead(ours ? 200 : 404, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'",
          connection: 'close',
        });
        // Not before the page is sent: the server is closed as soon as the answer is known.
        if (ours) response.once('close', () => arrive(ours));
        const text = ours?.searchParams.has('error')
          ? 'Signing in failed. See the program for the reason.'
          : farewell;
        response.end(
          `<!doctype html><title>CDF</title><p>${ours ? escapeHtml(text) : 'Nothing here.'}</p>`,
        );
      });
      server.maxConnections = MOST_CONNECTIONS;
      await listen(server, port);
      origin = `http://${host}:${(server.address() as AddressInfo).port}`;
      return {
        redirectUri: origin + path,
        async visit(url, pending) {
          state = pending.state;
          signal.throwIfAborted();
          // A browser that is waited for may stay open; a failure ends the wait.
          let waits = true;
          const shown = (async () => (show ? show(url) : openBrowser(url, () => waits)))();
          const failed = new Promise<never>((_, reject) => void shown.catch(reject));
          try {
            return await untilAborted(Promise.race([arrived, failed]), signal);
          } finally {
            waits = false;
          }
        },
        async close() {
          const closed = new Promise((resolve) => server.close(resolve));
          server.closeAllConnections();
          await closed;
        },
      };
    },
  };
}

/**
 * The URL that the browser asks for; `undefined` for the request lines that no browser sends, such
 * as `GET //` and `OPTIONS *`.
 */
function callbackUrl(target: string | undefined, origin: string): URL | undefined {
  if (target?.startsWith('/') !== true || !URL.canParse(origin + target)) return undefined;
  return new URL(origin + target);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // For as long as the server lives: a connection that cannot be accepted is an error of the
    // server too.
    server.on('error', (error) =>
      reject(
        new ConfigError(`signing in: port ${port} is not available; choose another`, {
          cause: error,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Never through a shell, which would read the URL as a command.
 *
 * @param waits false once the sign-in has ended
 */
function openBrowser(url: URL, waits: () => boolean): void {
  const [command, ...parameters] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  const child = spawn(command as string, [...parameters, url.href], {
    stdio: 'ignore',
    detached: true,
  });
  const tell = (): void =>
    void process.stderr.write(`To sign in, open this URL in a browser:\n${url.href}\n`);
  child.once('error', tell);
  // Such as 3 of xdg-open: no browser was found. On Windows the code says nothing.
  child.once('exit', (code) => {
    if (code && process.platform !== 'win32' && waits()) tell();
  });
  child.unref();
}
