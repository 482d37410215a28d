import { ConfigError } from '../errors.js';
import { parseIso } from './iso-time.js';
import { refuseUnknown } from './known-names.js';
import { type LocalTimeOptions, localTimes, resolveLocal } from './local-time.js';
import { quoted } from './text.js';
import { ZONES } from './time-zone.js';

/** How a column of local times is read. */
export interface LocalTimeReaderOptions extends LocalTimeOptions {
  /**
   * Where the clock hung that wrote the column: an IANA name, or `UTC+01:00` for one that ignores
   * daylight saving.
   */
  readonly timeZone: string;
  /**
   * Day or month first, for dates such as `01/07/2024`. Dates that begin with the year do not need
   * it.
   */
  readonly dateOrder?: 'dmy' | 'mdy' | undefined;
  /**
   * True if later rows are later or earlier. It tells the two passes of a repeated hour apart,
   * unless there is a `disambiguation`.
   * @default 'rising'
   */
  readonly rows?: 'rising' | 'falling' | undefined;
}

const OPTIONS: Readonly<Record<keyof LocalTimeReaderOptions, true>> = {
  timeZone: true,
  disambiguation: true,
  dateOrder: true,
  rows: true,
};

/**
 * A date, and a time of day behind it: numbers in any width, 24 hours or AM and PM, with or without
 * an offset.
 */
const CELL =
  /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})(?:(?:T|,? +)(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AP])M)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A function that reads the times of one series, cell by cell, as epoch milliseconds:
 * `cells.map(localTimeReader({ timeZone: 'Europe/Oslo' }))`. Cells are `2024-07-01 02:30`,
 * `1.7.2024 02:30:15`, `7/1/2024 2:30 AM` and the like; one that has an offset is that instant.
 *
 * In the hour that clocks repeat, the reader believes that each row is later than the row before
 * it: `02:50`, `02:10` is the first pass and then the second, and so is `02:00`, `02:00`. Rows in
 * another order are read wrongly there, and so are those of a second pass without a first: set
 * `disambiguation` for them. Times of several series need a reader for each.
 *
 * @throws {ConfigError} thrown by the reader for a cell that is not a time, or a time that clocks
 *   skip; its message counts rows from 1.
 */
export function localTimeReader(options: LocalTimeReaderOptions): (cell: string) => number {
  refuseUnknown(Object.keys(options), OPTIONS, 'localTimeReader');
  const { timeZone, disambiguation, dateOrder, rows = 'rising' } = options;
  if (timeZone === undefined) throw new ConfigError('localTimeReader: timeZone is missing');
  refuseUnknown([rows], { rising: true, falling: true }, 'localTimeReader: rows');
  if (dateOrder !== undefined)
    refuseUnknown([dateOrder], { dmy: true, mdy: true }, 'localTimeReader: dateOrder');
  const { offsetsOf } = localTimes(ZONES, { timeZone, disambiguation });
  const isRising = rows === 'rising';
  let before = isRising ? -Infinity : Infinity;
  let row = 0;
  const choose = (instants: readonly number[]): number | undefined =>
    isRising
      ? (instants.find((time) => time > before) ?? instants[0])
      : (instants.findLast((time) => time < before) ?? instants.at(-1));
  return (cell) => {
    row++;
    const name = `row ${row}: ${quoted(String(cell).slice(0, 60))}`;
    const plain = toIso(cell, dateOrder, name);
    const { local, offset } = parseIso(plain);
    if (Number.isNaN(local))
      throw new ConfigError(`${name} is a day or an hour that does not exist`);
    before =
      offset === undefined
        ? resolveLocal(local, {
            zones: ZONES,
            offsetAt: offsetsOf(timeZone),
            zone: timeZone,
            disambiguation,
            name,
            plain,
            choose,
            hint: '; a clock that ignores daylight saving has a zone such as "UTC+01:00"',
          })
        : local - offset;
    return before;
  };
}

function toIso(
  cell: unknown,
  dateOrder: LocalTimeReaderOptions['dateOrder'],
  name: string,
): string {
  const [
    match,
    one = '',
    two = '',
    three = '',
    hour,
    minute = '00',
    second = '00',
    fraction = '0',
    half,
    offset = '',
  ] = CELL.exec(typeof cell === 'string' ? cell.trim() : '') ?? [];
  const isYearFirst = one.length === 4;
  if (
    match === undefined ||
    (isYearFirst ? three.length > 2 : one.length > 2 || three.length !== 4)
  )
    throw new ConfigError(
      `${name} is not a time such as 2024-07-01 02:30, 1.7.2024 02:30:15 or 7/1/2024 2:30 AM`,
    );
  if (!isYearFirst && dateOrder === undefined)
    throw new ConfigError(`${name}: set dateOrder to 'dmy' (day first) or 'mdy' (month first)`);
  const [year, month, day] = isYearFirst
    ? [one, two, three]
    : dateOrder === 'dmy'
      ? [three, two, one]
      : [three, one, two];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (hour === undefined) return date + offset;
  // 12 AM is midnight; an hour of 0 or above 12 has no half.
  const isHalf = half !== undefined && Number(hour) >= 1 && Number(hour) <= 12;
  const hours = isHalf
    ? (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0)
    : half === undefined
      ? hour
      : '99';
  return `${date}T${String(hours).padStart(2, '0')}:${minute}:${second}.${fraction}${offset.toUpperCase()}`;
}
