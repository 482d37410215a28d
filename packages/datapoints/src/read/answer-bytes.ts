/** A raw number with its status, or an aggregate of a bucket. @unit bytes */
const NUMBER = 256;
/** @unit bytes */
const STRING = 4096;
/** The smallest bound of an answer. @unit bytes */
const LEAST = 2 ** 20;
/** Points around a range, with one that may be within. */
const OUTSIDE = 3;

/** The request for one series. */
export interface AskedPoints {
  readonly limit?: unknown;
  readonly aggregates?: readonly unknown[] | undefined;
}

/** Most bytes that an answer can take. */
export interface AnswerBytes {
  /** With strings in it. */
  readonly all: number;
  /** Until there is a string in it. */
  readonly numbers: number;
}

/** @param isString by the index of the item; undefined where that is not known yet */
export function mostBytes(
  items: readonly AskedPoints[],
  isString: (index: number) => boolean | undefined,
): AnswerBytes {
  let all = 0;
  let numbers = 0;
  items.forEach(({ limit, aggregates }, index) => {
    const cells = (Number(limit) || OUTSIDE) * (aggregates?.length ?? 1);
    numbers += cells * NUMBER;
    all += cells * (aggregates !== undefined || isString(index) === false ? NUMBER : STRING);
  });
  return { all: Math.max(LEAST, all), numbers: Math.max(LEAST, numbers) };
}
