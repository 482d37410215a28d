/// <reference types="node" />

import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { ConfigError } from '../errors.js';
import { type ChooseProxy, type HttpProxy, proxyFromEnv, readProxy } from './proxy.js';

/** The way to the network: a proxy, authorities to trust, a certificate to show. */
export interface NodeFetchOptions {
  /**
   * The HTTP proxy, a URL or `host:port`; or `'env'` for `HTTPS_PROXY`, `HTTP_PROXY` and
   * `NO_PROXY`, in either case. `NO_PROXY` has host names, which stand for the names below them
   * too, IP addresses and CIDR ranges, each with a port or without.
   * @default no proxy
   */
  readonly proxy?: 'env' | (string & {}) | undefined;
  /** Certificates of private authorities as PEM. They are trusted besides the public ones. */
  readonly ca?: string | readonly string[] | undefined;
  /** A client certificate as PEM, where the server or proxy asks for one. */
  readonly cert?: string | undefined;
  /** The private key of `cert` as PEM. */
  readonly key?: string | undefined;
}

/** A `fetch` with connections of its own. */
export interface NodeFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Closes the connections that are kept open. */
  close(): Promise<void>;
}

/**
 * A `fetch` for machines behind a proxy or a private certificate authority. Given to a client as
 * `fetch`, everything goes through it: API, sign-in and storage. Needs the package `undici`.
 *
 * @example
 * const ca = await readFile('plant-ca.pem', 'utf8');
 * new CdfClient({ …, fetch: nodeFetch({ proxy: 'env', ca }) });
 *
 * @throws {ConfigError} when the proxy is not an HTTP proxy, and on the first request without
 * `undici`.
 */
export function nodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  const { proxy } = options;
  const chooseProxy = proxy === undefined ? () => undefined : proxyChoice(proxy);
  let prepared: Promise<Connections> | undefined;
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    prepared ??= Connections.open(options);
    const connections = await prepared;
    const { url, settings } =
      input instanceof Request ? unpack(input) : { url: String(input), settings: {} };
    const chosen = URL.canParse(url) ? chooseProxy(new URL(url)) : undefined;
    const merged = { ...settings, ...init, dispatcher: connections.through(chosen) };
    try {
      return (await connections.undici.fetch(
        url,
        merged as unknown as import('undici').RequestInit,
      )) as unknown as Response;
    } catch (error) {
      throw chosen === undefined || init?.signal?.aborted ? error : new ProxiedError(chosen, error);
    }
  };
  return Object.assign(send, { close: async () => (await prepared)?.close() });
}

function proxyChoice(proxy: string): ChooseProxy {
  if (proxy === 'env') return proxyFromEnv(process.env);
  const checked = readProxy('nodeFetch: proxy', proxy);
  return () => checked;
}

/** A request through a proxy failed: the explanation of network errors reads these properties. */
class ProxiedError extends TypeError {
  /** Without user and password. */
  readonly proxy: string;
  readonly setting: string;

  constructor({ url, setting }: HttpProxy, cause: unknown) {
    super('fetch failed', { cause });
    this.proxy = url;
    this.setting = setting;
  }
}

/** The connections of one `fetch`: one pool without a proxy, and one for each proxy. */
class Connections {
  readonly undici: typeof import('undici');
  readonly #connect: object;
  readonly #dispatchers = new Map<string, Dispatcher>();

  private constructor(undici: typeof import('undici'), { ca, cert, key }: NodeFetchOptions) {
    this.undici = undici;
    this.#connect = {
      ...(ca !== undefined && { ca: [...rootCertificates, ...[ca].flat()] }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
  }

  static async open(options: NodeFetchOptions): Promise<Connections> {
    const undici = await import('undici').catch((cause) => {
      throw new ConfigError('nodeFetch needs the package undici: npm install undici', { cause });
    });
    return new Connections(undici, options);
  }

  through(proxy: HttpProxy | undefined): Dispatcher {
    const name = proxy === undefined ? '' : `${proxy.url} ${proxy.token}`;
    let dispatcher = this.#dispatchers.get(name);
    if (dispatcher === undefined) {
      dispatcher = this.#open(proxy);
      this.#dispatchers.set(name, dispatcher);
    }
    return dispatcher;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.close()));
  }

  #open(proxy: HttpProxy | undefined): Dispatcher {
    const connect = this.#connect;
    if (proxy === undefined) return new this.undici.Agent({ connect });
    const { url: uri, token } = proxy;
    // To the proxy the same authorities are trusted as behind it.
    return new this.undici.ProxyAgent({
      connect,
      requestTls: connect,
      proxyTls: connect,
      uri,
      ...(token !== undefined && { token }),
    });
  }
}

/** A `Request` of the runtime is not one of the package's. */
function unpack(request: Request): { url: string; settings: RequestInit } {
  const { url, method, headers, body, signal, redirect } = request;
  const settings = { method, headers: Object.fromEntries(headers), signal, redirect };
  return {
    url,
    settings: body === null ? settings : ({ ...settings, body, duplex: 'half' } as RequestInit),
  };
}
