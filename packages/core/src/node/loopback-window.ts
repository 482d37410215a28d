/// <reference types="node" />

import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { untilAborted } from '../async/scope.js';
import type { SignInWindow } from '../auth/interactive/options.js';
import { ConfigError } from '../errors.js';

/** The address that the browser comes back to, and what it shows there. */
export interface LoopbackWindowOptions {
  /**
   * Where the browser comes back to on this machine. Registered with the identity provider as `http://localhost:{port}`, or
   * as `http://localhost` where it allows any port, as Entra ID does.
   * @default any free one
   */
  readonly port?: number | undefined;
  /**
   * The host name of the address, as registered. It is only listened to on this machine either way.
   * @default 'localhost'
   */
  readonly host?: 'localhost' | '127.0.0.1' | undefined;
  /**
   * The path of the address, as registered: `'/callback'`.
   * @default none, not even a slash
   */
  readonly path?: string | undefined;
  /**
   * Shows the address to the person.
   * @default the system's browser
   */
  readonly show?: ((url: URL) => void | Promise<void>) | undefined;
  /** What the browser shows in the end. @default 'You are signed in. You can close this window.' */
  readonly farewell?: string | undefined;
}

/** Signing in with the browser of this machine, which comes back to a server that runs only for that. */
export function loopbackWindow(options: LoopbackWindowOptions = {}): SignInWindow {
  const {
    port = 0,
    host = 'localhost',
    path = '',
    show = openBrowser,
    farewell = 'You are signed in. You can close this window.',
  } = options;
  if (path !== '' && !path.startsWith('/')) throw new ConfigError("loopbackWindow: path must start with '/'");
  return {
    async open({ signal }) {
      let arrive: (request: string) => void = () => {};
      const arrived = new Promise<string>((resolve) => {
        arrive = resolve;
      });
      let state: string | undefined;
      const server = createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
        const ours = pathname === (path || '/') && state !== undefined && searchParams.get('state') === state;
        response.writeHead(ours ? 200 : 404, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'",
          connection: 'close',
        });
        const text = searchParams.has('error') ? 'Signing in failed. The program says why.' : farewell;
        response.end(`<!doctype html><title>CDF</title><p>${ours ? escapeHtml(text) : 'Nothing here.'}</p>`);
        if (ours) arrive(request.url ?? '/');
      });
      await listen(server, port);
      const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
      return {
        redirectUri: origin + path,
        async visit(url, pending) {
          state = pending.state;
          await show(url);
          return new URL(await untilAborted(arrived, signal), origin);
        },
        async close() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new ConfigError(`signing in: port ${port} cannot be listened to; choose another`, { cause: error })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Never through a shell, which would read the address as a command. */
function openBrowser(url: URL): void {
  const [command, ...parameters] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open'];
  const child = spawn(command as string, [...parameters, url.href], { stdio: 'ignore', detached: true });
  child.once('error', () => process.stderr.write(`To sign in, open this address in a browser:\n${url.href}\n`));
  child.unref();
}
