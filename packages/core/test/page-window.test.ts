import {
  type AccessToken,
  OAuthInteractive,
  pageWindow,
  type SignInWindow,
  type TokenStore,
  webTokenStore,
} from '@cdf/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const PAGE = 'http://localhost:5173/';

/** The storage of a page. */
class Kept {
  readonly entries = new Map<string, string>();
  getItem = (key: string): string | null => this.entries.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.entries.set(key, value);
  removeItem = (key: string): void => void this.entries.delete(key);
}

/** A page that is left and come back to, without a browser. */
class Page {
  readonly storage = new Kept();
  /** Where the page was left for. */
  readonly left: URL[] = [];

  show(href: string): void {
    const { left } = this;
    vi.stubGlobal('location', {
      href,
      origin: 'http://localhost:5173',
      pathname: '/',
      assign: (url: URL) => void left.push(new URL(url)),
    });
    vi.stubGlobal('history', {
      state: null,
      replaceState: (_: unknown, __: string, url: URL) => {
        (globalThis.location as { href: string }).href = String(url);
      },
    });
  }

  comeBack(from: URL, code: string): void {
    this.show(`${PAGE}?code=${code}&state=${from.searchParams.get('state')}`);
  }
}

describe('signing in by leaving the page', () => {
  let page: Page;
  /** The forms that each provider got. */
  let received: { host: string; form: URLSearchParams }[];
  let answerAfterMs = 0;
  /** How often the page had been left when the last answer came. */
  let leftByThen = 0;
  beforeEach(() => {
    page = new Page();
    received = [];
    answerAfterMs = 0;
    vi.stubGlobal('fetch', async (url: string, { body }: { body: URLSearchParams }) => {
      const { host } = new URL(url);
      received.push({ host, form: new URLSearchParams(body) });
      await new Promise((resolve) => setTimeout(resolve, answerAfterMs));
      leftByThen = page.left.length;
      return Response.json({ access_token: `of ${host}`, token_type: 'Bearer', expires_in: 3600 });
    });
    page.show(PAGE);
  });
  afterEach(() => vi.unstubAllGlobals());

  const credential = (
    name: string,
    more: { window?: SignInWindow; store?: TokenStore; scopes?: readonly string[] } = {},
  ): OAuthInteractive =>
    new OAuthInteractive({
      tokenUrl: `https://${name}.example.com/token`,
      authorizationUrl: `https://${name}.example.com/authorize`,
      clientId: 'web',
      scopes: ['cdf'],
      window: pageWindow({ storage: page.storage }),
      ...more,
    });
  const ask = (by: OAuthInteractive, signal = AbortSignal.timeout(300)): Promise<string> =>
    by
      .getToken({ signal, forceRefresh: false })
      .then(({ value }: AccessToken) => value)
      .catch(() => 'left');

  it('never sends the code and verifier of one provider to another, whichever is asked first', async () => {
    await ask(credential('a'));
    page.comeBack(page.left[0] as URL, 'code-of-a');
    const [a, b] = [credential('a'), credential('b')];
    expect(await ask(b)).toBe('left');
    expect(received).toEqual([]);
    expect(await ask(a)).toBe('of a.example.com');
    expect(received).toMatchObject([{ host: 'a.example.com' }]);
    expect(received[0]?.form.get('code')).toBe('code-of-a');
  });

  it('is finished for the next caller when the first one gives up meanwhile', async () => {
    await ask(credential('a'));
    page.comeBack(page.left[0] as URL, 'code');
    answerAfterMs = 100;
    const a = credential('a');
    expect(await ask(a, AbortSignal.timeout(30))).toBe('left');
    expect(await ask(a)).toBe('of a.example.com');
    expect(received).toHaveLength(1);
  });

  it('is not mixed up for two scopes of one client', async () => {
    await ask(credential('a'));
    page.comeBack(page.left[0] as URL, 'code-of-cdf');
    expect(await ask(credential('a', { scopes: ['other'] }))).toBe('left');
    expect(await ask(credential('a'))).toBe('of a.example.com');
  });

  it('works for two credentials that start at once, one after the other', async () => {
    const store = webTokenStore(new Kept());
    answerAfterMs = 50;
    const both = (): Promise<string[]> =>
      Promise.all([credential('a', { store }), credential('b', { store })].map((one) => ask(one)));
    expect(await both()).toEqual(['left', 'left']);
    // The browser goes to the last URL.
    page.comeBack(page.left[1] as URL, 'code-of-b');
    page.left.length = 0;
    expect(await both()).toEqual(['left', 'of b.example.com']);
    expect(page.left).toHaveLength(1);
    page.comeBack(page.left[0] as URL, 'code-of-a');
    expect(await both()).toEqual(['of a.example.com', 'of b.example.com']);
    expect(received.map(({ host, form }) => [host, form.get('code')])).toEqual([
      ['b.example.com', 'code-of-b'],
      ['a.example.com', 'code-of-a'],
    ]);
  });

  it('does not leave the page while the code of another credential is being redeemed', async () => {
    await ask(credential('b'));
    page.comeBack(page.left[0] as URL, 'code-of-b');
    answerAfterMs = 100;
    const [a, b] = [credential('a'), credential('b')];
    expect(await Promise.all([ask(a), ask(b)])).toEqual(['left', 'of b.example.com']);
    expect(leftByThen).toBe(1);
    expect(page.left.map(({ host }) => host)).toEqual(['b.example.com', 'a.example.com']);
  });

  it('does not redeem what a window of one’s own resumes for another', async () => {
    const opened = vi.fn();
    const window: SignInWindow = {
      resume: () => ({
        pending: { owner: 'someone', state: 's', verifier: 'v', redirectUri: PAGE },
        callback: new URL(`${PAGE}?code=c&state=s`),
      }),
      async open() {
        opened();
        throw new Error('opened');
      },
    };
    expect(await ask(credential('a', { window }))).toBe('left');
    expect(opened).toHaveBeenCalledOnce();
    expect(received).toEqual([]);
  });

  describe('with a store', () => {
    const tokens = new Kept();
    let whenAsked = (): void => {};
    const stored = (): OAuthInteractive => credential('a', { store: webTokenStore(tokens) });
    beforeEach(() => {
      tokens.entries.clear();
      whenAsked = () => {};
      let count = 0;
      let valid = '';
      vi.stubGlobal('fetch', async (url: string, { body }: { body: URLSearchParams }) => {
        received.push({ host: new URL(url).host, form: new URLSearchParams(body) });
        const renews = body.get('grant_type') === 'refresh_token';
        const accepted = !renews || body.get('refresh_token') === valid;
        await new Promise((resolve) => setTimeout(resolve, 20));
        whenAsked();
        if (!accepted) return Response.json({ error: 'invalid_grant' }, { status: 400 });
        valid = `refresh-${++count}`;
        const answer = { token_type: 'Bearer', expires_in: 3600, refresh_token: valid };
        return Response.json({ ...answer, access_token: `access-${count}` });
      });
    });

    it('asks the person once for two credentials of the same sign-in, and renews it once', async () => {
      const both = (): Promise<string[]> =>
        Promise.all([stored(), stored()].map((one) => ask(one)));
      expect(await both()).toEqual(['left', 'left']);
      page.comeBack(page.left.at(-1) as URL, 'code');
      page.left.length = 0;
      expect(await both()).toEqual(['access-1', 'access-1']);
      for (const [key, value] of tokens.entries)
        tokens.entries.set(key, JSON.stringify({ ...JSON.parse(value), expiresAt: 1 }));
      expect(await both()).toEqual(['access-2', 'access-2']);
      expect(page.left).toEqual([]);
      expect(received.map(({ form }) => form.get('grant_type'))).toEqual([
        'authorization_code',
        'refresh_token',
      ]);
    });

    it('takes the tokens of another page that renewed them first', async () => {
      await ask(stored());
      page.comeBack(page.left[0] as URL, 'code');
      await ask(stored());
      page.left.length = 0;
      const [[key, value]] = [...tokens.entries] as [[string, string]];
      const used = { accessToken: 'old', expiresAt: 1, refreshToken: 'used' };
      tokens.setItem(key, JSON.stringify(used));
      whenAsked = () => tokens.setItem(key, value);
      expect(await ask(stored())).toBe('access-1');
      expect(received).toHaveLength(2);
      expect(page.left).toEqual([]);
    });

    it('leaves no code behind that a sign-out would bring back', async () => {
      const [first, second] = [page, new Page()];
      await ask(stored());
      page = second;
      page.show(PAGE);
      await ask(stored());
      const [one, two] = [first, second].map(({ left }) => left[0] as URL) as [URL, URL];
      page = first;
      page.comeBack(one, 'code-1');
      expect(await ask(stored())).toBe('access-1');
      page = second;
      page.comeBack(two, 'code-2');
      const credentials = stored();
      expect(await ask(credentials)).toBe('access-1');
      expect(globalThis.location.href).toBe(PAGE);
      expect(page.storage.entries.size).toBe(0);
      await credentials.signOut();
      expect(await ask(credentials)).toBe('left');
      expect(received).toHaveLength(1);
    });

    it('drops a code that has come back when the first thing is a sign-out', async () => {
      await ask(stored());
      page.comeBack(page.left[0] as URL, 'code');
      const credentials = stored();
      await credentials.signOut();
      expect(globalThis.location.href).toBe(PAGE);
      expect(await ask(credentials)).toBe('left');
      expect(received).toEqual([]);
    });
  });
});
