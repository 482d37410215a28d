import { define } from '../values/define.js';
import { checkPrint, type Frame, type PrintSettings } from './frame.js';
import { htmlOfFrame } from './html-frame.js';
import { inspectable } from './inspectable.js';
import { itemFrame, listFrame, tableFrame } from './list-frame.js';
import { type PrintOptions, usePrinter } from './printed.js';
import { textOfFrame } from './text-frame.js';

/** The frame of some data, or `undefined` for data of another kind. */
export type FrameMaker = (data: object, settings: PrintSettings) => Frame | undefined;

/** The last one is asked first. */
const makers: FrameMaker[] = [
  (data, settings) => {
    const { columns, rows } = data as { readonly columns?: unknown; readonly rows?: unknown };
    return Array.isArray(columns) && Array.isArray(rows)
      ? tableFrame(columns, rows, settings)
      : undefined;
  },
  (data, settings) => (Array.isArray(data) ? listFrame(data, settings) : undefined),
];

/** Makes one more kind of data printable. */
export function addFrames(maker: FrameMaker): void {
  if (!makers.includes(maker)) makers.push(maker);
}

/** The data as text. */
function printText(data: object, options: PrintOptions = {}): string {
  const { frame, settings } = framed(data, options);
  return textOfFrame(frame, settings);
}

/** The data as a table of HTML. */
function printHtml(data: object, options: PrintOptions = {}): string {
  const { frame, settings } = framed(data, options);
  return htmlOfFrame(frame, settings);
}

/** A frame, and its settings: data may know the zone that its times are meant in. */
function framed(data: object, options: PrintOptions): { frame: Frame; settings: PrintSettings } {
  const settings = checkPrint(options);
  const frame = frameOf(data, settings);
  const { timeZone } = frame;
  return options.timeZone !== undefined || timeZone === undefined
    ? { frame, settings }
    : { frame, settings: { ...settings, timeZone } };
}

function frameOf(data: object, settings: PrintSettings): Frame {
  for (const maker of makers.toReversed()) {
    const frame = maker(data, settings);
    if (frame !== undefined) return frame;
  }
  return itemFrame(data, settings);
}

/** Data that consoles and notebooks print. */
interface Shown {
  toText(options?: PrintOptions): string;
  toHtml?(): string;
}

/**
 * Makes lists and tables print themselves in a browser. Without it `toText()` and `String(list)`
 * show no data there: pages load no code for it. Node, Bun and Deno need no call.
 */
export function installPrinting(): void {
  usePrinter(printText);
}

/**
 * Shows data in the console of a browser as text, above its members, where custom formatters are
 * switched on in its settings. Others show the members as ever.
 */
export function installFormatter(): void {
  const scope = globalThis as { devtoolsFormatters?: object[] | undefined };
  if (!('document' in globalThis) || scope.devtoolsFormatters?.includes(FORMATTER)) return;
  scope.devtoolsFormatters = [...(scope.devtoolsFormatters ?? []), FORMATTER];
}

/** JsonML, as the consoles of Chromium and Firefox take it. */
const FORMATTER = {
  header(value: unknown, config?: { readonly isRaw?: boolean }): unknown[] | null {
    if (
      config?.isRaw === true ||
      typeof value !== 'object' ||
      value === null ||
      !('toText' in value)
    )
      return null;
    const isKnown = makers.some((maker) => maker(value, checkPrint({ rows: 1 })) !== undefined);
    return isKnown ? ['pre', {}, printText(value)] : null;
  },
  hasBody: (): boolean => true,
  body: (value: unknown): unknown[] => ['object', { object: value, config: { isRaw: true } }],
};

/** Gives the objects of a prototype the methods that consoles and notebooks look for. */
export function installInspection(prototype: Shown): void {
  define(prototype, Symbol.for('Jupyter.display'), function (this: Shown) {
    return { 'text/plain': this.toText(), 'text/html': this.toHtml?.() ?? printHtml(this) };
  });
  inspectable(prototype, (data: Shown, _inspect, { depth, level = 0 }) => {
    if (typeof depth === 'number' && depth < 0)
      return `[${frameOf(data, checkPrint({ rows: 1 })).summary}]`;
    // The first line would stand behind the name of a property, and the others not below it.
    return (level > 0 ? '\n' : '') + data.toText({ columns: terminalWidth(level) });
  });
}

/** Gives the single items of a prototype the methods that consoles look for. */
export function inspectItems(prototype: object): void {
  inspectable(prototype, (item: object, _inspect, { depth, level = 0 }) => {
    // A prototype is no item.
    if (item === prototype) return '{}';
    if (typeof depth === 'number' && depth < 0)
      return `[${frameOf(item, checkPrint({ rows: 1 })).summary}]`;
    return (level > 0 ? '\n' : '') + printText(item, { columns: terminalWidth(level) });
  });
}

/** The width of the terminal, where there is one, without the indent of values within others. */
function terminalWidth(level: number): number | undefined {
  const { process } = globalThis as { process?: { stdout?: { columns?: number } } };
  const columns = process?.stdout?.columns;
  return typeof columns === 'number' && columns >= 20
    ? Math.max(20, columns - 2 * level)
    : undefined;
}
