import { ConfigError, type Identifier } from '@cdf/core';
import { shown, toIdentifier } from '@cdf/core/resource';
import type { Granularity } from '../granularity-text.js';
import { parseGranularity } from '../read/series/granularity.js';

/** The way a series is read inside an expression. */
export interface SeriesTerm {
  /** Instead of raw points. Together with `granularity` only. */
  aggregate?: 'average' | 'interpolation' | 'stepInterpolation' | undefined;
  /** The bucket of the aggregate, such as `'1h'`. Together with `aggregate` only. */
  granularity?: Granularity | undefined;
  /** External id of the unit to convert to. */
  targetUnit?: string | undefined;
  /** The unit system to convert to, such as `'SI'`. */
  targetUnitSystem?: string | undefined;
}

type Operand = Expression | number;

/** An expression that stays whole in any other: a call, a series or one in parentheses. */
let whole: (text: string) => Expression;
let operandOf: (operand: Operand) => string;

/**
 * A formula over time series, for `synthetic.query`. Immutable: every method gives a new one.
 * Numbers are written digit by digit, never rounded and never in scientific notation.
 *
 * @example ts('pressure').mul(10).add(100)
 */
export class Expression {
  readonly #text: string;
  /** As an operand: a raw formula may have operators that bind less than the one beside it. */
  readonly #operand: string;

  private constructor(text: string, operand: string = text) {
    this.#text = text;
    this.#operand = operand;
  }

  static {
    whole = (text) => new Expression(text);
    // Nothing is known of the text of another copy's.
    operandOf = (operand) =>
      operand instanceof Expression
        ? operand.#operand
        : typeof operand === 'number'
          ? printNumber(operand)
          : `(${print(operand)})`;
  }

  /**
   * A formula as a string, in CDF's own language. It is not checked. Inside of others it stays
   * whole: `Expression.raw("ts{id=1} + 1").mul(10)` is ten times the sum.
   */
  static raw(text: string): Expression {
    return new Expression(text, `(${text})`);
  }

  /** The form that is sent. */
  toString(): string {
    return this.#text;
  }

  /** The same, so that an expression may be part of a body. */
  toJSON(): string {
    return this.#text;
  }

  /** This plus another, at each time. */
  add(other: Operand): Expression {
    return this.#binary('+', other);
  }

  /** This minus another. */
  sub(other: Operand): Expression {
    return this.#binary('-', other);
  }

  /** This times another. */
  mul(other: Operand): Expression {
    return this.#binary('*', other);
  }

  /** This divided by another; an error at times where that is 0. */
  div(other: Operand): Expression {
    return this.#binary('/', other);
  }

  /** This with its sign changed. */
  negate(): Expression {
    return whole(`(-${this.#operand})`);
  }

  /** This to the power of an exponent. */
  pow(exponent: Operand): Expression {
    return call('pow', [this, exponent]);
  }

  /** Square root; an error at times where this is negative. */
  sqrt(): Expression {
    return call('sqrt', [this]);
  }

  /** e to the power of this. */
  exp(): Expression {
    return call('exp', [this]);
  }

  /** Natural logarithm; an error at times where this is not positive. */
  ln(): Expression {
    return call('ln', [this]);
  }

  /** Sine of an angle in radians. */
  sin(): Expression {
    return call('sin', [this]);
  }

  /** Cosine of an angle in radians. */
  cos(): Expression {
    return call('cos', [this]);
  }

  /** Without its sign. */
  abs(): Expression {
    return call('abs', [this]);
  }

  /**
   * Rounded.
   *
   * @param digits behind the decimal point, -9 to 9
   */
  round(digits: number = 0): Expression {
    if (!Number.isInteger(digits) || Math.abs(digits) > 9)
      throw new ConfigError(`round takes -9 to 9 digits, got ${shown(digits)}`);
    return whole(`round(${this.#text}, ${digits})`);
  }

  /** Another value where this one is an error, such as a division by zero. */
  onError(fallback: Operand): Expression {
    return call('on_error', [this, fallback]);
  }

  /** The number that belongs to a string, for series of strings. */
  map(numbers: Readonly<Record<string, number>>, fallback: number): Expression {
    const texts = Object.keys(numbers).map(quote).join(', ');
    const values = Object.values(numbers).map(printNumber).join(', ');
    return whole(`map(${this.#text}, [${texts}], [${values}], ${printNumber(fallback)})`);
  }

  #binary(operator: string, other: Operand): Expression {
    return whole(`(${this.#operand} ${operator} ${operandOf(other)})`);
  }
}

/**
 * A time series in an expression, by its external id or any identifier.
 *
 * @example ts({ id: 12 }, { aggregate: 'average', granularity: '1h' })
 */
export function ts(series: string | Identifier, term: SeriesTerm = {}): Expression {
  const { aggregate, granularity, targetUnit, targetUnitSystem } = term;
  if ((aggregate === undefined) !== (granularity === undefined))
    throw new ConfigError('ts: aggregate and granularity belong together; pass both or omit both');
  const { id, externalId, instanceId } = toIdentifier(
    typeof series === 'string' ? { externalId: series } : series,
    'ts',
  );
  const fields: [string, string | undefined][] = [
    ['id', id === undefined ? undefined : String(id)],
    ['space', instanceId && quote(instanceId.space)],
    ['externalId', quoteMaybe(externalId ?? instanceId?.externalId)],
    ['aggregate', quoteMaybe(aggregate)],
    [
      'granularity',
      quoteMaybe(granularity === undefined ? undefined : parseGranularity(granularity).text),
    ],
    ['targetUnit', quoteMaybe(targetUnit)],
    ['targetUnitSystem', quoteMaybe(targetUnitSystem)],
  ];
  const given = fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  return whole(`ts{${given.join(', ')}}`);
}

/** The largest of several at each time. */
export function maxOf(...terms: readonly [Operand, ...Operand[]]): Expression {
  return call('max', terms);
}

/** The smallest of several at each time. */
export function minOf(...terms: readonly [Operand, ...Operand[]]): Expression {
  return call('min', terms);
}

/** The mean of several at each time. */
export function averageOf(...terms: readonly [Operand, ...Operand[]]): Expression {
  return call('avg', terms);
}

function call(name: string, operands: readonly Operand[]): Expression {
  return whole(`${name}(${operands.map(print).join(', ')})`);
}

function print(operand: Operand): string {
  if (typeof operand === 'number') return printNumber(operand);
  // Another copy of the package has a class of its own.
  if (operand instanceof Expression || typeof Object(operand).onError === 'function')
    return String(operand);
  throw new ConfigError(
    `expected an Expression or a number as operand, got ${shown(operand)}; write a formula as Expression.raw(...)`,
  );
}

/**
 * The shortest digits that mean exactly this number, without an exponent. Negative ones in
 * parentheses.
 */
export function printNumber(number: number): string {
  if (!Number.isFinite(number)) throw new ConfigError(`${number} cannot be part of an expression`);
  const text = String(Math.abs(number));
  const [, whole = '', fraction = '', exponent] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  const plain = exponent === undefined ? text : movePoint(whole, fraction, Number(exponent));
  return number < 0 ? `(-${plain})` : plain;
}

function movePoint(whole: string, fraction: string, by: number): string {
  if (by < 0) return `0.${'0'.repeat(-by - whole.length)}${whole}${fraction}`;
  return `${whole}${fraction.padEnd(by, '0')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function quoteMaybe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : quote(text);
}
