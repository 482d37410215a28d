import { ConfigError } from '../errors.js';
import { parseIso } from './iso-time.js';
import { checkOptions, refuseUnknown } from './known-names.js';
import { type LocalTimeOptions, localTimes, resolveLocal, shortIso } from './local-time.js';
import { quoted } from './text.js';
import { type OffsetAt, ZONES } from './time-zone.js';

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
   * The order of the rows: from the earliest to the latest time, or the other way round. It tells
   * the two passes of a repeated hour apart, unless there is a `disambiguation`.
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
 * Days without a time are midnight, where all rows are days.
 *
 * In the hour that clocks repeat, each row is later than the row before it: `02:50`, `02:10` is the
 * first pass and then the second. The same time twice in a row is both passes where rows are about
 * an hour apart, and a duplicate row, the same instant, where they are denser. A row that may be
 * either, or neither, is an error. A second pass without a first is read wrongly: set
 * `disambiguation`. Times of several series need a reader for each.
 *
 * @throws {ConfigError} thrown by the reader for a cell that is not a time, a time that clocks skip,
 * and a time of the repeated hour that contradicts the order of the rows; its message counts rows
 * from 1.
 */
export function localTimeReader(options: LocalTimeReaderOptions): (cell: string) => number {
  checkOptions(options, OPTIONS, 'localTimeReader');
  const { timeZone, disambiguation, dateOrder, rows = 'rising' } = options;
  if (timeZone === undefined) throw new ConfigError('localTimeReader: timeZone is missing');
  refuseUnknown([rows], { rising: true, falling: true }, 'localTimeReader: rows');
  if (dateOrder !== undefined)
    refuseUnknown([dateOrder], { dmy: true, mdy: true }, 'localTimeReader: dateOrder');
  const { offsetsOf } = localTimes(ZONES, { timeZone, disambiguation });
  const offsetAt = offsetsOf(timeZone);
  const order = new RowOrder(rows === 'rising', timeZone, offsetAt);
  let row = 0;
  let hasTimes: boolean | undefined;
  return (cell) => {
    row++;
    const text = quoted(String(cell).slice(0, 60));
    const name = `row ${row}: ${text}`;
    const plain = toIso(cell, dateOrder, name);
    const { local, offset } = parseIso(plain);
    if (Number.isNaN(local))
      throw new ConfigError(
        `${name} is a day or an hour that does not exist${orderHint(cell, dateOrder, name)}`,
      );
    const hasTime = plain.includes('T');
    if (hasTime !== (hasTimes ?? hasTime))
      throw new ConfigError(
        hasTime
          ? `${name} has a time of day, but the rows before it have none; write 00:00 for midnight in those`
          : `${name} has no time of day, but the rows before it have one; complete the row, or write 00:00 for midnight`,
      );
    hasTimes = hasTime;
    const time =
      offset === undefined
        ? resolveLocal(local, {
            zones: ZONES,
            offsetAt,
            zone: timeZone,
            disambiguation,
            name,
            plain,
            choose: (instants) => order.choose(instants, name),
            hint: '; a clock that ignores daylight saving has a zone such as "UTC+01:00"',
          })
        : local - offset;
    order.add(time, `row ${row}`, text);
    return time;
  };
}

/** Tells the two passes of a repeated hour apart by the rows before. */
class RowOrder {
  readonly #isRising: boolean;
  readonly #zone: string;
  readonly #offsetAt: OffsetAt;
  /** The row before. */
  #before: { readonly time: number; readonly row: string; readonly text: string } | undefined;
  /** The least difference of two rows that follow each other. @unit milliseconds */
  #step = Infinity;
  /** Whether two rows in a row had the same instant. */
  #hasTwins = false;

  constructor(isRising: boolean, zone: string, offsetAt: OffsetAt) {
    this.#isRising = isRising;
    this.#zone = zone;
    this.#offsetAt = offsetAt;
  }

  /** Notes the instant of a row. */
  add(time: number, row: string, text: string): void {
    const step = Math.abs(time - (this.#before?.time ?? Number.NaN));
    if (step === 0) this.#hasTwins = true;
    else if (step < this.#step) this.#step = step;
    this.#before = { time, row, text };
  }

  /** @throws {ConfigError} where the rows do not tell. */
  choose(instants: readonly number[], name: string): number | undefined {
    const ordered = this.#isRising ? instants : instants.toReversed();
    if (this.#before === undefined) return ordered[0];
    const { time: before, row, text } = this.#before;
    const next = ordered.find((time) => (this.#isRising ? time > before : time < before));
    if (!instants.includes(before)) {
      if (next !== undefined) return next;
      throw new ConfigError(
        `${name} comes twice in ${this.#zone}, and both times are ${this.#isRising ? 'before' : 'after'} that of ${row}: ${text}; sort the rows, give the offset, or set disambiguation; ${
          this.#isRising
            ? "rows from the latest to the earliest need rows: 'falling'"
            : "rows from the earliest to the latest need rows: 'rising'"
        }, and times of several series a reader each`,
      );
    }
    if (next === undefined) return before;
    // Both passes are on the grid of the rows only where their distance is one step of it.
    const shift = Math.abs(next - before);
    const isStep = this.#step > shift / 2 && this.#step < shift * 2;
    if (this.#step === Infinity || (isStep && this.#hasTwins))
      throw new ConfigError(
        `${name} is the time of ${row} again, which comes twice in ${this.#zone}: it is the ${this.#isRising ? 'second' : 'first'} pass (${shortIso(ZONES, next, this.#offsetAt)}) or a duplicate row; remove the duplicate, give the offset, or set disambiguation; times of several series need a reader each`,
      );
    return isStep ? next : before;
  }
}

/** Where the day is a month, and the month a day. */
function orderHint(
  cell: unknown,
  dateOrder: LocalTimeReaderOptions['dateOrder'],
  name: string,
): string {
  const other = dateOrder === 'dmy' ? 'mdy' : 'dmy';
  const { local } = parseIso(toIso(cell, other, name));
  return Number.isNaN(local) ? '' : `; did you mean dateOrder: '${other}'?`;
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
  ] = CELL.exec(typeof cell === 'string' ? cell.trim().replaceAll(/\s/g, ' ') : '') ?? [];
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
