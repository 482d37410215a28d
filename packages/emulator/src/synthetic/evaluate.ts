import { badRequest } from '../errors.js';
import { finite, NUMBER_FUNCTIONS, numeric, PointError, type Value } from './functions.js';
import type { Expression } from './parser.js';

/** Gives the value of an expression at a time. */
export type Evaluator = (time: number) => Value;

/**
 * Turns an expression into a function of time. Where an input has no value, neither has the
 * expression. A value that cannot be computed throws a {@link PointError}.
 */
export function compileExpression(
  expression: Expression,
  inputOf: (options: Readonly<Record<string, string | number>>) => Evaluator,
): Evaluator {
  const compile = (part: Expression): Evaluator => compileExpression(part, inputOf);
  switch (expression.kind) {
    case 'number':
      return () => expression.value;
    case 'series':
      return inputOf(expression.options);
    case 'negate': {
      const operand = compile(expression.operand);
      return withNumbers([operand], 'negation', (x = 0) => -x);
    }
    case 'operation': {
      const { operator } = expression;
      const operands = [compile(expression.left), compile(expression.right)];
      return withNumbers(operands, operator, (x = 0, y = 0) => operate(operator, x, y));
    }
    case 'call':
      return compileCall(expression.name, expression.operands, compile);
    default:
      throw badRequest('A list is only allowed in map()');
  }
}

function compileCall(
  name: string,
  operands: readonly Expression[],
  compile: (part: Expression) => Evaluator,
): Evaluator {
  if (name === 'on_error') return compileOnError(operands, compile);
  if (name === 'map') return compileMap(operands, compile);
  const known = Object.hasOwn(NUMBER_FUNCTIONS, name) ? NUMBER_FUNCTIONS[name] : undefined;
  if (known === undefined) throw badRequest(`Unknown function: ${name}`);
  if (operands.length < known.min || operands.length > known.max)
    throw badRequest(`Wrong number of operands for ${name}`);
  return withNumbers(operands.map(compile), name, known.apply);
}

function compileOnError(
  operands: readonly Expression[],
  compile: (part: Expression) => Evaluator,
): Evaluator {
  const [tried, fallback] = operands.map(compile);
  if (tried === undefined || fallback === undefined || operands.length > 2)
    throw badRequest('on_error takes two operands');
  return (time) => {
    try {
      return tried(time);
    } catch (error) {
      if (error instanceof PointError) return fallback(time);
      throw error;
    }
  };
}

function compileMap(
  operands: readonly Expression[],
  compile: (part: Expression) => Evaluator,
): Evaluator {
  const [subject, keys, values, fallback] = operands;
  if (
    subject === undefined ||
    keys?.kind !== 'list' ||
    values?.kind !== 'list' ||
    operands.length > 4
  ) {
    throw badRequest('map takes an expression, a list of strings, a list of numbers and a default');
  }
  if (keys.values.length !== values.values.length)
    throw badRequest('The two lists of map must have the same length');
  const table = new Map(keys.values.map((key, index) => [key, Number(values.values[index])]));
  const of = compile(subject);
  const otherwise = fallback === undefined ? undefined : compile(fallback);
  return (time) => {
    const value = of(time);
    if (value === undefined) return undefined;
    const found = table.get(value);
    if (found !== undefined) return found;
    if (otherwise === undefined) throw new PointError('BAD_DOMAIN', `map has nothing for ${value}`);
    return otherwise(time);
  };
}

function withNumbers(
  operands: readonly Evaluator[],
  name: string,
  apply: (...values: readonly number[]) => number,
): Evaluator {
  return (time) => {
    const values = operands.map((operand) => operand(time));
    if (values.includes(undefined)) return undefined;
    return finite(apply(...values.map((value) => numeric(value as number | string, name))), name);
  };
}

function operate(operator: '+' | '-' | '*' | '/', x: number, y: number): number {
  if (operator === '+') return x + y;
  if (operator === '-') return x - y;
  if (operator === '*') return x * y;
  if (y === 0) throw new PointError('BAD_DOMAIN', 'division by zero');
  return x / y;
}
