import { DecodeError, type Delivery } from '../errors.js';
import type { RequestInfo } from '../transport/interceptor.js';
import type { NetworkFailure } from './network-failure.js';
import { safeCause } from './safe-cause.js';

/** Codes of Node and undici that come before the first byte of a request. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_ALTNAME_INVALID)$/;
/** fetch has no code for it, only words. */
const BAD_PORT = 'bad port';
/** What an answer that is no TLS looks like, and a server that has no version or cipher in common. */
const NO_TLS =
  /^EPROTO$|^ERR_SSL_.*(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE)$/;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/;
/** The codes of zlib and Brotli for bytes that cannot be inflated. */
const NOT_ENCODED = /^Z_DATA_ERROR$|^ERR_(BROTLI_DECODER)?_ERROR_FORMAT/;
/** Those of the parser, without that of an answer which ends early and of one that is too long. */
const NOT_HTTP = /^HPE_(?!INVALID_EOF_STATE|HEADER_OVERFLOW)/;

/**
 * Only where the runtime's own code proves it is the request said to have never been sent.
 *
 * @param kind the kind of request, which tells the setting that has the URL
 * @param secrets strings that must not show in the cause
 * @param label begins messages
 * @throws {DecodeError} when the answer came, and cannot be inflated: another one would be the same
 */
export function explainNetworkFailure(
  error: unknown,
  kind: RequestInfo['kind'],
  secrets: readonly string[] = [],
  label: string = kind,
): NetworkFailure {
  const { code, syscall, proxy } = readRootCause(error);
  if (NOT_ENCODED.test(code) && kind !== 'sign-in')
    throw new DecodeError(`${label}: ${NOT_INFLATED} (${code})`, {
      delivery: 'unknown',
      cause: safeCause(error, secrets),
    });
  const untrusted = UNTRUSTED.test(code);
  const unsent =
    NEVER_SENT.test(code) ||
    code === BAD_PORT ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo';
  const delivery: Delivery = unsent || untrusted ? 'none' : 'unknown';
  const said =
    proxy === undefined
      ? explanation(code, untrusted, kind)
      : explainProxy(proxy, code, untrusted, unsent);
  const refused = proxy?.status !== undefined;
  return {
    explanation: `${said}${code === '' || refused ? '' : ` (${code})`}`,
    // A proxy that makes no tunnel has sent nothing through it.
    delivery: refused ? 'none' : delivery,
    cause: safeCause(error, secrets),
  };
}

const NOT_INFLATED =
  'the answer is not in the encoding that its content-encoding names; is a proxy in between?';

const ADDRESS: Readonly<Record<RequestInfo['kind'], string>> = {
  api: 'baseUrl or cluster',
  'sign-in': 'tokenUrl or issuer of the credentials',
  transfer: 'the network: CDF gave this URL',
};

function explanation(code: string, untrusted: boolean, kind: RequestInfo['kind']): string {
  if (code === 'ECONNREFUSED')
    return `the connection was refused; check ${ADDRESS[kind]}, and that the server runs`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `the host name is unknown; check ${ADDRESS[kind]} and the network`;
  if (code === BAD_PORT) return `fetch blocks this port; check ${ADDRESS[kind]}`;
  if (untrusted)
    return "the server's certificate is not trusted; for a private CA pass fetch: nodeFetch({ ca }) of @cdf/core/node";
  if (NO_TLS.test(code))
    return `no TLS connection could be made; check ${ADDRESS[kind]}: is it http: in place of https:?`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return 'no connection within the time limit; is a proxy needed?';
  if (NOT_HTTP.test(code)) return `the answer is not valid HTTP; check ${ADDRESS[kind]}`;
  if (NOT_ENCODED.test(code)) return NOT_INFLATED;
  return 'the connection failed or was lost before the whole answer came';
}

/** The proxy of `nodeFetch` that a request went through. */
interface UsedProxy {
  readonly url: string;
  readonly setting: string;
  /** The status that it answered instead of opening a tunnel. */
  readonly status: string | undefined;
}

/**
 * The host of the API is looked up by the proxy: whatever fails before a tunnel is between here and
 * the proxy.
 */
function explainProxy(
  { url, setting, status }: UsedProxy,
  code: string,
  untrusted: boolean,
  unsent: boolean,
): string {
  if (status === '407')
    return `the proxy ${url} requires a user and a password (407); set them in ${setting}`;
  if (status !== undefined)
    return `the proxy ${url} refused the connection to this host (${status}); check ${setting}`;
  if (untrusted) return `${explanation(code, untrusted, 'api')}, and at the proxy ${url}`;
  if (unsent) return `the proxy ${url} cannot be reached; check ${setting}`;
  return `the connection through the proxy ${url} failed or was lost before the whole answer came`;
}

/** The same, empty for an error of others that throws when it is read. */
function readRootCause(error: unknown): ReturnType<typeof rootCause> {
  try {
    return rootCause(error);
  } catch {
    return { code: '', syscall: undefined };
  }
}

/** The first code in the chain of causes; of several addresses tried, that of the last. */
function rootCause(error: unknown): {
  code: string;
  syscall: unknown;
  proxy?: UsedProxy | undefined;
} {
  let current = error;
  let proxy: UsedProxy | undefined;
  for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth++) {
    const {
      code,
      syscall,
      cause,
      errors,
      message,
      proxy: url,
      setting,
    } = current as Record<string, unknown>;
    if (typeof url === 'string' && typeof setting === 'string')
      proxy = { url, setting, status: undefined };
    const status = proxy && /^Proxy response \((\d{3})\)/.exec(String(message))?.[1];
    if (proxy !== undefined && status !== undefined) proxy = { ...proxy, status };
    // A fetch of one's own may have put anything there.
    if (typeof code === 'string')
      return { code: /^[\w.-]{1,60}$/.test(code) ? code : '', syscall, proxy };
    if (message === BAD_PORT) return { code: BAD_PORT, syscall, proxy };
    current = cause ?? (Array.isArray(errors) ? errors.at(-1) : undefined);
  }
  return { code: '', syscall: undefined, proxy };
}
