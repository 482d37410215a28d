const DAY_MS = 86_400_000;
/** Days from 1 March of the year 0 to 1970: years that begin in March end with the leap day. */
const DAYS_BEFORE_1970 = 719_468;
/** Days of 400 years. */
const ERA = 146_097;

/** Bytes of a time. */
export const ISO_LENGTH = 24;
const ZERO = 0x30;

/**
 * Like `toISOString`, in a third of the time: times of many days take the engine a search each.
 *
 * @param epoch of the years 1 to 9999, whole. @unit epoch milliseconds
 */
export function toIsoTime(epoch: number): string {
  const bytes = new Uint8Array(ISO_LENGTH);
  putIsoTime(bytes, 0, epoch);
  return String.fromCharCode(...bytes);
}

/** Writes what `toIsoTime` gives from a place on: no text is made. */
export function putIsoTime(bytes: Uint8Array, at: number, epoch: number): void {
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
  const milliseconds = time % 1000;
  putTwo(bytes, at, (whole / 100) | 0);
  putTwo(bytes, at + 2, whole % 100);
  bytes[at + 4] = 0x2d;
  putTwo(bytes, at + 5, month < 10 ? month + 3 : month - 9);
  bytes[at + 7] = 0x2d;
  putTwo(bytes, at + 8, inMonth);
  bytes[at + 10] = 0x54;
  putTwo(bytes, at + 11, (seconds / 3600) | 0);
  bytes[at + 13] = 0x3a;
  putTwo(bytes, at + 14, ((seconds / 60) | 0) % 60);
  bytes[at + 16] = 0x3a;
  putTwo(bytes, at + 17, seconds % 60);
  bytes[at + 19] = 0x2e;
  bytes[at + 20] = ZERO + ((milliseconds / 100) | 0);
  putTwo(bytes, at + 21, milliseconds % 100);
  bytes[at + 23] = 0x5a;
}

function putTwo(bytes: Uint8Array, at: number, number: number): void {
  const tens = (number / 10) | 0;
  bytes[at] = ZERO + tens;
  bytes[at + 1] = ZERO + number - tens * 10;
}
