import fc from 'fast-check';

/** Draws from fast-check, so that a failure is shrunk and can be repeated by its seed. */
export interface Dice {
  readonly int: (least: number, most: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  /** True in so many of a hundred cases. */
  readonly chance: (percent: number) => boolean;
  /** Some of the choices, each at most once, in their order. */
  readonly some: <T>(choices: readonly T[], least?: number, most?: number) => T[];
  readonly times: <T>(least: number, most: number, make: (index: number) => T) => T[];
}

function dice(draw: fc.GeneratorValue): Dice {
  const int = (min: number, max: number): number => draw(fc.integer, { min, max });
  return {
    int,
    pick: <T>(choices: readonly T[]) => choices[int(0, choices.length - 1)] as T,
    chance: (percent) => int(0, 99) >= 100 - percent,
    some: (choices, least = 0, most = choices.length) =>
      draw(fc.subarray, [...choices] as never[], {
        minLength: Math.min(least, choices.length),
        maxLength: Math.min(most, choices.length),
      }),
    times: (least, most, make) =>
      Array.from({ length: int(least, most) }, (_, index) => make(index)),
  };
}

const isLong = process.env.CDF_TEST_LONG === '1';
/** Thousands of draws take a while. */
export const TIMEOUT: number =
  isLong || process.env.CDF_TEST_RUNS !== undefined ? 3_600_000 : 120_000;

/**
 * Checks a property with many draws; a failure names seed and path, which `CDF_TEST_SEED` repeats.
 */
export async function check(
  runs: number,
  longRuns: number,
  property: (dice: Dice) => Promise<void>,
): Promise<void> {
  const {
    CDF_TEST_SEED: seed,
    CDF_TEST_PATH: path,
    CDF_TEST_RUNS: given,
    CDF_TEST_SHRINK: shrink,
  } = process.env;
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (draw) => await property(dice(draw))),
    {
      numRuns: given === undefined ? (isLong ? longRuns : runs) : Number(given),
      // Shrinking takes minutes; `CDF_TEST_SHRINK=1` asks for it.
      endOnFailure: shrink === undefined,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      ...(path === undefined ? {} : { path }),
    },
  );
}
