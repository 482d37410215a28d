/// <reference types="node" />

import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors.js';
import { printable } from '../values/text.js';

/** A proxy, checked. */
export interface HttpProxy {
  /** Without user and password. */
  readonly url: string;
  /** The header that carries user and password. */
  readonly token: string | undefined;
  /** For messages: which setting has it. */
  readonly setting: string;
}

/** Chooses the proxy of a request, if any. */
export type ChooseProxy = (target: URL) => HttpProxy | undefined;

/**
 * Reads a proxy as it stands in settings: a URL, or `host:port`.
 *
 * @param setting for messages
 * @throws {ConfigError} when it is not an HTTP proxy. Its password is not repeated.
 */
export function readProxy(setting: string, text: string): HttpProxy {
  const given = text.trim();
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase() ?? 'http';
  if (!/^https?$/.test(scheme))
    throw new ConfigError(
      `${setting}: ${scheme}:// proxies are not supported; use an HTTP proxy (http:// or https://)`,
    );
  const address = given.includes('://') ? given : `http://${given}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || given === '' || /\s/.test(given))
    throw new ConfigError(
      `${setting} must be 'host:port' or a URL such as 'http://proxy.example.com:3128'`,
    );
  const [user, password] = [url.username, url.password].map((part) => decode(part));
  const isNamed = url.username + url.password !== '';
  return {
    url: url.origin,
    token: isNamed ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined,
    setting,
  };
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case; the small letters come first.
 */
export function proxyFromEnv(environment: NodeJS.ProcessEnv): ChooseProxy {
  const read = (name: string): HttpProxy | undefined => {
    const found = [name.toLowerCase(), name].find((each) => environment[each]?.trim());
    return found === undefined ? undefined : readProxy(found, environment[found] as string);
  };
  const http = read('HTTP_PROXY');
  const https = read('HTTPS_PROXY') ?? http;
  const isExcluded = noProxy(environment.no_proxy ?? environment.NO_PROXY ?? '');
  return (target) => (isExcluded(target) ? undefined : target.protocol === 'https:' ? https : http);
}

/**
 * Reads `NO_PROXY`: host names, which stand for the names below them too, IP addresses and CIDR
 * ranges, each with a port or without, between commas or spaces; `*` is everything.
 *
 * @throws {ConfigError} for a range whose prefix is too long for its address.
 */
export function noProxy(text: string): (target: URL) => boolean {
  const rules = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(noProxyRule);
  return (target) => {
    const host = target.hostname.replace(/^\[|\]$|\.$/g, '');
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    return rules.some((rule) => rule(host, port));
  };
}

function noProxyRule(entry: string): (host: string, port: string) => boolean {
  if (entry === '*') return () => true;
  const [, bracketed, plain, prefix, port] =
    /^(?:\[([^\]]+)\]|([^/]*?))(?:\/(\d+))?(?::(\d+))?$/.exec(withBrackets(entry)) ?? [];
  const address = bracketed ?? plain ?? '';
  const version = isIP(address);
  const isPort = (given: string): boolean => port === undefined || port === given;
  if (version === 0) {
    const name = entry
      .replace(/:\d+$/, '')
      .replace(/^\*?\./, '')
      .replace(/\.$/, '')
      .toLowerCase();
    const named = /:(\d+)$/.exec(entry)?.[1];
    return (host, given) =>
      (named === undefined || named === given) && (host === name || host.endsWith(`.${name}`));
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const longest = version === 4 ? 32 : 128;
  const length = Number(prefix ?? longest);
  if (length > longest)
    throw new ConfigError(
      `NO_PROXY: ${printable(entry)} has a prefix of more than ${longest} bits`,
    );
  const range = new BlockList();
  range.addSubnet(address, length, family);
  return (host, given) => {
    const found = isIP(host);
    return found !== 0 && isPort(given) && range.check(host, found === 4 ? 'ipv4' : 'ipv6');
  };
}

/** IPv6 addresses stand there without brackets, too. */
function withBrackets(entry: string): string {
  const [, address = '', prefix = ''] = /^([\da-f:.]+)(\/\d+)?$/i.exec(entry) ?? [];
  return isIP(address) === 6 ? `[${address}]${prefix}` : entry;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
