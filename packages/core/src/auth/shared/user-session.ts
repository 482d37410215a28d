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
}

/** A person's sign-in: from the store, renewed in silence, and only then by asking. */
export class UserSession {
  readonly #cache: TokenCache;
  readonly #store: TokenStore;
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

    this.#cache = new TokenCache(async (context, last, urgent) => {
      const stored = await store.update(
        this.key,
        async (found, readAgain) => {
          // Another program may have renewed it in the meantime.
          const usable =
            (found?.expiresAt ?? 0) > Date.now() + WORTH_USING &&
            found?.accessToken !== last?.value;
          if (found !== undefined && usable && !(context.forceRefresh && last === undefined))
            return found;
          // To its end, which a time limit brings, even if all callers give up: the provider may
          // have replaced the refresh token already.
          const { signal } = new AbortController();
          const renewed =
            found?.refreshToken && (await grants.renew(found.refreshToken, { ...context, signal }));
          // Another program may have renewed even since then, while this one was suspended: its
          // refresh token is then invalid.
          const later = renewed ? undefined : await readAgain?.();
          if (later && later.accessToken !== found?.accessToken) return later;
          // The old token still works and no caller waits: this is not the moment to ask a person.
          if (!renewed && !urgent)
            throw new AuthError('signing in: not renewed', { status: 401, delivery: 'none' });
          if (!renewed) context.signal.throwIfAborted();
          const { value, expiresAt, refreshToken } = renewed || (await grants.signIn(context));
          return { accessToken: value, expiresAt, refreshToken };
        },
        context.signal,
      );
      const { accessToken: value, expiresAt } = stored as StoredTokens;
      return { value, expiresAt };
    });
  }

  getToken(context: TokenContext): Promise<AccessToken> {
    return this.#cache.get(context);
  }

  /** Forgets the sign-in, here and in the store. */
  async forget(): Promise<void> {
    this.#cache.clear();
    await this.#store.update(this.key, async () => undefined);
  }
}
