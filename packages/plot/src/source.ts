import type { InstanceId } from '@cdf/core';
import { plainText } from './text.js';

/**
 * The data points of a chart. `Datapoints` of `@cdf/datapoints` have this shape; so may data from
 * anywhere else.
 */
export interface ChartSource {
  /** The key of the series in `names`, and its label where it has no other. */
  readonly id?: number | undefined;
  /** The same, before the id. */
  readonly externalId?: string | undefined;
  /**
   * The node of a series in data modeling. Where it has no `externalId`, its external id is the
   * label and a key in `names`, and so is `space/externalId` a key.
   */
  readonly instanceId?: InstanceId | undefined;
  /** The label, unless `names` has another. */
  readonly name?: string | undefined;
  /** Names the axis. Series of one unit share a panel. */
  readonly unit?: string | undefined;
  /**
   * Names the axis where there is no `unit`, as for values that CDF converted: `temperature:deg_f`
   * is `deg_f`.
   */
  readonly unitExternalId?: string | undefined;
  /** Drawn as steps: a value holds until the next one. */
  readonly isStep?: boolean | undefined;
  /** Text cannot be drawn; the legend says so. */
  readonly isString?: boolean | undefined;
  /** Ascending. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** Raw values. NaN is a missing value. */
  readonly values?: Float64Array | readonly string[] | undefined;
  /** Which columns there are instead of `values`. */
  readonly aggregates?: readonly string[] | undefined;
  /** The granularity of aggregates, such as `1h`: a missing bucket is a gap. */
  readonly granularity?: string | undefined;
  /** Points that are not good. */
  readonly statuses?: { readonly indexes: Uint32Array; readonly codes: Uint32Array } | undefined;
}

/** One line of a chart. */
export interface ChartSeries {
  /** The external id, `space/externalId` of a node or the id that names the series in CDF. */
  readonly key: string;
  /** The label in the legend, different for each series of a chart. */
  readonly label: string;
  /** '' when there is none. */
  readonly unit: string;
  /** A value holds until the next one. */
  readonly isStep: boolean;
  /** Why nothing is drawn. */
  readonly absent?:
    | 'no data'
    | 'text'
    | 'no raw values'
    | 'no value above 0'
    | 'no common times'
    | undefined;
  /** The mark that draws it. Absent: a line. */
  readonly mark?: string | undefined;
  /** Ascending. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** NaN or infinite where there is no value: the line is broken. */
  readonly values: Float64Array;
  /** Lower edge of a band around the line. */
  readonly low?: Float64Array | undefined;
  /** Upper edge of the band. */
  readonly high?: Float64Array | undefined;
  /** Points that are not good, by index, and what they are: status codes of OPC UA. */
  readonly statuses?: ChartSource['statuses'];
  /**
   * The line is broken where points are further apart. NaN until it is measured.
   *
   * @unit milliseconds
   */
  readonly maxGap: number;
  /** The length of a bucket of aggregates: how long its value holds. @unit milliseconds */
  readonly bucket?: number | undefined;
  /** Lowest and highest value, the band included; Infinity and -Infinity when there is none. */
  readonly extent: Extent;
  /** Points that it was made of, where those are not its own. */
  readonly points?: number | undefined;
  /** In a scatter: the times of its points. @unit milliseconds since the epoch */
  readonly times?: Float64Array | undefined;
  /** In a state timeline: the states; its values are indexes into them. */
  readonly states?: readonly string[] | undefined;
  /** In a state timeline: the chosen colours of states, by name. */
  readonly colors?: Readonly<Record<string, string>> | undefined;
  /** The quantity on its horizontal axis where that is not time. */
  readonly across?: string | undefined;
}

export type Extent = readonly [low: number, high: number];

/** The line of the raw values of a source. */
export function rawLine(
  source: ChartSource,
  label: string,
  maxGap: number | undefined,
): ChartSeries {
  const { values, timestamps, statuses } = source;
  const isNumeric = values instanceof Float64Array;
  const { length } = timestamps;
  const isText = source.isString || (length > 0 && values !== undefined);
  const why = isText ? 'text' : length > 0 ? 'no raw values' : 'no data';
  return {
    ...commonOf(source),
    ...withExtent({ values: isNumeric ? values : new Float64Array() }),
    label,
    absent: isNumeric ? undefined : why,
    statuses: isNumeric ? statuses : undefined,
    maxGap: maxGap ?? (source.isStep ? Infinity : NaN),
  };
}

/** The fields that all lines of a source have in common. */
export function commonOf(
  source: ChartSource,
): Pick<ChartSeries, 'key' | 'unit' | 'isStep' | 'timestamps'> {
  return {
    key: keyOf(source),
    unit: plainText(source.unit ?? source.unitExternalId?.replace(/.*:/, '') ?? ''),
    isStep: source.isStep ?? false,
    timestamps: source.timestamps,
  };
}

/** External id, else node, else id: what identifies a series for people. */
export function keyOf({ externalId, id, instanceId }: ChartSource): string {
  return plainText(`${externalId ?? (instanceId ? nodeKey(instanceId) : (id ?? ''))}`);
}

/** A node for people. A space has no slash. */
export function nodeKey({ space, externalId }: InstanceId): string {
  return `${space}/${externalId}`;
}

type Columns = Pick<ChartSeries, 'values' | 'low' | 'high'>;

/** With what `scan` finds in all of them. */
export function withExtent(columns: Columns): Columns & { extent: Extent } {
  return { ...columns, extent: scan(columns, 0, columns.values.length) };
}

/**
 * Lowest and highest value from one index to before another. Comparisons with NaN are false, as a
 * missing value needs.
 */
export function scan({ values, low, high }: Columns, from: number, to: number): Extent {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const column of [values, low, high]) {
    if (column === undefined) continue;
    for (let index = from; index < to; index++) {
      const value = column[index] as number;
      // An infinity has no place on an axis: it is drawn as a missing value.
      if (value < lowest && value > -Infinity) lowest = value;
      if (value > highest && value < Infinity) highest = value;
    }
  }
  return [lowest, highest];
}
