import { ConfigError } from '@cdf/core';
import { checkOptions, csvCell, refuseUnknown, shown, ZONES } from '@cdf/core/resource';
import type { CsvOptions, TableColumn } from './types.js';

const DAY = 86_400_000;

const OPTIONS: Readonly<Record<keyof CsvOptions, true>> = {
  timeFormat: true,
  timeZone: true,
  delimiter: true,
  decimal: true,
  chunkRows: true,
  guard: true,
  header: true,
};

/** RFC 4180, a part at a time. Missing values are empty cells. */
export function* csvChunks(
  timestamps: Float64Array,
  columns: ReadonlyMap<string, TableColumn>,
  options: CsvOptions = {},
): Generator<string, void, undefined> {
  checkOptions(options, OPTIONS, 'CSV');
  const { timeFormat = 'iso', timeZone, chunkRows = 10_000, guard = true } = options;
  const { delimiter = ',', decimal = '.', header = true } = options;
  refuseUnknown([timeFormat], { iso: true, local: true, epochMs: true }, 'timeFormat');
  checkMarks(delimiter, decimal);
  // NaN fails the comparison.
  if (!(chunkRows >= 1)) throw new ConfigError('CSV: chunkRows must be at least 1');
  if (timeFormat === 'local' && timeZone === undefined)
    throw new ConfigError("CSV: timeFormat: 'local' needs a timeZone");
  if (typeof header !== 'boolean')
    throw new ConfigError(`CSV: header must be true or false, got ${shown(header)}`);
  const names = ['timestamp', ...columns.keys()].map((name) => csvCell(name, guard));
  if (header) yield `${names.join(delimiter)}\r\n`;
  const hasFractions = timeFormat === 'iso' || timestamps.some((time) => time % 1000 !== 0);
  const format =
    timeFormat === 'epochMs'
      ? String
      : isoFormatter(timeZone ?? 'UTC', timeFormat === 'local', hasFractions);
  const all = [...columns.values()];
  const size = Math.trunc(chunkRows);
  for (let from = 0; from < timestamps.length; from += size) {
    let text = '';
    for (let row = from; row < Math.min(timestamps.length, from + size); row++) {
      text += format(timestamps[row] as number);
      for (const column of all) text += delimiter + cellOf(column[row], guard, decimal);
      text += '\r\n';
    }
    yield text;
  }
}

function cellOf(value: number | string | undefined, guard: boolean, decimal: string): string {
  if (Number.isNaN(value)) return '';
  return typeof value === 'number' && decimal !== '.'
    ? String(value).replace('.', decimal)
    : csvCell(value, guard);
}

/** @throws {ConfigError} when cells and decimals could not be told apart. */
function checkMarks(delimiter: string, decimal: string): void {
  if (!/^([,;\t]\.|[;\t],)$/.test(delimiter + decimal))
    throw new ConfigError("CSV: delimiter is ',', ';' or '\\t', decimal another of '.' and ','");
}

/** Like `toISOString`, with the day of the row before kept: rows of one day follow each other. */
function isoFormatter(
  timeZone: string,
  isLocal: boolean,
  hasFractions: boolean,
): (time: number) => string {
  const offsetAt = ZONES.offsetsOf(timeZone);
  let day = Number.NaN;
  let prefix = '';
  let offset = Number.NaN;
  let suffix = '';
  return (time) => {
    const ahead = offsetAt(time);
    if (ahead !== offset) {
      offset = ahead;
      suffix = isLocal ? '' : timeZone === 'UTC' ? 'Z' : ZONES.toLocalIso(0, offset).slice(23);
    }
    const local = time + offset;
    const begin = Math.floor(local / DAY) * DAY;
    if (begin !== day) {
      day = begin;
      prefix = new Date(begin).toISOString().slice(0, -14) + (isLocal ? ' ' : 'T');
    }
    let rest = local - begin;
    const ms = rest % 1000;
    rest = (rest - ms) / 1000;
    const seconds = rest % 60;
    rest = (rest - seconds) / 60;
    const minutes = rest % 60;
    const fraction = hasFractions ? `.${ms < 100 ? `0${two(ms)}` : ms}` : '';
    return `${prefix}${two((rest - minutes) / 60)}:${two(minutes)}:${two(seconds)}${fraction}${suffix}`;
  };
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
