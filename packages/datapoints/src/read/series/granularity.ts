import { ConfigError } from '@cdf/core';
import type { Granularity } from '../../granularity-text.js';

/** A granularity as CDF knows it. */
export interface ParsedGranularity {
  readonly count: number;
  readonly unit: 's' | 'm' | 'h' | 'd' | 'mo';
  /** The form that is sent. */
  readonly text: Granularity;
}

const UNITS: Readonly<Record<string, readonly [unit: ParsedGranularity['unit'], factor: number]>> =
  {
    s: ['s', 1],
    m: ['m', 1],
    h: ['h', 1],
    d: ['d', 1],
    w: ['d', 7],
    mo: ['mo', 1],
    q: ['mo', 3],
    y: ['mo', 12],
  };

const WORDS: Readonly<Record<string, string>> = {
  second: 's',
  minute: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'mo',
  quarter: 'q',
  year: 'y',
};

/** Months have their mean length. @unit milliseconds */
export const UNIT_MS: Readonly<Record<ParsedGranularity['unit'], number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  mo: 2_629_746_000,
};

/**
 * Reads `'10m'`, `'1d'`, `'2 weeks'`, `'quarter'`. Weeks, quarters and years, which the API does
 * not have, become days and months.
 *
 * @throws {ConfigError} for an invalid granularity.
 */
export function parseGranularity(text: string): ParsedGranularity {
  const [, digits = '', name = ''] = /^(\d{0,6})\s*([a-z]+)$/i.exec(text) ?? [];
  const lower = name.toLowerCase();
  // Elsewhere a capital M is a month: here it would be a minute, silently.
  const known =
    name === 'M' ? undefined : (UNITS[lower] ?? UNITS[WORDS[lower.replace(/s$/, '')] ?? '']);
  const count = digits === '' ? 1 : Number(digits);
  const most = known?.[0] === 's' || known?.[0] === 'm' ? 120 : 100_000;
  if (known === undefined || count < 1 || count * known[1] > most)
    throw new ConfigError(
      `granularity ${JSON.stringify(text)} is not one of '1s' to '120s', '1m' to '120m', or a number of h, d, w, mo (months), q, y`,
    );
  return { count: count * known[1], unit: known[0], text: `${count * known[1]}${known[0]}` };
}

/**
 * The length of a bucket. Exact but for days and months in time zones with daylight saving.
 *
 * @unit milliseconds
 */
export function approximateLength({ count, unit }: ParsedGranularity): number {
  return count * UNIT_MS[unit];
}

export function floorTo(value: number, size: number): number {
  return Math.floor(value / size) * size;
}

/** Months since the year 0, of a local time that reads like UTC. */
export function monthOf(local: number): number {
  const date = new Date(local);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

export function beginOfMonth(month: number): number {
  return Date.UTC(Math.floor(month / 12), month - Math.floor(month / 12) * 12);
}
