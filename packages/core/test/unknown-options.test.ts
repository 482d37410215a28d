import { ConfigError } from '@cdf/core';
import { refuseUnknown } from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const KNOWN = { start: true, end: true, limit: true, timeZone: true, includeStatus: true };

describe('an unknown option', () => {
  it.each([
    ['strat', 'start'],
    ['Start', 'start'],
    ['startTime', 'start'],
    ['endTime', 'end'],
    ['ned', 'end'],
    ['limt', 'limit'],
    ['limits', 'limit'],
    ['timezone', 'timeZone'],
    ['time_zone', 'timeZone'],
    ['includeStatuses', 'includeStatus'],
  ])('%s is refused, and %s was meant', (name, meant) => {
    const refusal = `query: unknown name "${name}"; did you mean ${meant}?`;
    expect(() => refuseUnknown([name], KNOWN, 'query')).toThrow(new ConfigError(refusal));
  });

  it('is refused where the caller may have more, if it is hardly anything else', () => {
    const row = { timestamp: true, value: true, status: true };
    for (const name of ['staus', 'Status', 'statusCode', 'vlaue'])
      expect(() => refuseUnknown([name], row, 'row', true)).toThrow(
        `row: unknown name "${name}"; did you mean`,
      );
    refuseUnknown(['state', 'time', 'unit', 'tag', 'name', 'stage'], row, 'row', true);
  });

  it('is refused with all known ones when no name is like it, unless the caller may have more', () => {
    const refusal =
      'query: unknown name "colour"; known names: start, end, limit, timeZone, includeStatus';
    expect(() => refuseUnknown(['colour'], KNOWN, 'query')).toThrow(refusal);
    refuseUnknown(['colour'], KNOWN, 'query', true);
  });

  it('is refused whatever it is, and cannot act on a terminal', () => {
    expect(() => refuseUnknown(['constructor'], KNOWN, 'query')).toThrow(
      'unknown name "constructor"',
    );
    expect(() => refuseUnknown(['\u001b[2J'], KNOWN, 'query')).toThrow('unknown name "\\u001b[2J"');
    fc.assert(
      fc.property(fc.string(), (name) => {
        const check = (): void => refuseUnknown([name], KNOWN, 'query');
        if (Object.hasOwn(KNOWN, name)) check();
        else expect(check).toThrow(ConfigError);
      }),
    );
  });

  it('is refused where it is not a string at all', () => {
    expect(() => refuseUnknown([5] as unknown as string[], KNOWN, 'query')).toThrow(
      'query: unknown name 5; known names: start',
    );
  });

  it('is accepted where all of them are known', () => {
    refuseUnknown([], KNOWN, 'query');
    refuseUnknown(['start', 'limit'], KNOWN, 'query');
  });
});
