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
import fc from 'fast-check';
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
    // As toLocaleString() writes it.
    ['7/1/2024,\u00a02:30:00\u202fAM', 'mdy'],
    ['1.7.2024 2.30', 'dmy'],
    ['01/07/2024, 02:30:00', 'dmy'],
    ['7/1/2024 2:30 AM', 'mdy'],
    ['07-01-2024 02:30:00,000', 'mdy'],
    ['2024-07-01T00:30:00Z', undefined],
    ['2024-06-30 20:30-0400', undefined],
  ] as const)('may be written as %s', (cell, dateOrder) => {
    expect(column([cell], { dateOrder })).toEqual(['2024-07-01T00:30:00']);
  });

  it('knows noon and midnight in halves of a day', () => {
    const cells = ['7/1/2024 12:00 AM', '7/1/2024 12:30PM', '7/1/2024 11:00 pm'];
    const expected = ['2024-06-30T22:00:00', '2024-07-01T10:30:00', '2024-07-01T21:00:00'];
    expect(column(cells, { dateOrder: 'mdy' })).toEqual(expected);
    expect(column(['7/2/2024'], { dateOrder: 'mdy' })).toEqual(['2024-07-01T22:00:00']);
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

  const night = (times: readonly string[]): string[] => times.map((time) => `2025-10-26 ${time}`);
  const nightly = (
    times: readonly string[],
    options: Partial<Parameters<typeof localTimeReader>[0]> = {},
  ): string[] => column(night(times), options).map((time) => time.slice(11, 16));

  it('takes the same time twice in a row for a duplicate row where rows are dense', () => {
    const rows = ['01:50', '02:00', '02:10', '02:10', '02:20', '02:50', '02:00', '02:00', '02:10'];
    const expected = [
      '23:50',
      '00:00',
      '00:10',
      '00:10',
      '00:20',
      '00:50',
      '01:00',
      '01:00',
      '01:10',
    ];
    expect(nightly(rows)).toEqual(expected);
    const falling = rows.toReversed();
    expect(nightly(['03:00', ...falling], { rows: 'falling' })).toEqual([
      '02:00',
      ...expected.toReversed(),
    ]);
  });

  it('takes the same time twice in a row for both passes where rows are an hour apart', () => {
    expect(nightly(['01:00', '02:00', '02:00', '03:00'])).toEqual([
      '23:00',
      '00:00',
      '01:00',
      '02:00',
    ]);
    // A gap before them changes nothing.
    expect(nightly(['00:00', '01:00', '02:00', '02:00'])).toEqual([
      '22:00',
      '23:00',
      '00:00',
      '01:00',
    ]);
    expect(nightly(['03:00', '02:00', '02:00', '01:00'], { rows: 'falling' })).toEqual([
      '02:00',
      '01:00',
      '00:00',
      '23:00',
    ]);
  });

  it('never loses a row: a third of the same time is a duplicate of the second', () => {
    expect(nightly(['01:00', '02:00', '02:00', '02:00', '03:00'])).toEqual([
      '23:00',
      '00:00',
      '01:00',
      '01:00',
      '02:00',
    ]);
  });

  it('does not guess where the same time twice in a row may be either', () => {
    // Nothing tells how far apart rows are.
    expect(message(() => nightly(['02:00', '02:00', '02:00']))).toBe(
      'row 2: "2025-10-26 02:00" is the time of row 1 again, which comes twice in Europe/Oslo: it is the second pass (2025-10-26T02:00:00+01:00) or a duplicate row; remove the duplicate, give the offset, or set disambiguation; times of several series need a reader each',
    );
    // Two series in one file, side by side, an hour apart.
    const pairs = ['00:00', '00:00', '01:00', '01:00', '02:00', '02:00', '02:00', '02:00'];
    expect(message(() => nightly(pairs))).toMatch(
      /^row 6: "2025-10-26 02:00" is the time of row 5 /,
    );
    // The same, but dense: duplicates all along, until the passes are told apart.
    const dense = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'].flatMap((time) => [
      time,
      time,
    ]);
    expect(nightly(dense)).toEqual(
      ['23:30', '00:00', '00:30', '01:00', '01:30', '02:00'].flatMap((time) => [time, time]),
    );
  });

  it('rejects a repeated time that cannot be later than the row before it', () => {
    const said = message(() => nightly(['01:50', '02:50', '02:10', '02:00', '03:00']));
    expect(said).toBe(
      'row 4: "2025-10-26 02:00" comes twice in Europe/Oslo, and both times are before that of row 3: "2025-10-26 02:10"; sort the rows, give the offset, or set disambiguation; rows from the latest to the earliest need rows: \'falling\', and times of several series a reader each',
    );
    expect(message(() => nightly(['03:00', '02:50', '02:40']))).toContain("rows: 'falling'");
    expect(message(() => nightly(['01:50', '02:50'], { rows: 'falling' }))).toBe(
      'row 2: "2025-10-26 02:50" comes twice in Europe/Oslo, and both times are after that of row 1: "2025-10-26 01:50"; sort the rows, give the offset, or set disambiguation; rows from the earliest to the latest need rows: \'rising\', and times of several series a reader each',
    );
    expect(nightly(['03:00', '02:50', '02:40'], { disambiguation: 'later' })).toEqual([
      '02:00',
      '01:50',
      '01:40',
    ]);
  });

  /** How a clock in Oslo shows some UTC minutes after 23:00 of the night before. */
  const clock = (minutes: readonly number[]): { instants: number[]; cells: string[] } => {
    const instants = minutes.map((minute) => Date.UTC(2025, 9, 25, 23, minute));
    const cells = instants.map((time) =>
      new Date(time + (time < Date.UTC(2025, 9, 26, 1) ? 2 : 1) * HOUR).toISOString().slice(0, 16),
    );
    return { instants, cells };
  };

  it('reads every series of even steps as its clock wrote it, with rows that come twice', () => {
    const series = fc.tuple(
      fc.constantFrom(1, 5, 10, 15, 20, 30, 60),
      fc.array(fc.nat(300), { maxLength: 5 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(series, ([step, twice, isFalling]) => {
        const even = Array.from({ length: 300 / step }, (_, index) => index * step);
        const more = step < 60 ? even.filter((_, index) => twice.includes(index)) : [];
        const minutes = [...even, ...more].toSorted((left, right) => left - right);
        const { instants, cells } = clock(isFalling ? minutes.toReversed() : minutes);
        const readCell = localTimeReader({ timeZone, rows: isFalling ? 'falling' : 'rising' });
        expect(cells.map(readCell)).toEqual(instants);
      }),
    );
  });

  it('never gives rows in order out of order: it rejects what it cannot tell', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 40 });
    fc.assert(
      fc.property(rows, (minutes) => {
        const { cells } = clock(minutes.toSorted((left, right) => left - right));
        const readCell = localTimeReader({ timeZone });
        const times: number[] = [];
        try {
          for (const cell of cells) times.push(readCell(cell));
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
        expect(times).toEqual(times.toSorted((left, right) => left - right));
      }),
    );
  });

  it('begins anew where rows jump back before the repeated hour, as in a file of several series', () => {
    const series = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'];
    expect(nightly([...series, ...series])).toEqual([...nightly(series), ...nightly(series)]);
  });

  it('is read wrongly where only the second pass is there: disambiguation says what they are', () => {
    expect(column(['2024-10-27 02:50'])).toEqual(['2024-10-27T00:50:00']);
    expect(column(['2024-10-27 02:50'], { disambiguation: 'later' })).toEqual([
      '2024-10-27T01:50:00',
    ]);
    const shuffled = ['2024-10-27 02:50', '2024-10-27 02:10'];
    expect(column(shuffled, { disambiguation: 'earlier' })).toEqual([
      '2024-10-27T00:50:00',
      '2024-10-27T00:10:00',
    ]);
    expect(message(() => column(shuffled, { disambiguation: 'reject' }))).toMatch(
      /^row 1: "2024-10-27 02:50" comes twice in Europe\/Oslo: /,
    );
  });

  it('does not mix days and times: a day among times is a row that was cut off', () => {
    expect(message(() => column(['2025-10-11 00:00', '2025-10-1']))).toBe(
      'row 2: "2025-10-1" has no time of day, but the rows before it have one; complete the row, or write 00:00 for midnight',
    );
    expect(message(() => column(['2025-10-11', '2025-10-12 00:00']))).toBe(
      'row 2: "2025-10-12 00:00" has a time of day, but the rows before it have none; write 00:00 for midnight in those',
    );
    expect(column(['2025-10-01', '2025-10-2'])).toEqual([
      '2025-09-30T22:00:00',
      '2025-10-01T22:00:00',
    ]);
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

  it.each([
    ['07/25/2024 02:30', 'dmy', "does not exist; did you mean dateOrder: 'mdy'?"],
    ['25.7.2024', 'mdy', "does not exist; did you mean dateOrder: 'dmy'?"],
    ['31/02/2024', 'dmy', 'is a day or an hour that does not exist'],
    ['07/25/2024 24:30', 'dmy', 'is a day or an hour that does not exist'],
    ['2024-25-07', 'mdy', 'is a day or an hour that does not exist'],
  ] as const)(
    'has a hint where day and month are swapped: %s as %s',
    (cell, dateOrder, expected) => {
      expect(message(() => column([cell], { dateOrder }))).toBe(
        `row 1: ${JSON.stringify(cell)} ${expected.replace(/^does/, 'is a day or an hour that does')}`,
      );
    },
  );

  it('has a zone, and options that there are', () => {
    const untyped = (options: object) => () => localTimeReader(options as never);
    expect(message(untyped({}))).toBe('localTimeReader: timeZone is missing');
    expect(message(untyped(undefined as never))).toBe(
      'localTimeReader: expected an object of options, got undefined',
    );
    expect(message(untyped('Europe/Oslo' as never))).toBe(
      'localTimeReader: expected an object of options, got the string "Europe/Oslo"',
    );
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
