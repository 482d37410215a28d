import { readTime, TimeZone, timeInput } from '../datapoints/times.js';
import { badRequest } from '../errors.js';
import { floatText } from '../http/json.js';
import { JsonText, post, type Route } from '../http/route.js';
import type { State } from '../state.js';
import { array, integer, needed, object, parse, text } from '../validation/schema.js';
import { compileExpression } from './evaluate.js';
import { PointError, type Value } from './functions.js';
import { Input, type SyntheticWindow } from './input.js';
import { parseExpression } from './parser.js';

const MAX_POINTS = 10_000;
const MAX_QUERIES = 10;

const check = object({
  items: needed(
    array(
      object({
        expression: needed(text({ min: 1 })),
        start: timeInput,
        end: timeInput,
        limit: integer({ min: 1, max: MAX_POINTS }),
        timeZone: text({ max: 64 }),
      }),
      { min: 1, max: MAX_QUERIES },
    ),
  ),
});

type SyntheticPoint = { readonly timestamp: number } & (
  | { readonly value: Value }
  | { readonly error: string }
);

/** The endpoint for expressions over time series. */
export function syntheticRoutes(state: State): Route[] {
  return [
    post('/timeseries/synthetic/query', (body) => {
      const { items } = parse(check, body);
      const now = state.clock.now();
      const texts = items.map(
        ({ expression, start = 0, end = now, limit = MAX_POINTS, timeZone = 'UTC' }) => {
          const window = {
            start: readTime(start, now, 'start'),
            end: readTime(end, now, 'end'),
            zone: new TimeZone(timeZone),
          };
          if (window.start >= window.end) throw badRequest('start must be before end');
          const points = evaluate(state, expression, window, limit).map(textOf);
          return `{"isString":false,"datapoints":[${points.join(',')}]}`;
        },
      );
      return new JsonText(`{"items":[${texts.join(',')}]}`);
    }),
  ];
}

/** One point at every timestamp at which any input has one, where all inputs have a value. */
function evaluate(
  state: State,
  text: string,
  window: SyntheticWindow,
  limit: number,
): SyntheticPoint[] {
  const inputs: Input[] = [];
  const valueAt = compileExpression(parseExpression(text), (options) => {
    const input = new Input(state, options, window);
    inputs.push(input);
    return (time) => input.at(time);
  });
  const points: SyntheticPoint[] = [];
  const nextTime = (from: number): number =>
    Math.min(...inputs.map((input) => input.timeFrom(from)));
  for (
    let time = nextTime(window.start);
    time < window.end && points.length < limit;
    time = nextTime(time + 1)
  ) {
    const point = pointAt(valueAt, time);
    if (point !== undefined) points.push(point);
  }
  return points;
}

function textOf(point: SyntheticPoint): string {
  if ('error' in point || typeof point.value !== 'number') return JSON.stringify(point);
  return `{"timestamp":${point.timestamp},"value":${floatText(point.value)}}`;
}

function pointAt(valueAt: (time: number) => Value, timestamp: number): SyntheticPoint | undefined {
  try {
    const value = valueAt(timestamp);
    if (value === undefined) return undefined;
    if (typeof value === 'string')
      throw new PointError('TYPE_ERROR', 'the result is a string, not a number');
    return { timestamp, value };
  } catch (error) {
    if (error instanceof PointError) return { timestamp, error: error.message };
    throw error;
  }
}
