import { loadPart, once } from '../../async/lazy.js';
import { ConfigError } from '../../errors.js';
import { checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { providerAddress } from '../shared/oauth-endpoints.js';
import { UserSession } from '../shared/user-session.js';
import type { OAuthDeviceCodeOptions } from './options.js';

/**
 * A person signs in on another device, for programs without a browser. Asked once; renewed with the
 * refresh token from then on.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc8628
 */
export class OAuthDeviceCode implements CredentialProvider {
  readonly asksPerson = true;
  readonly #session: UserSession;

  /** @throws {ConfigError} when an option is missing, or a URL is not https. */
  constructor(options: OAuthDeviceCodeOptions) {
    checkTexts('OAuthDeviceCode', { clientId: options.clientId });
    if (typeof options.prompt !== 'function')
      throw new ConfigError(
        'OAuthDeviceCode: prompt must be a function, such as ({ message }) => console.log(message)',
      );
    const address = providerAddress('OAuthDeviceCode', options, [
      'tokenUrl',
      'deviceAuthorizationUrl',
    ]);
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

  /**
   * Forgets the sign-in: the next call asks again. Ends at once, and ends a sign-in that waits for
   * the person: calls that wait for it reject with an `AuthError`.
   */
  signOut(): Promise<void> {
    return this.#session.forget();
  }
}
