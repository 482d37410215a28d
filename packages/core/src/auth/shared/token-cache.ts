import { openScope, untilAborted } from '../../async/scope.js';
import type { AccessToken, TokenContext } from './credentials.js';

/** Tokens are replaced this long before they end. @unit milliseconds */
const AHEAD = 30_000;
/**
 * A token that had ended when it came, but no longer ago than this, was judged by a wrong clock:
 * time zones are up to 14 hours apart.
 * @unit milliseconds
 */
const WRONG_CLOCK = 86_400_000;
/**
 * Such a token is kept this long. If it has really ended, CDF's refusal brings the next one.
 *
 * @unit milliseconds
 */
const ASSUMED_LIFETIME = 300_000;
/**
 * After a failed replacement in the background, the next try waits this long.
 *
 * @unit milliseconds
 */
const PAUSE = 5_000;

/**
 * Gets a new token. The context's signal aborts when the last caller stops waiting.
 *
 * @param last the token so far
 * @param urgent whether a caller waits for it; if not, the old one still works
 */
export type FetchToken = (
  context: TokenContext,
  last: AccessToken | undefined,
  urgent: boolean,
) => Promise<AccessToken>;

interface Flight {
  readonly token: Promise<AccessToken>;
  readonly forced: boolean;
  readonly urgent: boolean;
  waiting: number;
  end(): void;
}

/**
 * Remembers a token and asks for the next one: one request for any number of callers. Callers do
 * not wait while the old token is valid for the new one. A caller that gives up does not take the
 * request away from the others; when all have, it is cancelled.
 */
export class TokenCache {
  readonly #fetchToken: FetchToken;
  readonly #now: () => number;
  #token: AccessToken | undefined;
  /** From here on the token is replaced, though it still works. */
  #replaceAt = 0;
  #flight: Flight | undefined;
  #clears = 0;

  /** @param now the clock */
  constructor(fetchToken: FetchToken, now: () => number = Date.now) {
    this.#fetchToken = fetchToken;
    this.#now = now;
  }

  async get(context: TokenContext): Promise<AccessToken> {
    const token = this.#token;
    const now = this.#now();
    // A token of unknown lifetime is good for the callers of the moment only.
    if (!context.forceRefresh && token?.expiresAt !== undefined && token.expiresAt > now) {
      if (now >= this.#replaceAt && this.#flight === undefined) this.#replaceInBackground(context);
      return token;
    }
    const ahead = this.#flight;
    if (ahead?.urgent === false && !context.forceRefresh) {
      try {
        return await this.#join(ahead, context);
      } catch {
        // The renewal that failed was ahead of time. Now a token is needed.
        context.signal.throwIfAborted();
      }
    }
    const flying = this.#flight;
    const useful = flying?.urgent === true && (flying.forced || !context.forceRefresh);
    return this.#join(useful ? flying : this.#start(context, true), context);
  }

  async #join(flight: Flight, { signal }: TokenContext): Promise<AccessToken> {
    flight.waiting++;
    try {
      return await untilAborted(flight.token, signal);
    } finally {
      if (--flight.waiting === 0) flight.end();
    }
  }

  /** Forgets the token. Callers that already wait for one still get it, and no other does. */
  clear(): void {
    this.#token = this.#flight = undefined;
    this.#clears++;
  }

  #replaceInBackground(context: TokenContext): void {
    this.#start(context, false).token.catch(() => {
      this.#replaceAt = this.#now() + PAUSE;
    });
  }

  #start(context: TokenContext, urgent: boolean): Flight {
    const scope = openScope([]);
    const clears = this.#clears;
    const work = this.#fetchToken({ ...context, signal: scope.signal }, this.#token, urgent);
    let landed = false;
    const flight: Flight = {
      forced: context.forceRefresh,
      urgent,
      waiting: 0,
      token: work
        .then((token) => (clears === this.#clears ? this.#remember(token) : token))
        .finally(() => {
          landed = true;
          this.#land(flight);
        }),
      end: () => {
        // An abort makes an error, which costs more than all the rest: finished work is not
        // aborted.
        if (!landed) scope.abort(undefined);
        this.#land(flight);
      },
    };
    this.#flight = flight;
    return flight;
  }

  #land(flight: Flight): void {
    if (this.#flight === flight) this.#flight = undefined;
  }

  #remember(token: AccessToken): AccessToken {
    const now = this.#now();
    let left = (token.expiresAt ?? now) - now;
    if (token.expiresAt !== undefined && left <= 0 && left > -WRONG_CLOCK) left = ASSUMED_LIFETIME;
    this.#token = left > 0 ? { ...token, expiresAt: now + left } : token;
    // A token that lives for less than a minute is replaced at half of its life.
    this.#replaceAt = now + left - Math.min(AHEAD, left / 2);
    return this.#token;
  }
}
