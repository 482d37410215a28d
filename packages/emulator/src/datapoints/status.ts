import { dataFile } from '../data-file.js';
import { badRequest } from '../errors.js';
import { isObject } from '../validation/schema.js';

/** The quality of a data point: the two highest bits of its OPC UA status code. */
export type Category = 0 | 1 | 2;
export const GOOD: Category = 0;
export const UNCERTAIN: Category = 1;
export const BAD: Category = 2;

const INFO_TYPE_BITS = 0x0c00;
const INFO_BITS = 0x03ff;
const NAME_BITS = 0xffff_0000;

export function categoryOf(status: number): Category {
  return (status >>> 30) as Category;
}

/** The fault of a status code, if any. */
export function statusProblem(code: number): string | undefined {
  if (!Number.isInteger(code) || code < 0 || code > 0xffff_ffff)
    return `Invalid status code, got: ${code}`;
  if (code >>> 30 === 3)
    return `Invalid status code, got: ${code}. The category must be Good, Uncertain or Bad`;
  if ((code & INFO_TYPE_BITS) === 0 && (code & INFO_BITS) !== 0) {
    return `Invalid status code, got: ${code}. When info type is 00, all info bits must be 0`;
  }
  return undefined;
}

/**
 * The status code of `{ code?, symbol? }` as a request gives it; refuses an invalid or
 * contradictory one.
 */
export function readStatus(status: unknown): number {
  if (status === undefined || status === null) return 0;
  if (!isObject(status)) throw badRequest('status must be an object');
  const { code, symbol, ...rest } = status;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw badRequest(`status cannot have ${unknown}`);
  const named = symbol === undefined || symbol === null ? undefined : codeOfSymbol(symbol);
  if (code === undefined || code === null) return named ?? 0;
  const problem =
    typeof code === 'number'
      ? statusProblem(code)
      : `Invalid status code, got: ${JSON.stringify(code)}`;
  if (problem !== undefined) throw badRequest(problem);
  if (named !== undefined && ((named ^ (code as number)) & NAME_BITS) !== 0) {
    throw badRequest('Status code and symbol do not agree');
  }
  return code as number;
}

/** The name of a code, without its modifier bits. */
export function symbolOf(status: number): string {
  const own = statusTable().names.get((status & NAME_BITS) >>> 0);
  return own ?? ['Good', 'Uncertain', 'Bad'][categoryOf(status)] ?? 'Bad';
}

/** A status as answers carry it. */
export function statusObject(status: number): { code: number; symbol: string } {
  return { code: status, symbol: symbolOf(status) };
}

interface StatusTable {
  readonly codes: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

let table: StatusTable | undefined;

/** The names of the OPC UA table, read at first use. */
function statusTable(): StatusTable {
  if (table !== undefined) return table;
  const rows = Object.entries(JSON.parse(dataFile('status-codes.json')) as Record<string, number>);
  table = { codes: new Map(rows), names: new Map(rows.map(([name, code]) => [code, name])) };
  return table;
}

function codeOfSymbol(symbol: unknown): number {
  const { codes } = statusTable();
  const code = typeof symbol === 'string' ? codes.get(symbol) : undefined;
  if (code === undefined) throw badRequest('Invalid status code symbol');
  return code;
}
