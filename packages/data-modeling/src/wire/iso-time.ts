const DAY_MS = 86_400_000;
/** Days from 1 March of the year 0 to 1970: years that begin in March end with the leap day. */
const DAYS_BEFORE_1970 = 719_468;
/** Days of 400 years. */
const ERA = 146_097;

const digits = (count: number, width: number): string[] =>
  Array.from({ length: count }, (_, number) => String(number).padStart(width, '0'));
let pairs: string[] | undefined;
let thousands: string[] | undefined;

/**
 * Like `toISOString`, in a third of the time: times of many days take the engine a search each.
 *
 * @param epoch of the years 1 to 9999, whole. @unit epoch milliseconds
 */
export function toIsoTime(epoch: number): string {
  pairs ??= digits(100, 2);
  thousands ??= digits(1000, 3);
  const day = Math.floor(epoch / DAY_MS);
  const time = epoch - day * DAY_MS;
  const days = day + DAYS_BEFORE_1970;
  const era = Math.floor(days / ERA);
  const inEra = days - era * ERA;
  const year =
    ((inEra - ((inEra / 1460) | 0) + ((inEra / 36_524) | 0) - ((inEra / 146_096) | 0)) / 365) | 0;
  const inYear = inEra - (365 * year + (year >> 2) - ((year / 100) | 0));
  const month = ((5 * inYear + 2) / 153) | 0;
  const inMonth = inYear - (((153 * month + 2) / 5) | 0) + 1;
  const whole = year + era * 400 + (month < 10 ? 0 : 1);
  const seconds = (time / 1000) | 0;
  return `${pairs[(whole / 100) | 0]}${pairs[whole % 100]}-${pairs[month < 10 ? month + 3 : month - 9]}-${pairs[inMonth]}T${pairs[(seconds / 3600) | 0]}:${pairs[((seconds / 60) | 0) % 60]}:${pairs[seconds % 60]}.${thousands[time % 1000]}Z`;
}
