const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const MINUTE = 60_000;
const FIRST = timeOf(1, 1, 1);
const AFTER_LAST = timeOf(10_000, 1, 1);

/**
 * The instant of a timestamp, in milliseconds since 1970; `undefined` for an invalid one. Without
 * an offset it is UTC.
 */
export function readTimestamp(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = '',
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = match;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined;
  const offset =
    (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE * (sign === '-' ? -1 : 1);
  const clock =
    (Number(hour) * 60 + Number(minute)) * MINUTE +
    Number(second) * 1000 +
    Number(fraction.padEnd(3, '0'));
  const time = timeOf(Number(year), Number(month), Number(day)) + clock - offset;
  return time >= FIRST && time < AFTER_LAST ? time : undefined;
}

/**
 * UTC with the offset written out; a fraction only when it is not zero, and without zeros at its
 * end.
 */
export function timestampText(time: number): string {
  const [whole = '', fraction = ''] = new Date(time).toISOString().slice(0, -1).split('.');
  const shown = fraction.replace(/0+$/, '');
  return `${whole}${shown === '' ? '' : `.${shown}`}+00:00`;
}

export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  return match !== null && isDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(timeOf(year, month + 1, 0)).getUTCDate();
}

/** `Date.UTC` takes the years below 100 for those of the last century. */
function timeOf(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
