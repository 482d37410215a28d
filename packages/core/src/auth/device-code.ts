import * as oauth from 'oauth4webapi';
import { AuthError, CdfError, ConfigError } from '../errors.js';
import { sleep } from '../http/scope.js';
import { checkTexts } from './checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from './credentials.js';
import { grantParameters } from './grant-parameters.js';
import { type OAuthDeviceServerOptions, OAuthServer, type SignedIn } from './oauth-server.js';
import { exchangeToken, SignInError } from './token-endpoint.js';
import { UserSession, type UserSessionOptions } from './user-session.js';

/** What the person has to be told. */
export interface DeviceCodePrompt {
  /** Where to go, on any device. */
  readonly verificationUri: string;
  /** The same with the code filled in, where the identity provider has it. */
  readonly verificationUriComplete?: string | undefined;
  readonly userCode: string;
  /** @unit milliseconds since the epoch */
  readonly expiresAt: number;
  /** All of it in one sentence. */
  readonly message: string;
}

/** Which identity provider, which client, and how the person is told what to do. */
export type OAuthDeviceCodeOptions = OAuthDeviceServerOptions &
  UserSessionOptions & {
    /** Shows the person where to go: `({ message }) => console.log(message)`. */
    readonly prompt: (prompt: DeviceCodePrompt) => void | Promise<void>;
  };

/**
 * A person signs in on another device, for programs without a browser. Asked once; renewed with the refresh token
 * from then on.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc8628
 */
export class OAuthDeviceCode implements CredentialProvider {
  readonly #session: UserSession;
  readonly #server: OAuthServer;
  readonly #options: OAuthDeviceCodeOptions;

  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthDeviceCodeOptions) {
    checkTexts('OAuthDeviceCode', { clientId: options.clientId });
    if (typeof options.prompt !== 'function')
      throw new ConfigError(
        'OAuthDeviceCode: prompt must be a function, such as ({ message }) => console.log(message)',
      );
    this.#server = new OAuthServer('OAuthDeviceCode', options, ['tokenUrl', 'deviceAuthorizationUrl']);
    this.#options = options;
    this.#session = new UserSession(this.#server, options, (context) => this.#signIn(context));
  }

  /** Waits for the person where that is needed. */
  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#session.getToken(context);
  }

  /** Forgets the sign-in: the next call asks again. */
  signOut(): Promise<void> {
    return this.#session.forget();
  }

  async #signIn(context: TokenContext): Promise<SignedIn> {
    const server = await this.#server.metadata(context);
    const client = this.#server.client(this.#options.clientId);
    const parameters = grantParameters(this.#options);
    const device = await exchangeToken({
      url: await this.#server.endpoint('device_authorization_endpoint', context),
      context,
      secrets: [],
      request: (http) => oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, http),
      process: (response) => oauth.processDeviceAuthorizationResponse(server, client, response),
    });
    const expiresAt = Date.now() + device.expires_in * 1000;
    await this.#options.prompt({
      verificationUri: device.verification_uri,
      verificationUriComplete: device.verification_uri_complete,
      userCode: device.user_code,
      expiresAt,
      message: `To sign in, open ${device.verification_uri} and enter the code ${device.user_code}.`,
    });
    let intervalMs = (device.interval ?? 5) * 1000;
    while (Date.now() < expiresAt) {
      await sleep(intervalMs, context.signal);
      try {
        return await this.#server.grant(
          context,
          [device.device_code],
          (_, http) => oauth.deviceCodeGrantRequest(server, client, oauth.None(), device.device_code, http),
          (metadata, response) => oauth.processDeviceCodeResponse(metadata, client, response),
        );
      } catch (error) {
        const reason = error instanceof SignInError ? error.reason : undefined;
        if (reason === 'slow_down') intervalMs += 5000;
        // A network that fails for a moment must not make the person start over.
        else if (isPassing(error)) intervalMs *= 2;
        else if (reason !== 'authorization_pending') throw error;
      }
    }
    throw new AuthError('signing in: the code was not entered in time', { status: 401, delivery: 'none' });
  }
}

function isPassing(error: unknown): boolean {
  return CdfError.isInstance(error) && ['network', 'timeout', 'server', 'rate-limit'].includes(error.code);
}
