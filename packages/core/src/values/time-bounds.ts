// In a file of their own: pages that name these bounds do not carry the code that reads times.

/** The first millisecond that CDF stores points for: 1900-01-01, UTC. */
export const MIN_TIME = -2_208_988_800_000;
/** The last millisecond that CDF stores points for: the end of 2099, UTC. */
export const MAX_TIME = 4_102_444_799_999;
