import { ConfigError } from '@cdf/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../src/transport/failure/redact.js';
import { retryAfter } from '../src/transport/failure/retry-after.js';
import { type RetrySettings, retryDelay } from '../src/transport/retry.js';
import { shownStorageUrl } from '../src/transport/transfer.js';
import { buildUrl, shownPath, shownUrl } from '../src/transport/url.js';

const SETTINGS: RetrySettings = {
  limit: 10,
  connectLimit: 3,
  backoffLimitMs: 60_000,
  statusCodes: [429, 502, 503, 504],
};

describe('the retry policy', () => {
  it('grows its full jitter to the limit', () => {
    const delay = (attempt: number): number | undefined =>
      retryDelay({ code: 'server', delivery: 'unknown', status: 503 }, attempt, true, SETTINGS, 1);
    expect([1, 2, 3, 4, 8, 10].map(delay)).toEqual([500, 1000, 2000, 4000, 60_000, 60_000]);
    expect(
      retryDelay({ code: 'server', delivery: 'unknown', status: 503 }, 5, true, SETTINGS, 0),
    ).toBe(0);
    expect(delay(11)).toBeUndefined();
  });

  it('adds its jitter to what the server asks for', () => {
    const failure = {
      code: 'rate-limit',
      delivery: 'refused',
      status: 429,
      retryAfterMs: 3000,
    } as const;
    expect(retryDelay(failure, 1, false, SETTINGS, 0.5)).toBe(3250);
    expect(
      retryDelay({ ...failure, retryAfterMs: 300_001 }, 1, true, SETTINGS, 0.5),
    ).toBeUndefined();
  });

  it('never sends again what may have been done and is not idempotent, unless the server allows it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('network', 'timeout', 'server', 'api', 'decode', 'config'),
        fc.constantFrom(0, 400, 409, 500, 502, 503, 504),
        fc.integer({ min: 1, max: 12 }),
        (code, status, attempt) => {
          expect(
            retryDelay({ code, delivery: 'unknown', status }, attempt, false, SETTINGS, 0.5),
          ).toBeUndefined();
        },
      ),
    );
  });

  it('gives up on connections that do not come about sooner than on those that broke', () => {
    const network = (delivery: 'none' | 'unknown', attempt: number): boolean =>
      retryDelay({ code: 'network', delivery }, attempt, true, SETTINGS, 0.5) !== undefined;
    expect([
      network('none', 3),
      network('none', 4),
      network('unknown', 4),
      network('unknown', 10),
    ]).toEqual([true, false, true, true]);
  });

  it('reads Retry-After in both forms and nothing else', () => {
    const now = Date.UTC(2026, 0, 1);
    const read = (value?: string, date?: string): number | undefined =>
      retryAfter(
        new Headers({
          ...(value !== undefined && { 'retry-after': value }),
          ...(date !== undefined && { date }),
        }),
        now,
      );
    expect(read('120')).toBe(120_000);
    expect(read('Thu, 01 Jan 2026 00:00:05 GMT')).toBe(5000);
    expect(read('Thu, 01 Jan 2025 00:00:05 GMT')).toBe(0);
    for (const value of [undefined, '', ' ', '-1', 'soon']) expect(read(value)).toBeUndefined();
  });

  it('compares a date with the clock of the server, which may differ from ours', () => {
    const headers = new Headers({
      'retry-after': 'Thu, 01 Jan 2026 00:00:05 GMT',
      date: 'Thu, 01 Jan 2026 00:00:02 GMT',
    });
    expect(retryAfter(headers, Date.UTC(2030, 0, 1))).toBe(3000);
  });
});

describe('addresses', () => {
  const build = (path: string): string => buildUrl('https://cdf.example.com/base', 'p', path);

  it.each([
    'https://evil.example.com/x',
    '//evil.example.com/x',
    'assets',
    '',
    '/assets/../../other/assets',
    '/assets/%2e%2E/other',
    '/./assets',
    '/api/v1/projects/p/..',
    '/a\\..\\b',
    '/a\nb',
    '/a#b',
  ])('refuse the path %j', (path) => {
    expect(() => build(path)).toThrow(ConfigError);
  });

  it('stay below the base URL, whatever the path is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('/', '/api/', '/login/', ''),
        (text, start) => {
          let url: string;
          try {
            url = build(start + text);
          } catch (reason) {
            expect(reason).toBeInstanceOf(ConfigError);
            return;
          }
          expect(new URL(url).origin).toBe('https://cdf.example.com');
          expect(new URL(url).pathname).toMatch(/^\/base\/(api|login)\//);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep a query of the path and add to it', () => {
    expect(buildUrl('https://h', 'p', '/assets?limit=1&x=a?b', { cursor: 'c&d' })).toBe(
      'https://h/api/v1/projects/p/assets?limit=1&x=a%3Fb&cursor=c%26d',
    );
  });

  it('are shown without what may be secret', () => {
    expect(shownPath('/files?sig=secret')).toBe('/files');
    expect(shownUrl('https://store.example.com/a/b?sig=secret#x')).toBe(
      'https://store.example.com/a/b',
    );
    expect(shownUrl('secret')).not.toContain('secret');
    expect(shownStorageUrl('https://store.example.com/secret/b?sig=secret#x')).toBe(
      'https://store.example.com',
    );
    expect(shownStorageUrl('secret')).not.toContain('secret');
  });
});

describe('text from outside', () => {
  it('loses secrets, tokens of any kind and control characters', () => {
    const text = safeText(
      'got Bearer abc.def and eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.sig\u0007\nend',
    );
    expect(text).toBe('got Bearer *** and *** end');
    expect(safeText('a\u202e\u009b31mb')).toBe('a 31mb');
  });
});
