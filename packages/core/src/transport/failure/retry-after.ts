/**
 * `Retry-After` in seconds or as a date; `undefined` where it is neither. A date is compared with
 * the server's own clock, if it shows it: ours may be wrong.
 *
 * @unit milliseconds
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(value);
  const serverNow = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date)
    ? undefined
    : Math.max(0, date - (Number.isNaN(serverNow) ? now : serverNow));
}
