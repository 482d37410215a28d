import { EmulatorError } from '@cdf/emulator';
import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

const untyped = (value: unknown): number => value as number;

describe('the clock', () => {
  it.each([
    [new Date(0), 'got a Date; pass date.getTime()'],
    ['2026-01-01', 'got "2026-01-01"; pass 1767225600000'],
    ['soon', 'got "soon"'],
    [-1, 'a whole number from 0 to'],
    [1.5, 'a whole number from 0 to'],
    [Number.NaN, 'got NaN'],
    [9e15, 'a whole number from 0 to 8640000000000000'],
    [null, 'got null'],
  ])('does not freeze at %j', (at, text) => {
    const { clock } = client({ now: () => 5 }).emulator;
    expect(() => clock.freeze(untyped(at))).toThrow(EmulatorError);
    expect(() => clock.freeze(untyped(at))).toThrow(text);
    expect(clock.now()).toBe(5);
  });

  it.each([
    ['1000', 'the milliseconds of clock.advance must be a whole number, got "1000"; pass 1000'],
    [1.5, 'got 1.5'],
    [Number.NaN, 'got NaN'],
    [undefined, 'got undefined'],
    [-1000, 'a time before 1970'],
  ])('does not advance by %j', (by, text) => {
    const { clock } = client({ now: () => 5 }).emulator;
    expect(() => clock.advance(untyped(by))).toThrow(text);
    expect(clock.now()).toBe(5);
    clock.freeze();
    expect(() => clock.advance(untyped(by))).toThrow(text);
    expect(clock.now()).toBe(5);
  });

  it('goes back as well as forward', () => {
    const { clock } = client({ now: () => 5_000 }).emulator;
    clock.advance(-1_000);
    expect(clock.now()).toBe(4_000);
  });
});

/** Requests for control that mean nothing, with a part of the refusal. */
const NONSENSE: readonly (readonly [string, Json, string])[] = [
  ['/clock', { freez: 1 }, 'freez is not a known property'],
  ['/clock', { freeze: '2026-01-01' }, 'got "2026-01-01"; pass 1767225600000'],
  ['/clock', { freeze: false }, 'freeze'],
  ['/clock', { freeze: -1 }, 'a whole number from 0'],
  ['/clock', { freeze: null }, 'one of freeze, advance, run and reset'],
  ['/clock', { advance: '1000' }, 'got "1000"'],
  ['/clock', { advance: 1.5 }, 'got 1.5'],
  ['/clock', { run: false }, 'run must be true'],
  ['/clock', { reset: 1 }, 'reset must be true'],
  ['/clock', { run: true, reset: true }, 'one of freeze, advance, run and reset'],
  ['/clock', {}, 'one of freeze, advance, run and reset'],
  ['/clock', [], 'must be an object'],
  ['/clock', undefined, 'must be an object'],
  ['/faults/clear', { id: 1 }, 'id is not a known property'],
  ['/reset', { seed: 'plant' }, 'seed is not a known property'],
  ['/tokens/revoke', { token: 'a' }, 'token is not a known property'],
  ['/tokens/revoke', 'all', 'must be an object'],
  ['/snapshots/save', { nme: 'a' }, 'nme is not a known property'],
  ['/snapshots/save', {}, 'name must not be null'],
  ['/snapshots/restore', { name: 5 }, 'name must be a string'],
];

describe('control over HTTP', () => {
  it.each(NONSENSE)('refuses %s %j and does nothing', async (path, body, text) => {
    const { control, emulator } = client({ now: () => 5 });
    emulator.faults.add({ status: 503 });
    expect(await control('POST', path, body)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(text) } },
    });
    expect([emulator.clock.now(), emulator.faults.all().length]).toEqual([5, 1]);
  });

  it.each(['status', 'faults', 'requests', 'writes', 'snapshots'])(
    'refuses a query, which no endpoint has: %s',
    async (path) => {
      const { control } = client();
      expect(await control('GET', `/${path}?limit=1`)).toMatchObject({
        status: 400,
        body: { error: { message: `Control requests have no query, got "limit"` } },
      });
    },
  );

  it('takes an empty object where no body is needed', async () => {
    const { control } = client();
    for (const path of ['/faults/clear', '/tokens/revoke', '/reset'])
      expect((await control('POST', path, {})).status).toBe(200);
    expect((await control('POST', '/clock', { freeze: true })).status).toBe(200);
  });
});

describe('issueToken', () => {
  it.each([
    [{ lifetime: 5 }, 'unknown option lifetime; did you mean lifetimeSeconds?'],
    [{ lifetimeSeconds: '60' }, 'lifetimeSeconds must be a number of seconds, got "60"'],
    [{ lifetimeSeconds: Number.NaN }, 'lifetimeSeconds must be'],
    [{ subject: 5 }, 'subject must be a string that is not empty, got 5'],
  ])('refuses %j', async (options, text) => {
    await expect(client().emulator.issueToken(options as object)).rejects.toThrow(text);
  });
});
