import * as oauth from 'oauth4webapi';
import { ConfigError } from '../../errors.js';
import { isLoopback } from '../../transport/url.js';
import { quoted } from '../../values/text.js';
import { checkEndpoint } from './checks.js';
import type { TokenContext } from './credentials.js';
import { exchangeToken } from './exchange-token.js';
import type { ProviderAddress } from './oauth-endpoints.js';
import { type SignedIn, toSignedIn } from './signed-in.js';

type Endpoint = 'token_endpoint' | 'authorization_endpoint' | 'device_authorization_endpoint';

/** A request of an endpoint that takes a form. */
export interface OAuthRequest<T> {
  readonly endpoint: Endpoint;
  readonly parameters: Readonly<Record<string, string>>;
  /** @default the client's id alone, for clients without a secret */
  readonly authentication?: oauth.ClientAuth | undefined;
  readonly secrets?: readonly string[] | undefined;
  /** A member of the answer that is not looked at. */
  readonly ignored?: string | undefined;
  read(server: oauth.AuthorizationServer, client: oauth.Client, response: Response): Promise<T>;
}

/**
 * An identity provider, and our client there. A discovery document is requested once, and again if
 * that failed.
 */
export class OAuthServer {
  readonly #address: ProviderAddress;
  #metadata: oauth.AuthorizationServer | undefined;
  /** Signs and checks by the provider's clock. */
  readonly client: oauth.Client & { [oauth.clockSkew]: number };

  constructor(address: ProviderAddress, clientId: string) {
    this.#address = address;
    this.#metadata = address.metadata;
    this.client = { client_id: clientId, [oauth.clockSkew]: 0 };
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
    return this.client[oauth.clockSkew];
  }

  async metadata(context: TokenContext): Promise<oauth.AuthorizationServer> {
    const { issuer } = this.#address;
    if (this.#metadata !== undefined || issuer === undefined)
      return this.#metadata as oauth.AuthorizationServer;
    const url = new URL(issuer);
    url.pathname = url.pathname.replace(/\/?$/, '/.well-known/openid-configuration');
    this.#metadata = await exchangeToken(context, {
      url: url.href,
      received: this.#received,
      read: (response) => readMetadata(issuer, response),
    });
    return this.#metadata;
  }

  /** A URL that the provider offers. @throws {ConfigError} when it does not. */
  async endpoint(name: Endpoint, context: TokenContext): Promise<string> {
    const address = (await this.metadata(context))[name];
    if (address === undefined)
      throw new ConfigError(`the identity provider ${this.#address.authority} has no ${name}`);
    return checkEndpoint(name, address, this.isLocal);
  }

  /**
   * One request to an endpoint. The library reads the answer; the form is made here, with less
   * code.
   */
  async send<T>(context: TokenContext, request: OAuthRequest<T>): Promise<T> {
    const { endpoint, parameters, authentication, secrets, ignored } = request;
    const { client } = this;
    const server = await this.metadata(context);
    return exchangeToken(context, {
      url: await this.endpoint(endpoint, context),
      secrets,
      ignored,
      form: async (headers) => {
        const form = new URLSearchParams(parameters);
        if (authentication === undefined) form.set('client_id', client.client_id);
        else await authentication(server, client, form, headers);
        return form;
      },
      received: this.#received,
      read: (response) => request.read(server, client, response),
    });
  }

  /** One request to the token endpoint. */
  grant(
    context: TokenContext,
    type: string,
    parameters: Readonly<Record<string, string>>,
    secrets: readonly string[],
    authentication?: oauth.ClientAuth,
  ): Promise<SignedIn> {
    return this.send(context, {
      endpoint: 'token_endpoint',
      parameters: { ...parameters, grant_type: type },
      authentication,
      secrets,
      // Without discovery the issuer's name is unknown, and an id token cannot be checked. Nothing
      // here is decided by one.
      ignored: this.discovered ? undefined : 'id_token',
      read: async (server, client, response) =>
        toSignedIn(await oauth.processGenericTokenEndpointResponse(server, client, response)),
    });
  }

  readonly #received = ({ headers }: Response): void => {
    const theirs = Date.parse(headers.get('date') ?? '');
    if (!Number.isNaN(theirs))
      this.client[oauth.clockSkew] = Math.floor((theirs - Date.now()) / 1000);
  };
}

/** @throws {ConfigError} with both names, where the provider calls itself otherwise */
async function readMetadata(issuer: URL, response: Response): Promise<oauth.AuthorizationServer> {
  try {
    return await oauth.processDiscoveryResponse(issuer, response);
  } catch (error) {
    const { attribute, body } = Object(Object(error).cause) as {
      readonly attribute?: unknown;
      readonly body?: { readonly issuer?: unknown };
    };
    if (attribute !== 'issuer') throw error;
    throw new ConfigError(
      `the identity provider calls itself ${quoted(String(body?.issuer).slice(0, 200))}, but issuer is ${quoted(issuer.href)}; they must be the same`,
    );
  }
}
