import { holdsBigint } from '../wire/holds-bigint.js';
import { parseJson } from '../wire/json-schema.js';
import type { NodeReference, ValueReading } from './definition.js';

export type Decode = ReturnType<ValueReading['decoder']>;

/** The result of decoding a wrong value. */
export class Problem {
  readonly text: string | undefined;

  /** @param text what is wrong @default it is of another type */
  constructor(text?: string) {
    this.text = text;
  }
}

export const WRONG: Problem = /* @__PURE__ */ new Problem();

const string = (): Decode => (value) => (typeof value === 'string' ? value : WRONG);

export const TEXT: ValueReading = { types: ['text'], decoder: string };
export const DATE: ValueReading = { types: ['date'], decoder: string };
export const ENUM: ValueReading = { types: ['enum'], decoder: string };
export const classicOf = (type: string): ValueReading => ({ types: [type], decoder: string });

export const BOOL: ValueReading = {
  types: ['boolean'],
  decoder: () => (value) => (typeof value === 'boolean' ? value : WRONG),
};

export const INT: ValueReading = {
  types: ['int32'],
  decoder: () => (value) => (Number.isSafeInteger(value) ? value : WRONG),
};

export const BIGINT: ValueReading = {
  types: ['int64', 'int32'],
  decoder: () => (value) =>
    typeof value === 'bigint'
      ? value
      : Number.isSafeInteger(value)
        ? BigInt(value as number)
        : WRONG,
};

export const FLOAT: ValueReading = {
  types: ['float64', 'float32'],
  decoder: () => (value) =>
    typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : WRONG,
};

/** The usual form of times, on days that every month has: its digits are read one by one. */
const WHOLE =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\+00:00$/;
/**
 * `2024-07-01T00:00:00.5+00:00`: up to three digits of a fraction, and an offset in one of three
 * forms.
 */
const FORMS = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?(?:Z|([+-]\d\d)(?::?(\d\d))?)?$/;

export const TIMESTAMP: ValueReading = {
  types: ['timestamp'],
  decoder: (_, times) => (value) => {
    if (typeof value !== 'string') return WRONG;
    const epoch = WHOLE.test(value) ? wholeTime(value) : Date.parse(toIso(value));
    if (Number.isNaN(epoch)) return WRONG;
    return times === 'epoch' ? epoch : new Date(epoch);
  },
};

/** In half the time of `Date.parse`. */
function wholeTime(text: string): number {
  const two = (at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17));
}

/** The string in the form that every engine reads; empty where it is not a time. */
function toIso(text: string): string {
  const [all, time, fraction = '0', hours = '+00', minutes = '00'] = FORMS.exec(text) ?? [];
  return all === undefined ? '' : `${time}.${fraction.padEnd(3, '0')}${hours}:${minutes}`;
}

/** Integers that numbers hold, or that are the digits of a number in JSON, as numbers. */
function toNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return BigInt(number) === value || String(number) === String(value) ? number : value;
  }
  if (Array.isArray(value)) return value.map(toNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, toNumbers(member)]),
  );
}

export const JSON_OBJECT: ValueReading = {
  types: ['json'],
  decoder: (definition) => (value) => {
    if (typeof value !== 'object') return WRONG;
    const plain = holdsBigint(value) ? toNumbers(value) : value;
    if (definition.schema === undefined && holdsBigint(plain))
      return new Problem('it has an integer that a number cannot hold; give p.json a schema');
    let parsed = parseJson(definition, plain);
    // A schema may want the bigints that were written.
    if ('problem' in parsed && plain !== value) {
      const exact = parseJson(definition, value);
      if ('value' in exact) parsed = exact;
    }
    return 'problem' in parsed ? new Problem(parsed.problem) : parsed.value;
  },
  parse: parseJson,
};

export const RELATION: ValueReading = { types: ['direct'], decoder: () => toName };

/** The name of a node. */
export function toName(value: unknown): NodeReference | Problem {
  const { space, externalId } = Object(value) as Partial<NodeReference>;
  return typeof space === 'string' && typeof externalId === 'string'
    ? (value as NodeReference)
    : WRONG;
}
