import { loadPart, once } from '../../async/lazy.js';
import { ConfigError } from '../../errors.js';
import { checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { type OAuthDeviceServerOptions, providerAddress } from '../shared/oauth-endpoints.js';
import { UserSession, type UserSessionOptions } from '../shared/user-session.js';

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

  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthDeviceCodeOptions) {
    checkTexts('OAuthDeviceCode', { clientId: options.clientId });
    if (typeof options.prompt !== 'function')
      throw new ConfigError(
        'OAuthDeviceCode: prompt must be a function, such as ({ message }) => console.log(message)',
      );
    const address = providerAddress('OAuthDeviceCode', options, ['tokenUrl', 'deviceAuthorizationUrl']);
    const grant = once(async () => {
      const { DeviceCodeGrant } = await loadPart(import('./grant.js'));
      return new DeviceCodeGrant(address, options);
    });
    this.#session = new UserSession(address.authority, options, {
      renew: async (refreshToken, context) => (await grant()).renew(refreshToken, context),
      signIn: async (context) => (await grant()).signIn(context),
    });
  }

  /** Waits for the person where that is needed. */
  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#session.getToken(context);
  }

  /** Forgets the sign-in: the next call asks again. */
  signOut(): Promise<void> {
    return this.#session.forget();
  }
}
