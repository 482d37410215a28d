import { once } from '../../async/lazy.js';
import { ConfigError } from '../../errors.js';
import { checkTexts } from '../shared/checks.js';
import type { AccessToken, CredentialProvider, TokenContext } from '../shared/credentials.js';
import { type OAuthAuthorizationServerOptions, providerAddress } from '../shared/oauth-endpoints.js';
import type { SignedIn } from '../shared/oauth-server.js';
import { UserSession, type UserSessionOptions } from '../shared/user-session.js';
import type { InteractiveGrant } from './grant.js';

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

/** What `OAuthInteractive` of `@cdf/core` and of `@cdf/core/interactive` have in common: all but where the protocol comes from. */
export class InteractiveCredentials implements CredentialProvider {
  readonly #session: UserSession;
  readonly #window: SignInWindow;
  readonly #grant: () => Promise<InteractiveGrant>;

  /** @param loadProtocol when the identity provider is needed */
  constructor(options: OAuthInteractiveOptions, loadProtocol: () => Promise<typeof InteractiveGrant>) {
    checkTexts('OAuthInteractive', { clientId: options.clientId });
    if (typeof options.window?.open !== 'function')
      throw new ConfigError('OAuthInteractive: window must be loopbackWindow(), popupWindow() or pageWindow()');
    const address = providerAddress('OAuthInteractive', options, ['tokenUrl', 'authorizationUrl']);
    this.#window = options.window;
    this.#grant = once(async () => {
      const Grant = await loadProtocol();
      return new Grant(address, options);
    });
    this.#session = new UserSession(address.authority, options, {
      renew: async (refreshToken, context) => (await this.#grant()).renew(refreshToken, context),
      signIn: (context) => this.#signIn(context),
    });
  }

  /** Waits for the person where that is needed. */
  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#session.getToken(context);
  }

  /** Forgets the sign-in here: the next call asks again. The identity provider may still know the person. */
  signOut(): Promise<void> {
    return this.#session.forget();
  }

  /** The window comes first, and what the protocol takes later: browsers allow a window only shortly after a click. */
  async #signIn(context: TokenContext): Promise<SignedIn> {
    const resumed = this.#window.resume?.();
    if (resumed !== undefined) return (await this.#grant()).redeem(resumed.callback, resumed.pending, context);
    const visit = await this.#window.open(context);
    try {
      const grant = await this.#grant();
      const { url, pending } = await grant.begin(visit.redirectUri, context);
      return await grant.redeem(await visit.visit(url, pending), pending, context);
    } finally {
      await visit.close();
    }
  }
}
