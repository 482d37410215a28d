import { define } from '../values/define.js';

/** How data is printed: the options of `toText()`. */
export interface PrintOptions {
  /**
   * Most rows shown. Of a longer table, the first and the last rows are shown.
   * @default 20
   */
  readonly rows?: number | undefined;
  /**
   * The zone of times: an IANA name such as `'Europe/Oslo'`, or `'local'`.
   * @default 'UTC'
   */
  readonly timeZone?: string | undefined;
  /**
   * Most characters of a line, as wide as a terminal shows them. Columns that do not fit are named
   * below the others.
   * @default 100
   */
  readonly columns?: number | undefined;
}

/** Writes data as text. */
export type Printer = (data: object, options: PrintOptions) => string;

let printer: Printer = () => 'installPrinting() shows this';

/** Makes data print itself from now on. */
export function usePrinter(given: Printer): void {
  printer = given;
}

/** The methods of data that prints itself. */
export interface Printable {
  /**
   * The data as a data frame: names, units, times in a zone, the first and the last rows, counts.
   * Names from outside cannot act on a terminal. In browsers call `installPrinting()` of
   * `@cdf/core/print` first.
   * @throws {ConfigError} for an unknown option or time zone
   */
  toText(options?: PrintOptions): string;
  /** `toText()` */
  toString(): string;
}

/** Gives the objects of a prototype, each a single item, a `toString` of their own. */
export function printedItem(prototype: object): void {
  define(prototype, 'toString', function (this: object) {
    return printer(this, {});
  });
}

type ToText = (this: never, options?: never) => string;

/**
 * Gives the objects of a prototype the methods of `Printable`.
 *
 * @param toText their own way @default that of the printer
 */
export function printed(
  prototype: object,
  toText: ToText = function (this: object, options: PrintOptions = {}) {
    return printer(this, options);
  },
): void {
  define(prototype, 'toText', toText);
  // Called without options.
  define(prototype, 'toString', toText);
}
