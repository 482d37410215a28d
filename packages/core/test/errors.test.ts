import {
  AbortedError,
  ApiError,
  AuthError,
  CdfError,
  ConfigError,
  DecodeError,
  DuplicatedError,
  EmptyDataError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  ServerError,
  TimeoutError,
} from '@cdf/core';
import { withAccount } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';

const PLAIN = {
  CdfError,
  NetworkError,
  TimeoutError,
  AbortedError,
  ConfigError,
  DecodeError,
  EmptyDataError,
};
const OF_THE_API = {
  ApiError,
  NotFoundError,
  DuplicatedError,
  AuthError,
  RateLimitError,
  ServerError,
};
const ALL = [
  ...Object.entries(PLAIN).map(([name, Class]) => ({ name, Class, error: new Class('m') })),
  ...Object.entries(OF_THE_API).map(([name, Class]) => ({
    name,
    Class,
    error: new Class('m', { status: 400 }),
  })),
];

describe('an error', () => {
  it.each(ALL)('$name is told from all others', ({ name, Class, error }) => {
    expect(error.name).toBe(name);
    expect(String(error)).toBe(`${name}: m`);
    const matching = ALL.filter((other) => Class.isInstance(other.error)).map(
      (other) => other.name,
    );
    const wanted =
      name === 'CdfError'
        ? ALL.map((other) => other.name)
        : name === 'ApiError'
          ? Object.keys(OF_THE_API)
          : [name];
    expect(matching).toEqual(wanted);
    for (const stranger of [new Error('m'), { code: 'config' }, null, undefined, 'text'])
      expect(Class.isInstance(stranger)).toBe(false);
  });

  it('is told by another copy of the package, whose classes are others', () => {
    const foreign = Object.assign(Object.create(Error.prototype) as Error, {
      code: 'not-found',
      status: 404,
    });
    Object.defineProperty(foreign, 'cdf.error', { value: true });
    expect(NotFoundError.isInstance(foreign)).toBe(true);
    expect(ApiError.isInstance(foreign)).toBe(true);
    expect(ConfigError.isInstance(foreign)).toBe(false);
  });

  it('says unknown of a 5xx and refused of others, unless it is known better', () => {
    expect(new ServerError('m', { status: 500 }).delivery).toBe('unknown');
    expect(new ApiError('m', { status: 400 }).delivery).toBe('refused');
    expect(new ServerError('m', { status: 503, delivery: 'none' }).delivery).toBe('none');
    expect(new ConfigError('m').delivery).toBe('none');
  });

  it('keeps what it knows when it gets an account', () => {
    const cause = new RateLimitError('slow', {
      status: 429,
      requestId: 'r',
      retryAfterMs: 5,
      autoRetryable: true,
    });
    const error = withAccount(cause, {
      successful: [1],
      unknown: [2, 3],
      failed: [4],
      notAttempted: [4],
      errors: [cause],
    });
    expect(RateLimitError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      status: 429,
      requestId: 'r',
      retryAfterMs: 5,
      autoRetryable: true,
      successful: [1],
      failed: [4],
      cause,
    });
    expect(error.message).toBe('slow [1 successful, 2 unknown, 1 failed, 1 of them never sent]');
  });
});
