// Not loaded later, as other grants are: pages that import this class sign people in first of all.
// In Node it is.
import { InteractiveGrant } from '#interactive-grant';
import { untilAborted } from '../../async/scope.js';
import { ConfigError } from '../../errors.js';
import { checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { providerAddress } from '../shared/oauth-endpoints.js';
import type { SignedIn } from '../shared/signed-in.js';
import { UserSession } from '../shared/user-session.js';
import type { OAuthInteractiveOptions, SignInWindow } from './options.js';

/** The codes of this page that are being redeemed: leaving the page now would lose their tokens. */
let redeeming: Promise<unknown> | undefined;

/**
 * A person signs in with a browser: authorization code with PKCE. Asked once; renewed with the
 * refresh token from then on.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7636
 */
export class OAuthInteractive implements CredentialProvider {
  readonly asksPerson = true;
  readonly #session: UserSession;
  readonly #window: SignInWindow;
  readonly #grant: InteractiveGrant;

  /** @throws {ConfigError} when an option is missing, or a URL is not https. */
  constructor(options: OAuthInteractiveOptions) {
    checkTexts('OAuthInteractive', { clientId: options.clientId });
    if (typeof options.window?.open !== 'function')
      throw new ConfigError(
        'OAuthInteractive: window must be loopbackWindow(), popupWindow() or pageWindow()',
      );
    const address = providerAddress('OAuthInteractive', options, ['tokenUrl', 'authorizationUrl']);
    this.#window = options.window;
    this.#grant = new InteractiveGrant(address, options);
    this.#session = new UserSession(address.authority, options, {
      renew: (refreshToken, context) => this.#grant.renew(refreshToken, context),
      signIn: (context) => this.#signIn(context),
      resume: () => this.#resume(),
    });
  }

  /** Waits for the person where that is needed. */
  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#session.getToken(context);
  }

  /**
   * Forgets the sign-in here: the next call asks again. Ends at once, and ends a sign-in that waits
   * for the person: calls that wait for it reject with an `AuthError`. The identity provider may
   * still know the person.
   */
  async signOut(): Promise<void> {
    this.#resume();
    await this.#session.forget();
  }

  /** Takes the code that has come back to this page, and gives the function that redeems it. */
  #resume(): ((context: TokenContext) => Promise<SignedIn>) | undefined {
    const { key } = this.#session;
    const resumed = this.#window.resume?.(key);
    // A window of one's own may have found the code of another provider.
    if (resumed?.pending.owner !== key) return undefined;
    return (context) => {
      const redeemed = this.#grant.redeem(resumed.callback, resumed.pending, context);
      redeeming = Promise.allSettled([redeeming, redeemed]);
      return redeemed;
    };
  }

  /** The window comes first: browsers allow one only shortly after a click. */
  async #signIn(context: TokenContext): Promise<SignedIn> {
    const visit = await this.#window.open(context);
    try {
      const grant = this.#grant;
      const { url, pending } = await grant.begin(visit.redirectUri, this.#session.key, context);
      await redeeming;
      // Whoever has given up, or signed out, must not see the page leave.
      context.signal.throwIfAborted();
      const callback = await untilAborted(visit.visit(url, pending), context.signal);
      return await grant.redeem(callback, pending, context);
    } finally {
      await visit.close();
    }
  }
}
