import type { Json } from '../../helpers.js';
import type { Dice } from './dice.js';

const TEXTS = ['a', 'b', 'ab', 'B', '', 'a b', 'æ', '😀z', 'ﬀ', '3.5,c', 'b_a'];
const SINGLE: Readonly<Record<string, readonly Json[]>> = {
  text: TEXTS,
  boolean: [true, false],
  int32: [0, 1, 2, -1, 2_147_483_647],
  int64: [0, 1, 2, -3, 9_007_199_254_740_993n, 9_007_199_254_740_992n, -9_223_372_036_854_775_808n],
  float32: [0, 0.1, 1, -1.5, 16_777_216, 2.5e-7],
  float64: [0, 0.1, 1, 2, -1.5, 2.5e-7],
  timestamp: [
    '2024-01-01T00:00:00Z',
    '2024-01-01T01:00:00.000+01:00',
    '2024-01-01T00:00:00.5',
    '2024-01-01T00:00:00.500-00:00',
    '2024-02-29T23:59:59.120+0530',
    '0001-01-02T00:00:00Z',
  ],
  date: ['2024-01-01', '2024-02-29', '1969-12-31'],
  json: [{}, { a: 1 }, { b: [1, { c: null }], a: 'x' }, { a: 'x', b: [1, { c: null }] }],
  timeseries: ['ts', 'ts-2'],
  file: ['file'],
  sequence: ['sequence', ''],
};
const WRONG: Readonly<Record<string, readonly Json[]>> = {
  text: [1, true, { a: 1 }],
  boolean: ['true', 0],
  int32: ['1', 1.5, 2_147_483_648, true],
  int64: ['1', 0.5, 9_223_372_036_854_775_808n, true],
  float32: ['1', true, 1e39],
  float64: ['1', false],
  timestamp: ['2024-01-01', 'yesterday', '2023-02-29T00:00:00Z', 1],
  date: ['2024-13-01', '2023-02-29', '2024-01-01T00:00:00Z', 5],
  json: ['{}', 1],
  timeseries: [1],
  file: [{ externalId: 'file' }],
  sequence: [true],
  direct: ['n0', { externalId: 'n0' }, { space: 's', externalId: 'n0', type: 'node' }, 1],
  enum: ['boat', 1],
};

/** Values of a type: of few, so that many are equal. */
export function element(dice: Dice, type: Json, targets: readonly Json[]): Json {
  if (type.type === 'direct') return dice.pick(targets);
  if (type.type === 'enum') return dice.pick(Object.keys(type.values));
  return dice.pick(SINGLE[type.type] as readonly Json[]);
}

/** A value of the property's type; now and then one that must be refused. */
export function value(dice: Dice, type: Json, targets: readonly Json[], wrongPercent = 0): Json {
  const isWrong = wrongPercent > 0 && dice.chance(wrongPercent);
  if (isWrong) {
    const wrong = dice.pick(WRONG[type.type] as readonly Json[]);
    if (type.list) return dice.pick([wrong, [wrong], element(dice, type, targets)]);
    return dice.pick([wrong, [element(dice, type, targets)]]);
  }
  return type.list
    ? dice.times(0, 3, () => element(dice, type, targets))
    : element(dice, type, targets);
}
