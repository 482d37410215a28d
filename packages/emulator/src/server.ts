import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { checkServerOptions } from './check-options.js';
import { createCore, type Emulator, type EmulatorCore } from './emulator.js';
import { EmulatorError } from './errors.js';
import { withHostNames } from './host-names.js';
import type { ServerOptions } from './options.js';

/**
 * An emulator that listens on a socket. Close it, or hold it with `await using`.
 *
 * @throws {EmulatorError} when an option is misspelt or means nothing, the port is in use, or the data
 * folder cannot be used
 */
export async function startEmulator(options: ServerOptions = {}): Promise<Emulator> {
  return await startServer(options);
}

/** The same with what the program tells about it. @internal */
export async function startServer(options: ServerOptions): Promise<EmulatorCore> {
  checkServerOptions(options);
  const { host = '127.0.0.1', port = 0 } = options;
  let url = '';
  // The address that it was told to listen on is a name of its own, unless it stands for all of
  // them.
  const own =
    host === '0.0.0.0' || host === '::'
      ? []
      : [host.includes(':') ? `[${host}]` : host.toLowerCase()];
  const named = withHostNames(options);
  const allowHosts = [...(named.allowHosts ?? []), ...own];
  const core = createCore({ ...named, allowHosts }, () => url);
  const listener = getRequestListener((request, env) => core.handle(request, env as object), {
    overrideGlobalObjects: false,
    hostname: host,
  });
  const server = createServer(
    { keepAliveTimeout: 65_000, requestTimeout: 0 },
    (incoming, outgoing) => {
      // The listener answers its own failures, so that it need not be awaited.
      void listener(incoming, outgoing);
    },
  );
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
    await core.ready;
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await core.close();
    throw startFailure(error as Error & { code?: string }, host, port);
  }
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    await core.close();
  };
  const descriptors = Object.getOwnPropertyDescriptors(core);
  return Object.defineProperties({} as EmulatorCore, {
    ...descriptors,
    close: { value: close, enumerable: true },
    [Symbol.asyncDispose]: { value: close },
  });
}

function startFailure(error: Error & { code?: string }, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new EmulatorError(
      `port ${port} is in use; choose another one, or 0 for one that is free`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new EmulatorError(`cannot listen on ${host}:${port}: ${error.message}`, {
      cause: error,
    });
  }
  return error;
}
