import { refuse } from './check-values.js';
import type { EmulatorOptions } from './options.js';

/**
 * A browser origin as browsers send it: in lower case, without a slash at the end or a port that
 * goes without saying.
 *
 * @throws {EmulatorError} for anything else, which no origin would ever equal
 */
export function originOf(subject: string, value: unknown): string {
  if (value === '*' || value === 'null') return value;
  const wanted = 'an origin such as http://localhost:5173';
  if (typeof value !== 'string') return refuse(subject, wanted, value);
  if (value.includes('*'))
    return refuse(subject, wanted, value, 'list each origin, or "*" for all');
  const [, scheme, host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^\s/?#@,]+)(.*)$/i.exec(value) ?? [];
  if (scheme === undefined || host === undefined || rest === undefined) {
    const near = `http://${value}`;
    const isNear = /^[^\s/?#@,:]+(:\d+)?$/.test(value) && URL.canParse(near);
    return refuse(subject, wanted, value, isNear ? `did you mean "${near.toLowerCase()}"?` : '');
  }
  const isWeb = /^https?$/i.test(scheme);
  const own = `${scheme}://${host}`.toLowerCase();
  if (isWeb && !URL.canParse(own)) return refuse(subject, wanted, value);
  const origin = isWeb ? new URL(own).origin : own;
  if (rest === '' || rest === '/') return origin;
  const isPath = /^[/?#]/.test(rest);
  return refuse(subject, wanted, value, isPath ? `did you mean "${origin}"?` : 'pass one by one');
}

/**
 * A name that the `Host` header may carry, as URLs have it: in lower case, IPv6 in brackets.
 *
 * @throws {EmulatorError} for a URL, a name with a port, or a pattern
 */
export function hostOf(subject: string, value: unknown): string {
  const wanted = 'a host name without a port';
  if (typeof value !== 'string') return refuse(subject, wanted, value);
  const own = /^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i.test(value) ? `[${value}]` : value;
  const name = hostnameOf(own.includes('://') ? own : `http://${own}`);
  if (name !== undefined && /^(\[[\da-f:.]+\]|[^\s/?#@,:*[\]]+)$/i.test(own)) return name;
  const isNear = name !== undefined && !own.includes('*');
  return refuse(subject, wanted, value, isNear ? `did you mean "${name}"?` : '');
}

/** The options with origins and host names as requests have them. */
export function withHostNames<T extends EmulatorOptions>(options: T): T {
  return {
    ...options,
    allowOrigins: options.allowOrigins?.map((each, at) => originOf(`allowOrigins[${at}]`, each)),
    allowHosts: options.allowHosts?.map((each, at) => hostOf(`allowHosts[${at}]`, each)),
  };
}

function hostnameOf(url: string): string | undefined {
  const name = URL.canParse(url) ? new URL(url).hostname : '';
  return name === '' ? undefined : name;
}
