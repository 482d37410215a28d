import * as oauth from 'oauth4webapi';
import { ConfigError } from '../errors.js';
import { safeText } from '../http/redact.js';
import { checkTexts } from './checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from './credentials.js';
import { grantParameters } from './grant-parameters.js';
import { type OAuthAuthorizationServerOptions, OAuthServer, type SignedIn } from './oauth-server.js';
import { SignInError } from './token-endpoint.js';
import { UserSession, type UserSessionOptions } from './user-session.js';

/** What has to be kept between leaving for the identity provider and coming back. Secret. */
export interface PendingSignIn {
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** One visit to the identity provider. */
export interface SignInVisit {
  readonly redirectUri: string;
  /** Shows the address to the person; resolves to the one they came back to. */
  visit(url: URL, pending: PendingSignIn): Promise<URL>;
  /** Frees what the visit held, however it ended. */
  close(): void | Promise<void>;
}

/** How a person gets to the identity provider and back: `loopbackWindow` in Node, `popupWindow` and `pageWindow` in browsers. */
export interface SignInWindow {
  open(context: { readonly signal: AbortSignal }): Promise<SignInVisit>;
  /** A visit that a page began before it was left, and where it has come back to. */
  resume?(): { readonly pending: PendingSignIn; readonly callback: URL } | undefined;
}

/** Which identity provider, which client, and how the person gets there and back. */
export type OAuthInteractiveOptions = OAuthAuthorizationServerOptions &
  UserSessionOptions & {
    readonly window: SignInWindow;
    /** Whom to suggest, such as an e-mail address. */
    readonly loginHint?: string | undefined;
    /** Makes the identity provider ask even if it knows the person. */
    readonly prompt?: 'login' | 'consent' | 'select_account' | 'none' | undefined;
  };

/**
 * A person signs in with a browser: authorization code with PKCE. Asked once; renewed with the refresh token from then on.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7636
 */
export class OAuthInteractive implements CredentialProvider {
  readonly #session: UserSession;
  readonly #server: OAuthServer;
  readonly #options: OAuthInteractiveOptions;

  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthInteractiveOptions) {
    checkTexts('OAuthInteractive', { clientId: options.clientId });
    if (typeof options.window?.open !== 'function')
      throw new ConfigError('OAuthInteractive: window must be loopbackWindow(), popupWindow() or pageWindow()');
    this.#server = new OAuthServer('OAuthInteractive', options, ['tokenUrl', 'authorizationUrl']);
    this.#options = options;
    this.#session = new UserSession(this.#server, options, (context) => this.#signIn(context));
  }

  /** Waits for the person where that is needed. */
  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#session.getToken(context);
  }

  /** Forgets the sign-in here: the next call asks again. The identity provider may still know the person. */
  signOut(): Promise<void> {
    return this.#session.forget();
  }

  async #signIn(context: TokenContext): Promise<SignedIn> {
    const { window } = this.#options;
    const resumed = window.resume?.();
    if (resumed !== undefined) return this.#redeem(resumed.callback, resumed.pending, context);
    const visit = await window.open(context);
    try {
      const pending: PendingSignIn = {
        state: oauth.generateRandomState(),
        verifier: oauth.generateRandomCodeVerifier(),
        redirectUri: visit.redirectUri,
      };
      const callback = await visit.visit(await this.#authorizationUrl(pending, context), pending);
      return await this.#redeem(callback, pending, context);
    } finally {
      await visit.close();
    }
  }

  async #authorizationUrl({ state, verifier, redirectUri }: PendingSignIn, context: TokenContext): Promise<URL> {
    const { clientId, loginHint, prompt } = this.#options;
    const url = new URL(await this.#server.endpoint('authorization_endpoint', context));
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(loginHint !== undefined && { login_hint: loginHint }),
      ...(prompt !== undefined && { prompt }),
      ...grantParameters(this.#options),
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  }

  async #redeem(
    callback: URL,
    { state, verifier, redirectUri }: PendingSignIn,
    context: TokenContext,
  ): Promise<SignedIn> {
    const client = this.#server.client(this.#options.clientId);
    const metadata = await this.#server.metadata(context);
    const parameters = new URLSearchParams(callback.search);
    // Without discovery the issuer's name is not known, and cannot be compared.
    if (!this.#server.discovered) parameters.delete('iss');
    const accepted = validated(metadata, client, parameters, state);
    return this.#server.grant(
      context,
      [verifier, parameters.get('code') ?? ''],
      (_, http) =>
        oauth.authorizationCodeGrantRequest(metadata, client, oauth.None(), accepted, redirectUri, verifier, http),
      (_, response) => oauth.processAuthorizationCodeResponse(metadata, client, response),
    );
  }
}

function validated(
  metadata: oauth.AuthorizationServer,
  client: oauth.Client,
  parameters: URLSearchParams,
  state: string,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(metadata, client, parameters, state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      // Whoever can open the redirect address can write this.
      const said = safeText(`${error.error}; ${error.error_description ?? 'it was not completed'}`);
      throw new SignInError(`signing in: ${said}`, { status: 401, reason: error.error });
    }
    throw new SignInError('signing in: the answer does not belong to this sign-in', { status: 401 });
  }
}
