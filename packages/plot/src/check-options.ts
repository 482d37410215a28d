import { ConfigError } from '@cdf/core';
import { checkOptions, quoted, refuseUnknown, shown } from '@cdf/core/resource';
import type { PngOptions } from './browser-png-options.js';
import { type ChartThreshold, isColor, isRange, isWithin } from './draw-options.js';
import type { PlotOptions } from './options.js';

/** The expected kind of an option, and a check of a value. */
export type Rule = readonly [expected: string, holds: (value: unknown) => boolean];

const TEXT: Rule = ['a string', (value) => typeof value === 'string'];
export const FLAG: Rule = ['true or false', (value) => typeof value === 'boolean'];
export const NUMBER: Rule = ['a number', isNumber];
/** Where the option is used, it is checked. */
export const USED: Rule = ['', () => true];

export const within = (low: number, high: number): Rule => [
  `a number from ${low} to ${high}`,
  (value) => isWithin(value, low, high),
];

const oneOf = (one: string, other: string): Rule => [
  `${one} or ${other}`,
  (value) => value === one || value === other,
];

/** Every option of a chart. Times are checked where they are read. */
export const PLOT_OPTIONS: Readonly<Record<keyof PlotOptions, Rule>> = {
  title: TEXT,
  description: TEXT,
  names: [
    'an object such as { "pump-1": "Pump 1" }',
    (value) => isRecord(value) && Object.values(value).every(TEXT[1]),
  ],
  idLabels: FLAG,
  start: USED,
  end: USED,
  timeZone: TEXT,
  disambiguation: USED,
  width: within(200, 10_000),
  height: within(120, 10_000),
  theme: ['light, dark or auto', (value) => ['light', 'dark', 'auto'].includes(value as string)],
  locale: TEXT,
  units: oneOf('panels', 'overlay'),
  mark: [
    'scatter, histogram or stateTimeline, as imported',
    (value) => isObject(value) && typeof (value as { check?: unknown }).check === 'function',
  ],
  valueScale: oneOf('linear', 'log'),
  valueRange: ['[lowest, highest]', isRange],
  valueLabel: TEXT,
  events: ['an array of { startTime, endTime, type }', Array.isArray],
  thresholds: ['an array of { value, label, unit }', Array.isArray],
  maxGap: [
    "milliseconds above 0 or a duration such as '1h'",
    (value) => typeof value === 'string' || (typeof value === 'number' && value > 0),
  ],
  colors: [
    'like "#0072b2", in an array or in an object such as { RUNNING: "#0072b2" }',
    (value) =>
      (Array.isArray(value) || isRecord(value)) && Object.values(value as object).every(isColor),
  ],
  downsample: FLAG,
};

/** The options of pictures in pixels. */
export const PNG_OPTIONS: Readonly<Record<keyof PngOptions, Rule>> = {
  scale: within(0.25, 10),
  fonts: ['an array of paths', (value) => Array.isArray(value) && value.every(TEXT[1])],
  missingGlyphs: oneOf('error', 'boxes'),
};

/** The options of a chart that is opened. */
export const SHOW_OPTIONS: Readonly<Record<'open', Rule>> = { open: FLAG };

/**
 * A copy of options, checked: nothing that changes them, now or later, changes what was checked.
 *
 * @throws {ConfigError} for what is not an object, for unknown options, and for values of another
 * kind, with the option, the value and the expected kind.
 */
export function checkedOptions<T extends object>(
  given: T,
  rules: Readonly<Record<string, Rule>>,
  what: string,
): T {
  checkOptions(given, rules, what);
  const options = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      // Dates, and marks, which series are compared with, are themselves.
      /^(mark|start|end)$/.test(name)
        ? value
        : Array.isArray(value)
          ? Array.from(value, copied)
          : copied(value),
    ]),
  );
  for (const [name, value] of Object.entries(options))
    if (value !== undefined) checkKind(value, rules[name] as Rule, `${what}: ${name}`);
  return options as T;
}

function copied(value: unknown): unknown {
  return isRecord(value) ? { ...value } : value;
}

function checkKind(value: unknown, [expected, holds]: Rule, what: string): void {
  if (!holds(value)) throw new ConfigError(`${what} must be ${expected}, got ${described(value)}`);
}

/** The options of a chart, as plain JavaScript may give them, as a copy. @throws {ConfigError} */
export function checkedPlotOptions<T extends PlotOptions>(
  given: T,
  rules: Readonly<Record<string, Rule>> = PLOT_OPTIONS,
): T {
  const options = checkedOptions(given, rules, 'plot');
  for (const [index, event] of (options.events ?? []).entries()) {
    const what = `plot: events[${index}]`;
    if (!isObject(event) || ![event.startTime ?? 0, event.endTime ?? 0].every(isNumber))
      throw new ConfigError(
        `${what} must have startTime and endTime in milliseconds since the epoch, got ${described(event)}`,
      );
    // Events have other fields, too. One without times would cover the whole chart.
    for (const name of ['start', 'end'])
      if (name in event)
        throw new ConfigError(`${what}: unknown name ${name}; did you mean ${name}Time?`);
  }
  checkThresholds(options.thresholds ?? []);
  return options;
}

const THRESHOLD: Readonly<Record<keyof ChartThreshold, true>> = {
  value: true,
  label: true,
  unit: true,
};

function checkThresholds(thresholds: readonly ChartThreshold[]): void {
  for (const [index, threshold] of thresholds.entries()) {
    const what = `plot: thresholds[${index}]`;
    if (!isObject(threshold) || !Number.isFinite(threshold.value))
      throw new ConfigError(
        `${what} must be { value, label, unit } with a finite value, got ${described(threshold)}`,
      );
    refuseUnknown(Object.keys(threshold), THRESHOLD, what);
    for (const name of ['label', 'unit'] as const)
      if (threshold[name] !== undefined) checkKind(threshold[name], TEXT, `${what}: ${name}`);
  }
}

/**
 * Data that comes from elsewhere, as plain JavaScript may give it.
 *
 * @throws {ConfigError} when it has not the columns of a chart.
 */
export function checkSources(data: unknown): void {
  const isOne = isObject(data) && 'timestamps' in data;
  if (!isOne && !Array.isArray(data))
    throw new ConfigError(
      `plot: expected { timestamps, values } or an array of them, got ${described(data)}`,
    );
  for (const [index, source] of (isOne ? [data] : data).entries()) {
    const what = `plot: series ${index + 1}:`;
    const { timestamps, values } = Object(source);
    if (timestamps === undefined)
      throw new ConfigError(`${what} expected { timestamps, values }, got ${described(source)}`);
    if (!(timestamps instanceof Float64Array))
      throw new ConfigError(`${what} timestamps must be a Float64Array, got ${column(timestamps)}`);
    const isColumn =
      values === undefined ||
      values instanceof Float64Array ||
      (Array.isArray(values) && typeof values[0] !== 'number');
    if (!isColumn)
      throw new ConfigError(
        `${what} values must be a Float64Array or an array of strings, got ${column(values, ' of numbers')}`,
      );
  }
}

function column(values: unknown, of = ''): string {
  return Array.isArray(values) ? `an array${of}; use Float64Array.from(…)` : described(values);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** An object whose content is its properties: a Map or a Promise has none. */
function isRecord(value: unknown): value is object {
  return isObject(value) && !(Symbol.iterator in value || value instanceof Promise);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for messages, on one line and short. */
function described(value: unknown): string {
  if (value instanceof Promise) return 'a Promise; await it';
  try {
    // Plain values show themselves best.
    return Array.isArray(value) || isRecord(value)
      ? quoted(value as never).slice(0, 60)
      : shown(value);
  } catch {
    return shown(value);
  }
}
