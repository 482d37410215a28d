import { ConfigError } from '../errors.js';
import { quoted } from '../values/text.js';

/**
 * True if a URL leads to this machine, so that nothing travels over a network. Names below
 * `.localhost` go through a resolver, and may lead anywhere.
 */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Paths that do not start with one slash, that have a character which ends a path or is read as a
 * slash, or a segment that leads upwards in any spelling that a server or a proxy may decode: `..`,
 * `%2e%2e`, `..%2f`, `%252e%252e`, `..;`. An encoded slash by itself is part of a name.
 */
const NO_PATH =
  /^(?!\/(?!\/))|[\\#\p{Cc}]|(\/|%(25)*(2f|5c))(\.|%(25)*2e){1,2}(\/|;|%(25)*(2f|5c|3b)|$)/iu;

/**
 * The URL of a request. The result is always below `baseUrl`: no path can lead to another host, or
 * out of the project.
 *
 * @throws {ConfigError} when the path is invalid.
 */
export function buildUrl(
  baseUrl: string,
  project: string,
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>> = {},
): string {
  const [pathname = '', ...search] = path.split('?');
  checkPath(pathname);
  // A URL has U+FFFD in the place of half a surrogate pair, and would name something else.
  if (/\p{Cs}/u.test([path, ...Object.entries(query)].join()))
    throw new ConfigError(
      `path and query must not have halves of surrogate pairs, got ${quoted(path.slice(0, 200))}`,
    );
  const root = isFromRoot(pathname) ? '' : `/api/v1/projects/${encodeURIComponent(project)}`;
  const parameters = new URLSearchParams(search.join('?'));
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return baseUrl + root + pathname + (text && `?${text}`);
}

/**
 * @throws {ConfigError} when it could lead to another host, or out of the project.
 * @param pathname without the query
 */
export function checkPath(pathname: string): void {
  if (NO_PATH.test(pathname))
    throw new ConfigError(
      `path must be like '/assets', without dot segments, backslashes, # or control characters, got ${quoted(pathname.slice(0, 200))}`,
    );
}

/** True if a path starts at the root of the host, and not below the project. */
export function isFromRoot(path: string): boolean {
  return /^\/(api|login)\//.test(path);
}

/** A path for messages: no query, where secrets may be, and no line breaks. */
export function shownPath(path: string): string {
  return quoted(path.split(/[?#]/, 1)[0]?.slice(0, 200) ?? '').slice(1, -1);
}

/** The URL of a sign-in for messages, without its query. */
export function shownUrl(url: string): string {
  return URL.canParse(url)
    ? shownPath(new URL(url).origin + new URL(url).pathname)
    : 'an invalid URL';
}
