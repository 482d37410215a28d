import * as oauth from 'oauth4webapi';
import { ConfigError } from '../errors.js';
import { checkEndpoint } from './checks.js';
import type { AccessToken, TokenContext } from './credentials.js';
import { jwtExpiry } from './jwt.js';
import type { ProviderAddress } from './oauth-endpoints.js';
import { exchangeToken, type HttpOptions } from './token-endpoint.js';

/**
 * How long a token is used whose end nobody told. If it is less, CDF's refusal brings the next one.
 * @unit milliseconds
 */
const UNTOLD_LIFETIME = 300_000;

/**
 * An id token has just come from the provider's own hand, and nothing here is decided by it: that its clock is not ours is no reason to
 * refuse it. Browsers do not show what that clock says.
 * @unit seconds
 */
const ID_TOKEN_TOLERANCE = 86_400;

type Endpoint = 'token_endpoint' | 'authorization_endpoint' | 'device_authorization_endpoint';

/** An identity provider. A discovery document is asked for once, and again if that failed. */
export class OAuthServer {
  readonly #address: ProviderAddress;
  #metadata: oauth.AuthorizationServer | undefined;
  #clockSkew = 0;

  constructor(address: ProviderAddress) {
    this.#address = address;
    this.#metadata = address.metadata;
  }

  /** Whether the provider's own name is known, so that what it says of itself can be checked. */
  get discovered(): boolean {
    return this.#address.issuer !== undefined;
  }

  /** How far the provider's clock is ahead of ours, as its last answer told. @unit seconds */
  get clockSkew(): number {
    return this.#clockSkew;
  }

  /** A client of this provider that signs, and reads what is signed, by the provider's clock. */
  client(clientId: string): oauth.Client {
    const skew = (): number => this.#clockSkew;
    return {
      client_id: clientId,
      get [oauth.clockSkew]() {
        return skew();
      },
      [oauth.clockTolerance]: ID_TOKEN_TOLERANCE,
    };
  }

  async metadata(context: TokenContext): Promise<oauth.AuthorizationServer> {
    const { issuer } = this.#address;
    if (this.#metadata !== undefined || issuer === undefined) return this.#metadata as oauth.AuthorizationServer;
    this.#metadata = await exchangeToken({
      url: issuer.href,
      context,
      secrets: [],
      request: (http) => this.#send(oauth.discoveryRequest(issuer, http)),
      process: (response) => oauth.processDiscoveryResponse(issuer, response),
    });
    return this.#metadata;
  }

  /** An address that the provider offers. @throws {ConfigError} when it does not. */
  async endpoint(name: Endpoint, context: TokenContext): Promise<string> {
    const address = (await this.metadata(context))[name];
    if (address === undefined) throw new ConfigError(`the identity provider ${this.#address.authority} has no ${name}`);
    return checkEndpoint(name, address);
  }

  /** One request to the token endpoint. */
  async grant(
    context: TokenContext,
    secrets: readonly string[],
    request: (server: oauth.AuthorizationServer, http: HttpOptions) => Promise<Response>,
    process: (server: oauth.AuthorizationServer, response: Response) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<SignedIn> {
    const server = await this.metadata(context);
    const url = await this.endpoint('token_endpoint', context);
    const answer = await exchangeToken({
      url,
      context,
      secrets,
      request: (http) => this.#send(request(server, http)),
      // Who signed an id token can only be checked where the issuer is known; nothing else here needs it.
      process: async (response) => process(server, this.discovered ? response : await withoutIdToken(response)),
    });
    const { access_token: value, expires_in: lifetime, refresh_token: refreshToken } = answer;
    const lifetimeEnd = lifetime === undefined ? jwtExpiry(value) : Date.now() + lifetime * 1000;
    return { value, expiresAt: lifetimeEnd ?? Date.now() + UNTOLD_LIFETIME, refreshToken };
  }

  async #send(sending: Promise<Response>): Promise<Response> {
    const response = await sending;
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(theirs)) this.#clockSkew = Math.floor((theirs - Date.now()) / 1000);
    return response;
  }
}

/** A token and what renews it. */
export interface SignedIn extends AccessToken {
  readonly refreshToken?: string | undefined;
}

async function withoutIdToken(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const { status, headers } = response;
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return new Response(text, { status, headers });
  }
  if (typeof body === 'object' && body !== null && 'id_token' in body) body = { ...body, id_token: undefined };
  return new Response(JSON.stringify(body), { status, headers });
}
