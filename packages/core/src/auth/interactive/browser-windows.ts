import { untilAborted } from '../../async/scope.js';
import { AuthError, ConfigError } from '../../errors.js';
import type { PendingSignIn, SignInWindow } from './options.js';

const CHANNEL = 'cdf-sign-in';
/** With the owner after it: a page may have several credentials. */
const PENDING = 'cdf:pending-sign-in:';

/** How often a window is looked at whether it is still there. @unit milliseconds */
const LOOK = 500;

function notCompleted(): AuthError {
  return new AuthError('signing in: the window was closed', { status: 401, delivery: 'none' });
}

/** Options of `popupWindow`. */
export interface PopupWindowOptions {
  /** A page of this origin that calls `completePopup()`. Registered with the identity provider. */
  readonly redirectUri: string;
  /** @default 'popup,width=500,height=700' */
  readonly features?: string | undefined;
}

/**
 * Signing in in a window of its own, while the page stays. The first call must come from a click,
 * or the browser blocks the window.
 */
export function popupWindow({
  redirectUri,
  features = 'popup,width=500,height=700',
}: PopupWindowOptions): SignInWindow {
  return {
    async open({ signal }) {
      const page = sameOrigin(redirectUri);
      // Before anything is asked of the identity provider: browsers allow a window only shortly
      // after a click.
      const popup = globalThis.open('about:blank', '_blank', features);
      if (popup === null)
        throw new AuthError(
          'signing in: the browser blocked the window; call from a click, or use pageWindow()',
          {
            status: 401,
            delivery: 'none',
          },
        );
      const channel = new BroadcastChannel(CHANNEL);
      return {
        redirectUri: page.href,
        async visit(url, pending) {
          popup.location.href = url.href;
          let watch: ReturnType<typeof setInterval> | undefined;
          const answer = new Promise<URL>((resolve, reject) => {
            channel.onmessage = ({ data }: MessageEvent<unknown>) => {
              if (typeof data !== 'string' || !URL.canParse(data)) return;
              const callback = new URL(data);
              if (callback.searchParams.get('state') === pending.state) resolve(callback);
            };
            let looks = 0;
            watch = setInterval(() => {
              // Twice: a window that has just completed closes before its message is here.
              if (popup.closed && ++looks > 1) reject(notCompleted());
            }, LOOK);
          });
          try {
            return await untilAborted(answer, signal);
          } finally {
            clearInterval(watch);
          }
        },
        close() {
          channel.close();
          popup.close();
        },
      };
    },
  };
}

/**
 * To be called by the page at a popup's `redirectUri`: hands the answer to the page that waits, and
 * closes the window.
 */
export function completePopup(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(globalThis.location.href);
  channel.close();
  globalThis.close();
}

/** Where `pageWindow` comes back to, and where it keeps its state until then. */
export interface PageWindowOptions {
  /**
   * The page to come back to: of this origin, and registered with the identity provider.
   * @default the page's own URL without its query
   */
  readonly redirectUri?: string | undefined;
  /** @default sessionStorage */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined;
}

/**
 * Signing in by leaving the page and coming back. Create the same credential on the page one comes
 * back to: its first call finishes the sign-in, or drops it where there is a token. With
 * `webTokenStore(sessionStorage)` later visits find it again. Several credentials of one page leave
 * one after the other, and each finishes its own sign-in.
 */
export function pageWindow(options: PageWindowOptions = {}): SignInWindow {
  const storage = options.storage ?? globalThis.sessionStorage;
  return {
    resume(owner) {
      const key = PENDING + owner;
      const pending = parsePending(storage.getItem(key));
      if (pending === undefined) return undefined;
      const callback = new URL(globalThis.location.href);
      if (callback.searchParams.get('state') !== pending.state) return undefined;
      storage.removeItem(key);
      // The code is of no use any more, and should not stay in the history or be sent on as a
      // referrer.
      const clean = new URL(callback);
      for (const name of ['code', 'state', 'iss', 'session_state', 'error', 'error_description'])
        clean.searchParams.delete(name);
      globalThis.history.replaceState(globalThis.history.state, '', clean);
      return { pending, callback };
    },
    async open({ signal }) {
      const { origin, pathname } = globalThis.location;
      return {
        redirectUri: sameOrigin(options.redirectUri ?? origin + pathname).href,
        visit(url, pending) {
          storage.setItem(PENDING + pending.owner, JSON.stringify(pending));
          globalThis.location.assign(url);
          // The page is about to end: nothing comes after this.
          return untilAborted(new Promise<URL>(() => {}), signal);
        },
        close() {},
      };
    },
  };
}

function sameOrigin(address: string): URL {
  const url = new URL(address, globalThis.location.href);
  if (url.origin !== globalThis.location.origin)
    throw new ConfigError(
      `redirectUri must be a page of ${globalThis.location.origin}, got ${url.origin}`,
    );
  return url;
}

function parsePending(text: string | null): PendingSignIn | undefined {
  try {
    const pending = JSON.parse(text ?? '') as PendingSignIn;
    const { owner, state, verifier, redirectUri } = pending;
    if ([owner, state, verifier, redirectUri].every((each) => typeof each === 'string'))
      return pending;
  } catch {
    // Not ours, or cut short: as if it were not there.
  }
  return undefined;
}
