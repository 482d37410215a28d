/** One line of a chart as plain data. */
export interface SeriesSpec {
  /** The external id in CDF, `space/externalId` of a node, or the id. */
  readonly key: string;
  /** The label in the legend. */
  readonly label: string;
  /** '' when there is none. */
  readonly unit: string;
  /** A value holds until the next one. */
  readonly isStep: boolean;
  /** @unit milliseconds since the epoch */
  readonly timestamps: readonly number[];
  /** null where there is no value. */
  readonly values: readonly (number | null)[];
  /** Lower edge of a band around the line. */
  readonly low?: readonly (number | null)[];
  /** Upper edge of the band. */
  readonly high?: readonly (number | null)[];
  /** How it is drawn. Absent: a line. */
  readonly mark?: string;
  /** In a scatter, for each value: the value of the first series at that time. */
  readonly x?: readonly number[];
  /**
   * In a histogram: where its bars begin, and where the last one ends. Its values are the number of
   * points in each; it has no times.
   */
  readonly edges?: readonly number[];
  /** In a state timeline, for each time: the state that begins. It has no values. */
  readonly states?: readonly (string | null)[];
}
