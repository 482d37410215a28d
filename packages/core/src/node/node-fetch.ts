/// <reference types="node" />

import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import { ConfigError } from '../errors.js';

/** The way to the network: a proxy, authorities to trust, a certificate to show. */
export interface NodeFetchOptions {
  /**
   * The proxy's address; or `'env'` for `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case.
   * @default no proxy
   */
  readonly proxy?: 'env' | (string & {}) | undefined;
  /** Certificates of private authorities as PEM. They are trusted besides the public ones. */
  readonly ca?: string | readonly string[] | undefined;
  /** A client certificate as PEM, where the server or proxy asks for one. */
  readonly cert?: string | undefined;
  /** Its private key as PEM. */
  readonly key?: string | undefined;
}

/** A `fetch` with connections of its own. */
export interface NodeFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Closes the connections that are kept open. */
  close(): Promise<void>;
}

/**
 * A `fetch` for machines behind a proxy or a private certificate authority. Given to a client as `fetch`, everything goes through it:
 * API, sign-in and storage. Needs the package `undici`.
 *
 * @example
 * new CdfClient({ …, fetch: nodeFetch({ proxy: 'env', ca: await readFile('plant-ca.pem', 'utf8') }) });
 *
 * @throws {ConfigError} when the proxy's address is none, and on the first request without `undici`.
 */
export function nodeFetch(options: NodeFetchOptions = {}): NodeFetch {
  const { proxy } = options;
  if (proxy !== undefined && proxy !== 'env' && !(URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)))
    throw new ConfigError("nodeFetch: proxy must be 'env' or an address such as 'http://proxy.example.com:3128'");
  let prepared: Promise<{ undici: typeof import('undici'); dispatcher: Dispatcher }> | undefined;
  const send = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    prepared ??= prepare(options);
    const { undici, dispatcher } = await prepared;
    const { url, settings } = input instanceof Request ? unpack(input) : { url: String(input), settings: {} };
    const merged = { ...settings, ...init, dispatcher } as unknown as import('undici').RequestInit;
    return (await undici.fetch(url, merged)) as unknown as Response;
  };
  return Object.assign(send, { close: async () => (await prepared)?.dispatcher.close() });
}

async function prepare({
  proxy,
  ca,
  cert,
  key,
}: NodeFetchOptions): Promise<{ undici: typeof import('undici'); dispatcher: Dispatcher }> {
  const undici = await import('undici').catch((cause) => {
    throw new ConfigError('nodeFetch needs the package undici: npm install undici', { cause });
  });
  const connect = {
    ...(ca !== undefined && { ca: [...rootCertificates, ...[ca].flat()] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  // To the proxy the same authorities are trusted as behind it.
  const tls = { connect, requestTls: connect, proxyTls: connect };
  const dispatcher =
    proxy === undefined
      ? new undici.Agent({ connect })
      : proxy === 'env'
        ? new undici.EnvHttpProxyAgent(tls)
        : new undici.ProxyAgent({ ...tls, uri: proxy });
  return { undici, dispatcher };
}

/** A `Request` of the runtime is not one of the package's. */
function unpack(request: Request): { url: string; settings: RequestInit } {
  const { url, method, headers, body, signal, redirect } = request;
  const settings = { method, headers: Object.fromEntries(headers), signal, redirect };
  return { url, settings: body === null ? settings : ({ ...settings, body, duplex: 'half' } as RequestInit) };
}
