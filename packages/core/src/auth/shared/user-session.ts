import { openScope, untilAborted } from '../../async/scope.js';
import { AuthError } from '../../errors.js';
import { checkScopes } from './checks.js';
import type { AccessToken, TokenContext } from './credentials.js';
import type { GrantOptions } from './grant-parameters.js';
import type { SignedIn } from './signed-in.js';
import { TokenCache } from './token-cache.js';
import { memoryTokenStore, type StoredTokens, type TokenStore } from './token-store.js';

/** Options that every way of signing in as a person has. */
export interface UserSessionOptions extends GrantOptions {
  readonly clientId: string;
  /**
   * Include `offline_access` (or the scope that the identity provider wants), so that the sign-in
   * is renewed without the person.
   */
  readonly scopes: readonly string[];
  /**
   * Where the sign-in is remembered. `fileTokenStore` of `@cdf/core/node` outlives the program.
   * @default in memory
   */
  readonly store?: TokenStore | undefined;
  /** Tells several people apart who sign in on this machine. Any text. */
  readonly account?: string | undefined;
}

/**
 * A token that is this close to its end is not worth handing out from the store.
 *
 * @unit milliseconds
 */
const WORTH_USING = 60_000;

/** The steps that need the identity provider. */
export interface UserGrants {
  /** `undefined` where the person has to be asked. */
  renew(refreshToken: string, context: TokenContext): Promise<SignedIn | undefined>;
  signIn(context: TokenContext): Promise<SignedIn>;
  /**
   * Takes what a person has come back with, so that nothing of it stays, and gives the function
   * that redeems it.
   */
  resume?(): ((context: TokenContext) => Promise<SignedIn>) | undefined;
}

/** A person's sign-in: from the store, renewed in silence, and only then by asking. */
export class UserSession {
  readonly #cache: TokenCache;
  readonly #store: TokenStore;
  /** Ends the work of this sign-in. */
  #signedOut = new AbortController();
  /** Tells it apart from other sign-ins. */
  readonly key: string;

  constructor(authority: string, options: UserSessionOptions, grants: UserGrants) {
    const { clientId, scopes, audience, account, store = memoryTokenStore() } = options;
    checkScopes(scopes);
    this.#store = store;
    this.key = JSON.stringify([
      authority,
      clientId,
      [...scopes].sort(),
      audience ?? '',
      account ?? '',
    ]);

    const renewOrAsk = async (
      context: TokenContext,
      last: AccessToken | undefined,
      urgent: boolean,
      found: StoredTokens | undefined,
      readAgain: (() => Promise<StoredTokens | undefined>) | undefined,
    ): Promise<StoredTokens> => {
      // Also where there is a token: a code that is not redeemed now must not be redeemed later.
      const redeem = grants.resume?.();
      // Another program may have renewed it in the meantime.
      const usable =
        (found?.expiresAt ?? 0) > Date.now() + WORTH_USING && found?.accessToken !== last?.value;
      if (found !== undefined && usable && !(context.forceRefresh && last === undefined))
        return found;
      // To its end, which a time limit brings, even if all callers give up: the provider may have
      // replaced the refresh token already.
      const { signal } = new AbortController();
      const renewed =
        found?.refreshToken && (await grants.renew(found.refreshToken, { ...context, signal }));
      // Another program may have renewed even since then, while this one was suspended: its refresh
      // token is then invalid.
      const later = renewed ? undefined : await readAgain?.();
      if (later && later.accessToken !== found?.accessToken) return later;
      if (!renewed && !redeem) {
        // The old token still works and no caller waits: this is not the moment to ask a person.
        if (!urgent) throw failure('not renewed');
        context.signal.throwIfAborted();
      }
      const { value, expiresAt, refreshToken } =
        renewed || (await (redeem ? redeem(context) : grants.signIn(context)));
      return { accessToken: value, expiresAt, refreshToken };
    };
    this.#cache = new TokenCache(async (given, last, urgent) => {
      const { signal: signedOut } = this.#signedOut;
      const scope = openScope([given.signal, signedOut]);
      const context = { ...given, signal: scope.signal };
      try {
        const stored = await store.update(
          this.key,
          // A sign-out waits for no person and no provider: what they still say is dropped.
          (found, readAgain) =>
            untilAborted(renewOrAsk(context, last, urgent, found, readAgain), signedOut),
          scope.signal,
        );
        const { accessToken: value, expiresAt } = stored as StoredTokens;
        return { value, expiresAt };
      } finally {
        scope.end();
      }
    });
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }

  /** Forgets the sign-in, here and in the store, and ends one that is under way. */
  async forget(): Promise<void> {
    this.#cache.clear();
    this.#signedOut.abort(failure('signed out'));
    this.#signedOut = new AbortController();
    await this.#store.update(this.key, async () => undefined);
  }
}

function failure(what: string): AuthError {
  return new AuthError(`signing in: ${what}`, { status: 401, delivery: 'none' });
}
