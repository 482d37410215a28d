import type { FrameColumn } from './frame.js';
import { timeFormat } from './zoned-time.js';

/** A value that is missing. */
const MISSING = '–';

/** Significant digits of a number that are shown. */
const DIGITS = 7;

/** Numbers with more decimals than that do not share a number of decimals. */
const MOST_DECIMALS = 8;

/** Most characters of an object that are shown. */
const MOST_CHARACTERS = 200;

/** Most levels of objects in objects. */
const MOST_NESTED = 4;

/** The values of a column as text, and whether they stand at its right. */
export interface Cells {
  readonly texts: readonly string[];
  readonly isRight: boolean;
}

/** The values of a column as text. Numbers of one column have the same number of decimals. */
export function formatColumn({ values, isTime = false }: FrameColumn, timeZone: string): Cells {
  const toTime = (value: unknown): number | undefined =>
    value instanceof Date
      ? value.getTime()
      : isTime && typeof value === 'number'
        ? value
        : undefined;
  const hasMilliseconds = values.some((value) => {
    const time = toTime(value) ?? 0;
    return Number.isFinite(time) && time % 1000 !== 0;
  });
  const formatTime = timeFormat(timeZone, hasMilliseconds);
  const formatNumber = numberFormat(values);
  const texts = values.map((value) => {
    if (isMissing(value)) return MISSING;
    const time = toTime(value);
    if (time !== undefined) return formatTime(time);
    return typeof value === 'number' ? formatNumber(value) : plainText(value);
  });
  const isNumeric = values.every(
    (value) => isMissing(value) || /^(number|bigint)$/.test(typeof value),
  );
  return { texts, isRight: isNumeric && !isTime };
}

function isMissing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    Number.isNaN(value instanceof Date ? value.getTime() : value)
  );
}

/**
 * Writes numbers with seven digits, and all with as many decimals as one of them needs; whole
 * numbers have all of their digits.
 */
function numberFormat(values: readonly unknown[]): (value: number) => string {
  const shown = values.filter((value) => typeof value === 'number').map(shortest);
  const decimals = Math.max(0, ...shown.map((text) => text.split('.')[1]?.length ?? 0));
  // Numbers of very different sizes would be more zeros than digits.
  if (decimals > MOST_DECIMALS || shown.some((text) => text.includes('e'))) return shortest;
  return (value) =>
    Number.isFinite(value) ? Number(shortest(value)).toFixed(decimals) : String(value);
}

function shortest(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const whole = Math.trunc(Math.log10(Math.abs(value))) + 2;
  return String(Number(value.toPrecision(Math.max(DIGITS, whole))));
}

/** A node of the graph, or its name alone. A view has another version: a string. */
function isNode(value: object): value is { readonly space: string; readonly externalId: string } {
  const { space, externalId, version } = value as Readonly<Record<string, unknown>>;
  return (
    typeof space === 'string' &&
    typeof externalId === 'string' &&
    (typeof version === 'number' || Object.keys(value).length === 2)
  );
}

/** Any value in short: of a large object only its beginning is looked at. */
function plainText(value: unknown): string {
  let text = '';
  const write = (each: unknown, depth: number): void => {
    if (text.length > MOST_CHARACTERS) return;
    if (typeof each === 'string') {
      const start = each.slice(0, MOST_CHARACTERS + 1);
      text += depth === 0 ? start : JSON.stringify(start);
    } else if (each instanceof Date) text += isMissing(each) ? MISSING : each.toISOString();
    else if (typeof each !== 'object' || each === null) text += String(each);
    else if (depth > MOST_NESTED) text += '…';
    else if (isNode(each)) text += `${each.space}/${each.externalId}`.slice(0, MOST_CHARACTERS + 1);
    else if (Array.isArray(each)) {
      text += '[';
      for (let index = 0; index < each.length && text.length <= MOST_CHARACTERS; index++) {
        if (index > 0) text += ', ';
        write(each[index], depth + 1);
      }
      text += ']';
    } else {
      text += '{';
      for (const [index, name] of Object.keys(each).entries()) {
        if (text.length > MOST_CHARACTERS) break;
        text += `${index > 0 ? ', ' : ''}${name.slice(0, MOST_CHARACTERS)}: `;
        write((each as Record<string, unknown>)[name], depth + 1);
      }
      text += '}';
    }
  };
  try {
    write(value, 0);
  } catch {
    // Getters and proxies may throw; values that cannot be read are not shown.
    text += '…';
  }
  return text;
}
