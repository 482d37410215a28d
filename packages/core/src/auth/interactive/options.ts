import type { OAuthAuthorizationServerOptions } from '../shared/oauth-endpoints.js';
import type { UserSessionOptions } from '../shared/user-session.js';

/** State to keep between leaving for the identity provider and coming back. Secret. */
export interface PendingSignIn {
  /** The sign-in that it belongs to: no other may redeem its code. Not secret. */
  readonly owner: string;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** One visit to the identity provider. */
export interface SignInVisit {
  readonly redirectUri: string;
  /** Shows the URL to the person; resolves to the URL they came back to. */
  visit(url: URL, pending: PendingSignIn): Promise<URL>;
  /** Frees the resources of the visit, however it ended. */
  close(): void | Promise<void>;
}

/**
 * How a person gets to the identity provider and back: `loopbackWindow` in Node, `popupWindow` and
 * `pageWindow` in browsers.
 */
export interface SignInWindow {
  open(context: { readonly signal: AbortSignal }): Promise<SignInVisit>;
  /**
   * A visit that a page began before it was left, and where it has come back to. Given once: it is
   * asked whenever a token is looked for in the store, and at a sign-out.
   *
   * @param owner that of the pending state; one that belongs to another stays as it is
   */
  resume?(owner: string): { readonly pending: PendingSignIn; readonly callback: URL } | undefined;
}

/** The identity provider, the client, and how the person gets there and back. */
export type OAuthInteractiveOptions = OAuthAuthorizationServerOptions &
  UserSessionOptions & {
    readonly window: SignInWindow;
    /** The person to suggest, such as an e-mail address. */
    readonly loginHint?: string | undefined;
    /** Makes the identity provider ask even if it knows the person. */
    readonly prompt?: 'login' | 'consent' | 'select_account' | 'none' | undefined;
  };
