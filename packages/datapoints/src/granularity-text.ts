/**
 * A number and a unit: `s`, `m` (minutes), `h`, `d`, `w`, `mo` (months), `q` (quarters) or `y`. At
 * most 120 seconds or minutes, and 100,000 of the others. Other spellings, such as `'2 weeks'`, are
 * read by `granularity(text)`.
 */
export type Granularity =
  | '1s'
  | '10s'
  | '1m'
  | '5m'
  | '10m'
  | '15m'
  | '30m'
  | '1h'
  | '6h'
  | '12h'
  | '1d'
  | '1w'
  | '1mo'
  | '1q'
  | '1y'
  // The empty type keeps the ones above apart, so that editors complete them.
  | (`${number}${GranularityUnit}` & {});

/**
 * The unit of a granularity: seconds, minutes, hours, days, weeks, months, quarters, years.
 */
export type GranularityUnit = 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'q' | 'y';
