import { untilAborted } from '../../async/scope.js';
import { ConfigError } from '../../errors.js';

/** The stored state of a sign-in. Secret. */
export interface StoredTokens {
  readonly accessToken: string;
  /** @unit milliseconds since the epoch */
  readonly expiresAt?: number | undefined;
  readonly refreshToken?: string | undefined;
}

/**
 * Where sign-ins are remembered. Keys tell authorities, clients, scopes and accounts apart; they
 * are not secret, and not file names.
 */
export interface TokenStore {
  /**
   * Gives `work` the stored value, and stores its result (`undefined` removes the value). One at a
   * time for each key, as far as the store reaches: when two programs renew a sign-in, the second
   * finds the tokens of the first.
   *
   * @param work its second argument reads again: a process that was suspended meanwhile may have
   * lost its turn to another
   * @param signal ends waiting for others: `work` does not run then. Once it runs, it goes on.
   */
  update(
    key: string,
    work: (
      stored: StoredTokens | undefined,
      readAgain?: () => Promise<StoredTokens | undefined>,
    ) => Promise<StoredTokens | undefined>,
    signal?: AbortSignal,
  ): Promise<StoredTokens | undefined>;
}

/** Remembers as long as the program runs. */
export function memoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredTokens>();
  const queues = new Map<string, Promise<unknown>>();
  return {
    update(key, work, signal) {
      const before = queues.get(key) ?? Promise.resolve();
      const turn = (signal ? untilAborted(before, signal) : before).then(async () => {
        const next = await work(tokens.get(key));
        if (next === undefined) tokens.delete(key);
        else tokens.set(key, next);
        return next;
      });
      // One that gives up does not let the next one go first.
      queues.set(
        key,
        turn.catch(() => before),
      );
      return turn;
    },
  };
}

const webStores = /* @__PURE__ */ new WeakMap<object, TokenStore>();

/**
 * Remembers in a browser's `sessionStorage`, so that a page which was left for signing in finds its
 * sign-in again. Every script of the page can read it. Where the storage is full, the sign-in stays
 * in memory. All stores of one storage are the same, so that credentials for the same sign-in renew
 * it one after the other.
 *
 * @throws {ConfigError} where there is no storage, as on a server
 */
export function webTokenStore(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
): TokenStore {
  if (typeof storage?.getItem !== 'function')
    throw new ConfigError('webTokenStore needs a storage, such as sessionStorage of a page');
  const known = webStores.get(storage) ?? storeIn(storage);
  webStores.set(storage, known);
  return known;
}

function storeIn(storage: Parameters<typeof webTokenStore>[0]): TokenStore {
  const memory = memoryTokenStore();
  /** Values by name that were stored when the storage was full. */
  const full = new Map<string, string | null>();
  return {
    update: (key, work, signal) =>
      memory.update(
        key,
        async (kept) => {
          const name = `cdf:${key}`;
          const read = (text: string | null): StoredTokens | undefined =>
            full.get(name) === text ? kept : parseStoredTokens(text);
          const text = storage.getItem(name);
          // Another page may have renewed it in the meantime.
          const next = await work(read(text), async () => read(storage.getItem(name)));
          full.delete(name);
          if (next === undefined) storage.removeItem(name);
          else
            try {
              storage.setItem(name, JSON.stringify(next));
            } catch {
              // The identity provider may take the last refresh token no more: this one must not be
              // lost.
              full.set(name, text);
            }
          return next;
        },
        signal,
      ),
  };
}

/** Reads a stored sign-in, or undefined: the entry may be cut short or foreign. */
export function parseStoredTokens(text: string | null | undefined): StoredTokens | undefined {
  try {
    const { accessToken, expiresAt, refreshToken } = JSON.parse(text ?? '') as Record<
      string,
      unknown
    >;
    if (typeof accessToken !== 'string') return undefined;
    return {
      accessToken,
      ...(typeof expiresAt === 'number' && { expiresAt }),
      ...(typeof refreshToken === 'string' && { refreshToken }),
    };
  } catch {
    return undefined;
  }
}
