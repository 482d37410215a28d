import {
  ConfigError,
  type Disambiguation,
  type LocalTimeOptions,
  localTimeReader,
} from '@cdf/core';
import {
  localTimes,
  mayBeLocal,
  toEpoch,
  toWireItems,
  toWireQuery,
  ZONES,
} from '@cdf/core/resource';
import { describe, expect, expectTypeOf, it } from 'vitest';

const HOUR = 3_600_000;
const now = Date.UTC(2026, 0, 10);
const read = (text: string, options: LocalTimeOptions = {}): number =>
  toEpoch(text, now, 'start', localTimes(ZONES, options).read);
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return 'no error';
};
const timeZone = 'Europe/Oslo';

describe('a string without an offset', () => {
  it.each([
    ['2024-07-01 02:30', '2024-07-01T00:30:00.000Z'],
    ['2024-07-01T02:30:15.5', '2024-07-01T00:30:15.500Z'],
    ['2024-01-01', '2023-12-31T23:00:00.000Z'],
    ['2024-03-31 03:00', '2024-03-31T01:00:00.000Z'],
    ['2024-03-31 01:59:59.999', '2024-03-31T00:59:59.999Z'],
  ])('is local time where there is a timeZone: %s', (text, expected) => {
    expect(new Date(read(text, { timeZone })).toISOString()).toBe(expected);
    expect(new Date(read(`${text}[Europe/Oslo]`)).toISOString()).toBe(expected);
  });

  it('is UTC where there is neither a timeZone nor a zone in it', () => {
    expect(read('2024-07-01 02:30')).toBe(Date.UTC(2024, 6, 1, 2, 30));
    expect(toEpoch('2024-07-01 02:30', now)).toBe(Date.UTC(2024, 6, 1, 2, 30));
    expect(mayBeLocal(['2024-07-01 02:30', 5, undefined], undefined)).toBe(false);
    expect([mayBeLocal(['2024-07-01[UTC]'], undefined), mayBeLocal([], timeZone)]).toEqual([
      true,
      true,
    ]);
  });

  it('may have a fixed offset for its zone', () => {
    const expected = Date.UTC(2024, 6, 1, 1, 30);
    expect(read('2024-07-01 02:30', { timeZone: 'UTC+01:00' })).toBe(expected);
    expect([read('2024-07-01 02:30[UTC+01:00]'), read('2024-07-01 02:30[+01:00]')]).toEqual([
      expected,
      expected,
    ]);
  });

  it('is the first instant of a day whose midnight clocks skip', () => {
    expect(read('2018-11-04[America/Sao_Paulo]')).toBe(Date.UTC(2018, 10, 4, 3));
    expect(message(() => read('2018-11-04 00:00[America/Sao_Paulo]'))).toContain('does not exist');
    expect(message(() => read('2011-12-30[Pacific/Apia]'))).toBe(
      "start \"2011-12-30[Pacific/Apia]\" does not exist in Pacific/Apia, where clocks go from 2011-12-30 00:00 to 2011-12-31 00:00; its neighbours are 2011-12-29 00:00 (disambiguation: 'earlier') and 2011-12-31 00:00 ('later')",
    );
  });
});

describe('other arguments', () => {
  it('do not heed a timeZone: offsets, relative times, numbers and dates are instants', () => {
    const options = { timeZone };
    expect(read('2024-07-01T02:30Z', options)).toBe(Date.UTC(2024, 6, 1, 2, 30));
    expect(read('2024-07-01T02:30-04:00', options)).toBe(Date.UTC(2024, 6, 1, 6, 30));
    expect([read('now', options), read('2h-ago', options)]).toEqual([now, now - 2 * HOUR]);
    expect(toEpoch(5, now, 'start', localTimes(ZONES, options).read)).toBe(5);
  });

  it('are what Temporal writes, offset and zone together', () => {
    expect(read('2024-07-01T02:30:00+02:00[Europe/Oslo]')).toBe(Date.UTC(2024, 6, 1, 0, 30));
    expect(read('2024-10-27T02:30:00+01:00[Europe/Oslo]')).toBe(Date.UTC(2024, 9, 27, 1, 30));
    expect(read('2024-07-01T02:30:00Z[Europe/Oslo]')).toBe(Date.UTC(2024, 6, 1, 2, 30));
    expect(read('1960-01-01T00:00:00-00:44:30[Africa/Monrovia]')).toBe(
      Date.UTC(1960, 0, 1, 0, 44, 30),
    );
  });

  it('are rejected where offset and zone differ, with what the time is there', () => {
    expect(message(() => read('2024-07-01T02:30+01:00[Europe/Oslo]'))).toBe(
      'start "2024-07-01T02:30+01:00[Europe/Oslo]": Europe/Oslo has another offset then; it is 2024-07-01T03:30:00+02:00 there',
    );
  });
});

describe('two zones', () => {
  it('are rejected, unless they are one', () => {
    expect(message(() => read('2024-07-01 02:30[America/New_York]', { timeZone }))).toBe(
      'start "2024-07-01 02:30[America/New_York]" and timeZone "Europe/Oslo" name different zones; give one of them',
    );
    expect(read('2024-07-01 02:30[europe/oslo]', { timeZone })).toBe(Date.UTC(2024, 6, 1, 0, 30));
    expect(read('2024-07-01 02:30[Asia/Calcutta]', { timeZone: 'Asia/Kolkata' })).toBe(
      Date.UTC(2024, 5, 30, 21),
    );
    expect(message(() => read('2024-07-01[UTC+01:00]', { timeZone: 'UTC+02:00' }))).toContain(
      'different zones',
    );
  });

  it.each(['2024-07-01[Mars/Olympus]', '2024-07-01T00:00Z[Mars/Olympus]'])(
    'are known zones: %s',
    (text) => {
      const unknown =
        'timeZone "Mars/Olympus" is neither an IANA name nor an offset like UTC+05:30';
      expect(message(() => read(text))).toBe(unknown);
      expect(message(() => read(text, { timeZone }))).toBe(unknown);
      expect(message(() => read('now', { timeZone: 'Mars/Olympus' }))).toBe(unknown);
    },
  );

  it.each([
    '2024-07-01[]',
    '2024-02-30[Europe/Oslo]',
    '2024-07-01[Europe/Oslo][u-ca=hebrew]',
    '2d-ago[Europe/Oslo]',
  ])('make no time of %s', (text) => {
    expect(message(() => read(text, { timeZone }))).toContain('is not a time');
  });
});

describe('a time that clocks skip', () => {
  const skipped = '2024-03-31 02:30';

  it('is an error that names its neighbours', () => {
    expect(message(() => read(skipped, { timeZone }))).toBe(
      "start \"2024-03-31 02:30\" does not exist in Europe/Oslo, where clocks go from 2024-03-31 02:00 to 2024-03-31 03:00; its neighbours are 2024-03-31 01:30 (disambiguation: 'earlier') and 2024-03-31 03:30 ('later')",
    );
  });

  it('is what disambiguation chooses', () => {
    const chosen = (disambiguation: Disambiguation): number =>
      read(skipped, { timeZone, disambiguation });
    expect(chosen('earlier')).toBe(Date.UTC(2024, 2, 31, 0, 30));
    expect(chosen('later')).toBe(Date.UTC(2024, 2, 31, 1, 30));
    expect(chosen('compatible')).toBe(Date.UTC(2024, 2, 31, 1, 30));
    expect(message(() => chosen('reject'))).toContain('does not exist');
  });
});

describe('a time that clocks repeat', () => {
  const repeated = '2024-10-27 02:30';

  it('is the first of the two, unless disambiguation chooses', () => {
    const chosen = (disambiguation?: Disambiguation): number =>
      read(repeated, { timeZone, disambiguation });
    expect(chosen()).toBe(Date.UTC(2024, 9, 27, 0, 30));
    expect([chosen('earlier'), chosen('compatible')]).toEqual([chosen(), chosen()]);
    expect(chosen('later')).toBe(Date.UTC(2024, 9, 27, 1, 30));
    expect(message(() => chosen('reject'))).toBe(
      'start "2024-10-27 02:30" comes twice in Europe/Oslo: 2024-10-27T02:30:00+02:00 and 2024-10-27T02:30:00+01:00; give one of these, or another disambiguation',
    );
    expect(read('2024-10-27T02:30:00+01:00', { timeZone })).toBe(chosen('later'));
  });

  it('is not chosen by an unknown word', () => {
    expect(message(() => read(repeated, { timeZone, disambiguation: 'first' as never }))).toBe(
      "disambiguation must be 'compatible', 'earlier', 'later' or 'reject'",
    );
    expectTypeOf<Disambiguation>().toEqualTypeOf<'compatible' | 'earlier' | 'later' | 'reject'>();
  });
});

describe('filters and items', () => {
  it('take local times that name their zone', () => {
    const definition = { path: '/events', noun: 'events', fields: { startTime: 'time' } } as never;
    const filter = { createdTime: { min: '2024-07-01 02:30[Europe/Oslo]' } };
    expect(toWireQuery(definition, { filter }, now)).toEqual({
      filter: { createdTime: { min: Date.UTC(2024, 6, 1, 0, 30) } },
    });
    expect(toWireItems(definition, [{ startTime: '2024-07-01 02:30[Europe/Oslo]' }])).toEqual([
      { startTime: Date.UTC(2024, 6, 1, 0, 30) },
    ]);
    expect(
      message(() => toWireItems(definition, [{ startTime: '2024-03-31 02:30[Europe/Oslo]' }])),
    ).toContain('startTime "2024-03-31 02:30[Europe/Oslo]" does not exist in Europe/Oslo');
  });
});

describe('a column of local times', () => {
  const column = (
    cells: readonly unknown[],
    options: Partial<Parameters<typeof localTimeReader>[0]> = {},
  ): string[] => {
    const readCell = localTimeReader({ timeZone, ...options });
    return cells.map((cell) => new Date(readCell(cell as string)).toISOString().slice(0, -5));
  };

  it.each([
    ['2024-07-01 02:30', undefined],
    ['2024-07-01T02:30:00.000', undefined],
    [' 2024/7/1 2:30 ', undefined],
    ['1.7.2024 2.30', 'dmy'],
    ['01/07/2024, 02:30:00', 'dmy'],
    ['7/1/2024 2:30 AM', 'mdy'],
    ['07-01-2024 02:30:00,000', 'mdy'],
    ['2024-07-01T00:30:00Z', undefined],
    ['2024-06-30 20:30-0400', undefined],
  ] as const)('may be written as %s', (cell, dateOrder) => {
    expect(column([cell], { dateOrder })).toEqual(['2024-07-01T00:30:00']);
  });

  it('knows noon and midnight in halves of a day, and days without a time', () => {
    const cells = ['7/1/2024 12:00 AM', '7/1/2024 12:30PM', '7/1/2024 11:00 pm', '7/2/2024'];
    const expected = [
      '2024-06-30T22:00:00',
      '2024-07-01T10:30:00',
      '2024-07-01T21:00:00',
      '2024-07-01T22:00:00',
    ];
    expect(column(cells, { dateOrder: 'mdy' })).toEqual(expected);
  });

  it('tells the passes of a repeated hour apart, as each row is later than the row before', () => {
    const tens = ['01:50', '02:00', '02:20', '02:50', '02:10', '02:50', '03:00'].map(
      (time) => `2024-10-27 ${time}`,
    );
    const expected = ['23:50', '00:00', '00:20', '00:50', '01:10', '01:50', '02:00'];
    expect(column(tens).map((time) => time.slice(11, 16))).toEqual(expected);
    const hours = ['01:00', '02:00', '02:00', '03:00'].map((time) => `27.10.2024 ${time}`);
    expect(column(hours, { dateOrder: 'dmy' }).map((time) => time.slice(11, 13))).toEqual([
      '23',
      '00',
      '01',
      '02',
    ]);
    expect(column(tens.toReversed(), { rows: 'falling' })).toEqual(column(tens).toReversed());
  });

  it('begins anew where rows jump back, as in a file of several days or series', () => {
    const cells = [
      '2024-10-27 02:00',
      '2024-10-27 02:00',
      '2024-10-28 00:00',
      '2024-10-27 02:00',
      '2024-10-27 02:00',
    ];
    expect(column(cells).map((time) => time.slice(5, 13))).toEqual([
      '10-27T00',
      '10-27T01',
      '10-27T23',
      '10-27T00',
      '10-27T01',
    ]);
  });

  it('is read wrongly where rows do not rise, or only the second pass is there: disambiguation says what they are', () => {
    const shuffled = ['2024-10-27 02:50', '2024-10-27 02:10'];
    // Both are of the first pass, which the rows cannot tell.
    expect(column(shuffled)).toEqual(['2024-10-27T00:50:00', '2024-10-27T01:10:00']);
    expect(column(shuffled, { disambiguation: 'earlier' })).toEqual([
      '2024-10-27T00:50:00',
      '2024-10-27T00:10:00',
    ]);
    expect(column(['2024-10-27 02:50'], { disambiguation: 'later' })).toEqual([
      '2024-10-27T01:50:00',
    ]);
    expect(message(() => column(shuffled, { disambiguation: 'reject' }))).toMatch(
      /^row 1: "2024-10-27 02:50" comes twice in Europe\/Oslo: /,
    );
  });

  it('is read as a clock without daylight saving where that is its zone', () => {
    expect(message(() => column(['2024-03-31 01:30', '2024-03-31 02:30']))).toBe(
      'row 2: "2024-03-31 02:30" does not exist in Europe/Oslo, where clocks go from 2024-03-31 02:00 to 2024-03-31 03:00; its neighbours are 2024-03-31 01:30 (disambiguation: \'earlier\') and 2024-03-31 03:30 (\'later\'); a clock that ignores daylight saving has a zone such as "UTC+01:00"',
    );
    expect(column(['2024-03-31 02:30'], { timeZone: 'UTC+01:00' })).toEqual([
      '2024-03-31T01:30:00',
    ]);
    expect(column(['2024-03-31 02:30'], { disambiguation: 'later' })).toEqual([
      '2024-03-31T01:30:00',
    ]);
  });

  it.each([
    ['', 'row 1: "" is not a time such as 2024-07-01 02:30'],
    ['yesterday', 'row 1: "yesterday" is not a time'],
    [1_719_793_800_000, 'row 1: "1719793800000" is not a time'],
    [undefined, 'row 1: "undefined" is not a time'],
    ['2024-02-30 10:00', 'row 1: "2024-02-30 10:00" is a day or an hour that does not exist'],
    ['2024-07-01 24:00', 'does not exist'],
    ['2024-07-01 13:00 PM', 'does not exist'],
    ['2024-07-01 00:30 AM', 'does not exist'],
    ['01/07/24 02:30', 'is not a time'],
    [
      '01/07/2024 02:30',
      "row 1: \"01/07/2024 02:30\": set dateOrder to 'dmy' (day first) or 'mdy' (month first)",
    ],
    [`2024-07-01 02:30${' '.repeat(1e5)}x`, 'is not a time'],
  ])('has only times: %j', (cell, expected) => {
    const said = message(() => column([cell]));
    expect(said).toContain(expected);
    expect(said.length).toBeLessThan(300);
  });

  it('has a zone, and options that there are', () => {
    const untyped = (options: object) => () => localTimeReader(options as never);
    expect(message(untyped({}))).toBe('localTimeReader: timeZone is missing');
    expect(message(untyped({ timeZone, order: 'dmy' }))).toContain(
      'unknown name "order"; did you mean dateOrder?',
    );
    expect(message(untyped({ timeZone, rows: 'down' }))).toContain(
      'unknown name "down"; known names: rising, falling',
    );
    expect(message(untyped({ timeZone, dateOrder: 'ymd' }))).toContain(
      'unknown name "ymd"; known names: dmy, mdy',
    );
  });
});
