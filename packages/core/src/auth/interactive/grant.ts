import * as oauth from 'oauth4webapi';
import { safeText } from '../../transport/failure/redact.js';
import type { TokenContext } from '../shared/credentials.js';
import { grantParameters } from '../shared/grant-parameters.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import { OAuthServer } from '../shared/oauth-server.js';
import { refreshGrant } from '../shared/refresh-grant.js';
import { SignInError } from '../shared/sign-in-error.js';
import type { SignedIn } from '../shared/signed-in.js';
import type { OAuthInteractiveOptions, PendingSignIn } from './options.js';

/** The protocol of `OAuthInteractive`. */
export class InteractiveGrant {
  readonly #server: OAuthServer;
  readonly #options: OAuthInteractiveOptions;

  constructor(address: ProviderAddress, options: OAuthInteractiveOptions) {
    this.#server = new OAuthServer(address, options.clientId);
    this.#options = options;
  }

  renew(refreshToken: string, context: TokenContext): Promise<SignedIn | undefined> {
    return refreshGrant(this.#server, this.#options, refreshToken, context);
  }

  /** Where to send the person, and the state to keep until they are back. */
  async begin(
    redirectUri: string,
    owner: string,
    context: TokenContext,
  ): Promise<{ url: URL; pending: PendingSignIn }> {
    const pending: PendingSignIn = {
      owner,
      state: oauth.generateRandomState(),
      verifier: oauth.generateRandomCodeVerifier(),
      redirectUri,
    };
    return { url: await this.#authorizationUrl(pending, context), pending };
  }

  /**
   * A token for the code that came back. To its end, which a time limit brings, even if all callers
   * give up: a code can be redeemed once, and the person has signed in.
   */
  async redeem(
    callback: URL,
    { state, verifier, redirectUri }: PendingSignIn,
    given: TokenContext,
  ): Promise<SignedIn> {
    const context = { ...given, signal: new AbortController().signal };
    const metadata = await this.#server.metadata(context);
    const parameters = new URLSearchParams(callback.search);
    // Without discovery the issuer's name is unknown, and cannot be compared.
    if (!this.#server.discovered) parameters.delete('iss');
    const code = acceptedCode(metadata, this.#server.client, parameters, state);
    const form = { code, redirect_uri: redirectUri, code_verifier: verifier };
    return this.#server.grant(context, 'authorization_code', form, [verifier, code]);
  }

  async #authorizationUrl(
    { state, verifier, redirectUri }: PendingSignIn,
    context: TokenContext,
  ): Promise<URL> {
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
}

/**
 * The code that a person has come back with.
 *
 * @throws {SignInError} when it is not for this sign-in, or says that it failed.
 */
function acceptedCode(
  metadata: oauth.AuthorizationServer,
  client: oauth.Client,
  parameters: URLSearchParams,
  state: string,
): string {
  try {
    const [code, ...others] = oauth
      .validateAuthResponse(metadata, client, parameters, state)
      .getAll('code');
    if (code && others.length === 0) return code;
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      // Whoever can open the redirect URL can write this.
      const reason = safeText(error.error);
      const said = safeText(error.error_description ?? 'it was not completed');
      throw new SignInError(`signing in: ${reason}; ${said}`, { status: 401, reason });
    }
  }
  throw new SignInError('signing in: the answer does not belong to this sign-in', { status: 401 });
}
