import { ApiError } from '../errors.js';

/** The rules for access to the emulator. */
export interface AccessRules {
  /** Further names that the `Host` header may carry, besides the loopback ones. */
  readonly allowHosts: readonly string[];
  /** Browser origins that may call the API; `*` allows all. */
  readonly allowOrigins: readonly string[];
}

/** The host of an emulator without a socket. No resolver knows names below `.invalid`. */
export const IN_PROCESS_HOST = 'emulator.invalid';

/**
 * True if a host name, as a URL has it, is this machine. Names below `.localhost` go through a
 * resolver, and may lead anywhere.
 */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Refuses requests that a page on another origin could have caused: a foreign `Host` (DNS
 * rebinding) and a foreign `Origin`. Gives the origin that the answer's CORS headers may name.
 */
export function checkAccess(url: URL, headers: Headers, rules: AccessRules): string | undefined {
  const { hostname } = url;
  if (
    !isLoopback(hostname) &&
    hostname !== IN_PROCESS_HOST &&
    !rules.allowHosts.includes(hostname)
  ) {
    throw new ApiError(
      421,
      `The host ${hostname} is not one of this emulator's names; add it with --allow-host`,
    );
  }
  const origin = headers.get('origin');
  // No browser sends '*'; a client for Node.js does, and it needs no CORS headers.
  if (origin === null || origin === '*') {
    refuseCrossSite(headers);
    return undefined;
  }
  if (origin === url.origin) return origin;
  if (rules.allowOrigins.includes('*') || rules.allowOrigins.includes(origin)) return origin;
  const { allowOrigins } = rules;
  const allowed = allowOrigins.length === 0 ? '' : ` (allowed: ${allowOrigins.join(', ')})`;
  throw new ApiError(
    403,
    `The browser origin ${origin} is not allowed${allowed}; start the emulator with ` +
      `--allow-origin ${origin} (allowOrigins: ['${origin}'])`,
  );
}

/**
 * Images, scripts and links from other sites send no Origin, but browsers say where they come from.
 */
function refuseCrossSite(headers: Headers): void {
  if (
    headers.get('sec-fetch-site') !== 'cross-site' ||
    headers.get('sec-fetch-mode') === 'navigate'
  )
    return;
  throw new ApiError(403, 'Requests that a page on another site caused are not allowed');
}

const EXPOSED = 'x-request-id, retry-after, cdf-is-auto-retryable';
const OF_CONTENTS = 'accept-ranges, content-range, etag';

/** The headers that let an allowed page read the answer. */
export function corsHeaders(origin: string, exposesContents = true): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposesContents ? `${EXPOSED}, ${OF_CONTENTS}` : EXPOSED,
    vary: 'origin',
  };
}

/** The answer to a preflight of an allowed page. */
export function preflight(origin: string, requested: string | null): Response {
  const headers = {
    ...corsHeaders(origin),
    'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': requested ?? '*',
    'access-control-max-age': '600',
  };
  return new Response(null, { status: 204, headers });
}
