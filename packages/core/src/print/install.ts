import { checkPrint, type Frame, type PrintSettings } from './frame.js';
import { htmlOfFrame } from './html-frame.js';
import { listFrame, tableFrame } from './list-frame.js';
import { type PrintOptions, usePrinter } from './printed.js';
import { textOfFrame } from './text-frame.js';

/** The frame of some data, or `undefined` for data of another kind. */
export type FrameMaker = (data: object, settings: PrintSettings) => Frame | undefined;

/** How a console prints values in a value. */
export type Inspect = (value: unknown, options?: object) => string;

/** What a console tells of its own settings. */
interface InspectOptions {
  /** Levels that are shown below the value. Absent: all of them, or not known. */
  readonly depth?: number | null | undefined;
  /** Whether it is a value in a value. */
  readonly isNested?: boolean | undefined;
}

/** The last one is asked first. */
const makers: FrameMaker[] = [
  (data, settings) => {
    const { columns, rows } = data as { readonly columns?: unknown; readonly rows?: unknown };
    return Array.isArray(columns) && Array.isArray(rows) ? tableFrame(columns, rows, settings) : undefined;
  },
  (data, settings) => (Array.isArray(data) ? listFrame(data, settings) : undefined),
];

/** Makes one more kind of data printable. */
export function addFrames(maker: FrameMaker): void {
  makers.push(maker);
}

/** The data as text. */
export function printText(data: object, options: PrintOptions = {}): string {
  const settings = checkPrint(options);
  return textOfFrame(frameOf(data, settings), settings);
}

/** The data as a table of HTML. */
export function printHtml(data: object, options: PrintOptions = {}): string {
  const settings = checkPrint(options);
  return htmlOfFrame(frameOf(data, settings), settings);
}

function frameOf(data: object, settings: PrintSettings): Frame {
  for (const maker of makers.toReversed()) {
    const frame = maker(data, settings);
    if (frame !== undefined) return frame;
  }
  return { columns: [], summary: 'data of an unknown kind' };
}

/** The class, whose objects consoles and notebooks print. */
export function installed<Class extends { readonly prototype: object }>(Class: Class): Class {
  usePrinter(printText);
  define(Class.prototype, 'Jupyter.display', function (this: object) {
    return { 'text/plain': printText(this), 'text/html': printHtml(this) };
  });
  return inspectable(Class, (data, _inspect, { depth, isNested }) => {
    if (typeof depth === 'number' && depth < 0) return `[${frameOf(data, checkPrint({ rows: 1 })).summary}]`;
    // The first line would stand behind the name of a property, and the others not below it.
    return (isNested ? '\n' : '') + printText(data, { columns: terminalWidth() });
  });
}

/** The class, whose objects Node, Bun and Deno print as `show` says. */
export function inspectable<Class extends { readonly prototype: object }>(
  Class: Class,
  show: (data: never, inspect: Inspect | undefined, options: InspectOptions) => string,
): Class {
  define(
    Class.prototype,
    'nodejs.util.inspect.custom',
    function (this: object, depth?: number, options?: InspectOptions, inspect?: Inspect) {
      const isNested = typeof depth === 'number' && depth < (options?.depth ?? depth);
      return show(this as never, inspect, { ...options, depth, isNested });
    },
  );
  define(Class.prototype, 'Deno.customInspect', function (this: object, inspect?: Inspect, options?: InspectOptions) {
    return show(this as never, inspect, { ...options });
  });
  return Class;
}

function define(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, Symbol.for(name), { value, writable: true, configurable: true });
}

/** The width of the terminal, where there is one. */
function terminalWidth(): number | undefined {
  const { process } = globalThis as { process?: { stdout?: { columns?: number } } };
  const columns = process?.stdout?.columns;
  return typeof columns === 'number' && columns >= 20 ? columns : undefined;
}
