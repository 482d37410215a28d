import { plainText } from './text.js';

/** What a chart needs of data points. `Datapoints` of `@cdf/datapoints` have it; so may data from anywhere else. */
export interface ChartSource {
  /** What `names` finds the series by, and its label where it has no other. */
  readonly id?: number | undefined;
  /** The same, before the id. */
  readonly externalId?: string | undefined;
  /** Of a series in data modeling: its external id is a label, too. */
  readonly instanceId?: { readonly space: string; readonly externalId: string } | undefined;
  /** The label, unless `names` has another. */
  readonly name?: string | undefined;
  /** Names the axis. Series of one unit share a panel. */
  readonly unit?: string | undefined;
  /** Drawn as steps: a value holds until the next one. */
  readonly isStep?: boolean | undefined;
  /** Text cannot be drawn; the legend says so. */
  readonly isString?: boolean | undefined;
  /** Ascending. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** Raw values. NaN is no value. */
  readonly values?: Float64Array | readonly string[] | undefined;
  /** Which columns there are instead of `values`. */
  readonly aggregates?: readonly string[] | undefined;
  /** Of aggregates, such as `1h`: a missing bucket is a gap. */
  readonly granularity?: string | undefined;
  /** Points that are not good. */
  readonly statuses?: { readonly indexes: Uint32Array; readonly codes: Uint32Array } | undefined;
}

/** One line of a chart. */
export interface ChartSeries {
  /** The id or external id that names the series in CDF. */
  readonly key: string;
  /** What the legend says. No two series of a chart have the same. */
  readonly label: string;
  /** '' when there is none. */
  readonly unit: string;
  /** A value holds until the next one. */
  readonly isStep: boolean;
  /** Why nothing is drawn. */
  readonly absent?: 'no data' | 'text' | undefined;
  /** Ascending. @unit milliseconds since the epoch */
  readonly timestamps: Float64Array;
  /** NaN where there is no value: the line is broken. */
  readonly values: Float64Array;
  /** Lower edge of a band around the line. */
  readonly low?: Float64Array | undefined;
  /** Upper edge of the band. */
  readonly high?: Float64Array | undefined;
  /** Points that are not good, by index; their status is uncertain (1) or bad (2). */
  readonly marks?: { readonly indexes: Uint32Array; readonly levels: Uint8Array } | undefined;
  /** The line is broken where points are further apart. @unit milliseconds */
  readonly maxGap: number;
  /** Lowest and highest value, the band included; Infinity and -Infinity when there is none. */
  readonly extent: Extent;
}

export type Extent = readonly [low: number, high: number];

/** The lines of one source: raw points are one; an average with its minimum and maximum is one with a band; other aggregates are one each. */
export function linesOf(source: ChartSource, name: string, maxGap: number | undefined): ChartSeries[] {
  const common = {
    key: keyOf(source),
    unit: plainText(source.unit ?? ''),
    isStep: source.isStep === true,
    timestamps: source.timestamps,
  };
  const names = columnsOf(source);
  if (names.length === 0) {
    const { values } = source;
    const numeric = values instanceof Float64Array;
    const absent = numeric ? undefined : source.timestamps.length === 0 ? 'no data' : 'text';
    const raw = columnsWithExtent({ values: numeric ? values : new Float64Array() });
    const gap = maxGap ?? Infinity;
    return [{ ...common, ...raw, label: name, absent, marks: numeric ? marksOf(source) : undefined, maxGap: gap }];
  }
  const banded = ['average', 'min', 'max'].every((column) => names.includes(column));
  const drawn = banded ? names.filter((column) => column !== 'min' && column !== 'max') : names;
  return drawn.map((column) => {
    const { timestamps, values } = columnOf(source, column);
    const band =
      banded && column === 'average'
        ? { low: columnOf(source, 'min').values, high: columnOf(source, 'max').values }
        : {};
    return {
      ...common,
      ...columnsWithExtent({ values, ...band }),
      label: `${name} (${[column, source.granularity ?? []].flat().join(', ')})`,
      unit: unitOf(column, common.unit),
      isStep: common.isStep || column === 'stepInterpolation',
      timestamps,
      maxGap: maxGap ?? 1.5 * granularityMs(source.granularity),
    };
  });
}

/** External id, else id: what identifies a series for people. */
export function keyOf({ externalId, id, instanceId }: ChartSource): string {
  return plainText(externalId ?? instanceId?.externalId ?? (id === undefined ? '' : String(id)));
}

function columnsOf(source: ChartSource): string[] {
  if (source.aggregates !== undefined) return source.aggregates.filter((name) => name in source);
  if (source.values !== undefined) return [];
  return Object.keys(source).filter(
    (key) => key !== 'timestamps' && (source as unknown as Record<string, unknown>)[key] instanceof Float64Array,
  );
}

function columnOf(source: ChartSource, name: string): { timestamps: Float64Array; values: Float64Array } {
  const column = (source as unknown as Record<string, unknown>)[name];
  if (column instanceof Float64Array) return { timestamps: source.timestamps, values: column };
  // An extreme point has a time of its own, and none where its bucket is empty.
  const { timestamps, values } = column as { timestamps: Float64Array; values: Float64Array };
  return {
    timestamps: timestamps.filter((time) => !Number.isNaN(time)),
    values: values.filter((_, index) => !Number.isNaN(timestamps[index])),
  };
}

/** What an aggregate counts is not in the unit of the series. */
function unitOf(aggregate: string, unit: string): string {
  if (aggregate.startsWith('count')) return 'points';
  if (aggregate.startsWith('duration')) return 'ms';
  if (aggregate.endsWith('Variance')) return unit === '' ? '' : `(${unit})²`;
  return unit;
}

type Columns = Pick<ChartSeries, 'values' | 'low' | 'high'>;

/** Lowest and highest value from one index to before another. Comparisons with NaN are false, as a missing value needs. */
export function scan({ values, low, high }: Columns, from: number, to: number): Extent {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const column of [values, low, high]) {
    if (column === undefined) continue;
    for (let index = from; index < to; index++) {
      const value = column[index] as number;
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  return [lowest, highest];
}

/** An infinity has no place on an axis: it is drawn as no value. Reads the values once, and copies only when there is one. */
function columnsWithExtent(columns: Columns): Columns & { extent: Extent } {
  const extent = scan(columns, 0, columns.values.length);
  if (extent[0] !== -Infinity && extent[1] !== Infinity) return { ...columns, extent };
  const finite = (column: Float64Array): Float64Array => column.map((value) => (Number.isFinite(value) ? value : NaN));
  const { values, low, high } = columns;
  return columnsWithExtent({ values: finite(values), low: low && finite(low), high: high && finite(high) });
}

function marksOf({ statuses }: ChartSource): ChartSeries['marks'] {
  if (statuses === undefined || statuses.indexes.length === 0) return undefined;
  // The top two bits of an OPC UA status: 0 good, 1 uncertain, 2 bad, 3 reserved.
  const levels = Uint8Array.from(statuses.codes, (code) => Math.min(2, code >>> 30));
  return levels.some((level) => level > 0) ? { indexes: statuses.indexes, levels } : undefined;
}

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  mo: 31 * 86_400,
  q: 92 * 86_400,
  y: 366 * 86_400,
};

/** The longest that a granularity can be; whole words count by their first letter, months and quarters by theirs. */
function granularityMs(granularity: string | undefined): number {
  const [, count, unit] = /^(\d*)\s*(mo|[smhdwqy])/i.exec(granularity ?? '') ?? [];
  if (unit === undefined) return Infinity;
  return Number(count || 1) * (SECONDS[unit.toLowerCase()] as number) * 1000;
}
