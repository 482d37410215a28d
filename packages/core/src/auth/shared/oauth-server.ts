import * as oauth from 'oauth4webapi';
import { ConfigError } from '../../errors.js';
import { isLoopback } from '../../transport/url.js';
import { checkEndpoint } from './checks.js';
import type { TokenContext } from './credentials.js';
import type { ProviderAddress } from './oauth-endpoints.js';
import { type SignedIn, toSignedIn } from './signed-in.js';
import { exchangeToken, type HttpOptions } from './token-endpoint.js';

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

  /** True if the provider's own name is known, so that its metadata can be checked. */
  get discovered(): boolean {
    return this.#address.issuer !== undefined;
  }

  /** True if the provider is on this machine, and may therefore use http URLs. */
  get isLocal(): boolean {
    return isLoopback(new URL(this.#address.authority));
  }

  /** How far the provider's clock is ahead of ours, as its last answer told. @unit seconds */
  get clockSkew(): number {
    return this.#clockSkew;
  }

  /** A client of this provider that signs by the provider's clock. */
  client(clientId: string): oauth.Client {
    const skew = (): number => this.#clockSkew;
    return {
      client_id: clientId,
      get [oauth.clockSkew]() {
        return skew();
      },
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
    return checkEndpoint(name, address, this.isLocal);
  }

  /** One request to the token endpoint. */
  async grant(
    context: TokenContext,
    secrets: readonly string[],
    client: oauth.Client,
    request: (server: oauth.AuthorizationServer, http: HttpOptions) => Promise<Response>,
  ): Promise<SignedIn> {
    const server = await this.metadata(context);
    const url = await this.endpoint('token_endpoint', context);
    return exchangeToken({
      url,
      context,
      secrets,
      // Without discovery the issuer's name is not known, and an id token cannot be checked. Nothing here is decided by one.
      ignored: this.discovered ? undefined : 'id_token',
      request: (http) => this.#send(request(server, http)),
      process: async (response) =>
        toSignedIn(await oauth.processGenericTokenEndpointResponse(server, client, response)),
    });
  }

  async #send(sending: Promise<Response>): Promise<Response> {
    const response = await sending;
    const theirs = Date.parse(response.headers.get('date') ?? '');
    if (!Number.isNaN(theirs)) this.#clockSkew = Math.floor((theirs - Date.now()) / 1000);
    return response;
  }
}
