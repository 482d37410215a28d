/** A value that a point has; `undefined` where an input has no value. */
export type Value = number | string | undefined;

/**
 * The reason for a point without a value; it becomes the point's `error` unless `on_error` takes
 * it.
 */
export class PointError extends Error {
  constructor(kind: 'TYPE_ERROR' | 'BAD_DOMAIN' | 'OVERFLOW', detail: string) {
    super(`${kind}: ${detail}`);
  }
}

/** A function of numbers, with how many it takes. */
interface NumberFunction {
  readonly min: number;
  readonly max: number;
  readonly apply: (...operands: readonly number[]) => number;
}

const one = (apply: (x: number) => number): NumberFunction => ({
  min: 1,
  max: 1,
  apply: apply as NumberFunction['apply'],
});
const many = (apply: (...x: readonly number[]) => number): NumberFunction => ({
  min: 1,
  max: 100,
  apply,
});

/**
 * The functions of numbers. `on_error` and `map` are not among them: they see more than numbers.
 */
export const NUMBER_FUNCTIONS: Readonly<Record<string, NumberFunction>> = {
  sin: one(Math.sin),
  cos: one(Math.cos),
  exp: one(Math.exp),
  abs: one(Math.abs),
  ln: one((x) => {
    if (x <= 0) throw new PointError('BAD_DOMAIN', `ln(${x})`);
    return Math.log(x);
  }),
  sqrt: one((x) => {
    if (x < 0) throw new PointError('BAD_DOMAIN', `sqrt(${x})`);
    return Math.sqrt(x);
  }),
  pow: {
    min: 2,
    max: 2,
    apply: (base = 0, exponent = 0) => {
      const result = base ** exponent;
      if (Number.isNaN(result)) throw new PointError('BAD_DOMAIN', `pow(${base}, ${exponent})`);
      return result;
    },
  },
  pi: { min: 0, max: 0, apply: () => Math.PI },
  round: {
    min: 1,
    max: 2,
    apply: (x = 0, digits = 0) => {
      if (!(digits > -10 && digits < 10))
        throw new PointError('BAD_DOMAIN', `round to ${digits} digits`);
      const scale = 10 ** Math.trunc(digits);
      return Math.round(x * scale) / scale;
    },
  },
  max: many(Math.max as (...x: readonly number[]) => number),
  min: many(Math.min as (...x: readonly number[]) => number),
  avg: many((...x) => x.reduce((sum, value) => sum + value, 0) / x.length),
};

/** A number, or the error that says why it is missing. */
export function numeric(value: number | string, where: string): number {
  if (typeof value === 'number') return value;
  throw new PointError('TYPE_ERROR', `${where} needs a number, not a string`);
}

export function finite(value: number, where: string): number {
  if (Number.isFinite(value)) return value;
  throw new PointError('OVERFLOW', where);
}
