import { type ChartMark, type ChartModel, markOf } from '../chart-model.js';
import { downsample, lowerBound } from '../m4.js';
import { histogram } from '../marks/histogram.js';
import { scatter } from '../marks/scatter.js';
import { stateTimeline } from '../marks/state-timeline.js';
import { allParts, type FullModel } from '../parts/all-parts.js';
import { zoneOf } from '../parts/time-zone.js';
import { type ChartSeries, withExtent } from '../source.js';
import type { Zone } from '../time-zone.js';

interface EncodedColumn {
  readonly type: 'f4' | 'f8' | 'u4';
  readonly base64: string;
}

type EncodedSeries = Omit<
  ChartSeries,
  'timestamps' | 'values' | 'low' | 'high' | 'times' | 'statuses' | 'maxGap' | 'extent'
> & {
  readonly maxGap: number | null;
  readonly timestamps: EncodedColumn;
  readonly values: EncodedColumn;
  readonly low: EncodedColumn | undefined;
  readonly high: EncodedColumn | undefined;
  readonly times: EncodedColumn | undefined;
  readonly statuses: { readonly indexes: EncodedColumn; readonly codes: EncodedColumn } | undefined;
};

/** A model as JSON that can stand inside a script element. */
export function encodeModel(model: FullModel, maxPoints: number): string {
  const points = model.series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const columns = Math.max(100, Math.floor(maxPoints / 4 / Math.max(1, model.series.length)));
  const thin = (each: ChartSeries): ChartSeries =>
    markOf(model, each)?.thin?.(each, columns * 4) ?? reduce(each, model, columns);
  const series = points > maxPoints ? model.series.map(thin) : model.series;
  const left = series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const number = new Intl.NumberFormat(model.zone.locale);
  const note =
    left < points ? `${number.format(left)} of ${number.format(points)} points` : undefined;
  const { zone, parts: _parts, mark, options, ...rest } = model;
  const { start: _start, end: _end, ...shown } = options;
  const encoded = {
    ...rest,
    mark: mark?.part,
    note,
    series: series.map(encodeSeries),
    zone: [zone.name, zone.locale],
    options: shown,
  };
  return JSON.stringify(encoded).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Those that a page may have. */
const MARKS: readonly ChartMark[] = [scatter, histogram, stateTimeline];

/** The inverse of `encodeModel`. */
export function decodeModel(json: string): FullModel {
  const {
    zone: names,
    series: encoded,
    mark: name,
    note,
    ...rest
  } = JSON.parse(json) as Omit<FullModel, 'zone' | 'series' | 'parts' | 'mark'> & {
    zone: [string, string];
    mark?: string;
    note?: string;
    series: EncodedSeries[];
  };
  const zone = zoneOf(...names);
  // That points were left out is said beside the zone.
  const describe: Zone['describe'] = (start, end) => `${note} · ${zone.describe(start, end)}`;
  const mark = MARKS.find(({ part }) => part === name);
  const series = encoded.map(decodeSeries);
  const noted = note === undefined ? zone : { ...zone, describe };
  const drawn = series.filter(({ absent }) => absent === undefined);
  const parts = allParts({ ...rest, mark });
  return { ...rest, zone: noted, series, mark, parts, ...mark?.across?.(drawn, noted) };
}

function encodeSeries({
  timestamps,
  values,
  low,
  high,
  times,
  statuses,
  maxGap,
  extent: _extent,
  ...rest
}: ChartSeries): EncodedSeries {
  return {
    ...rest,
    maxGap: Number.isFinite(maxGap) ? maxGap : null,
    timestamps: encodeColumn(timestamps),
    values: encodeColumn(values),
    low: low && encodeColumn(low),
    high: high && encodeColumn(high),
    times: times && encodeColumn(times),
    statuses: statuses && {
      indexes: { type: 'u4', base64: toBase64(statuses.indexes) },
      codes: { type: 'u4', base64: toBase64(statuses.codes) },
    },
  };
}

function decodeSeries({
  timestamps,
  values,
  low,
  high,
  times,
  statuses,
  maxGap,
  ...rest
}: EncodedSeries): ChartSeries {
  return {
    ...rest,
    // The extent is not encoded: JSON has no Infinity.
    ...withExtent({
      values: decodeColumn(values),
      low: low && decodeColumn(low),
      high: high && decodeColumn(high),
    }),
    maxGap: maxGap ?? Infinity,
    timestamps: decodeColumn(timestamps),
    times: times && decodeColumn(times),
    statuses: statuses && {
      indexes: new Uint32Array(fromBase64(statuses.indexes.base64)),
      codes: new Uint32Array(fromBase64(statuses.codes.base64)),
    },
  };
}

function reduce(series: ChartSeries, { start, end }: ChartModel, columns: number): ChartSeries {
  if (
    series.low !== undefined ||
    series.mark !== undefined ||
    series.timestamps.length <= columns * 4
  )
    return series;
  const { times, values } = downsample(
    series.timestamps,
    series.values,
    start,
    end,
    columns,
    series.maxGap,
  );
  const indexes: number[] = [];
  const codes: number[] = [];
  series.statuses?.indexes.forEach((index, mark) => {
    const time = series.timestamps[index] as number;
    const kept = lowerBound(times, time);
    if (times[kept] !== time) return;
    indexes.push(kept);
    codes.push(series.statuses?.codes[mark] as number);
  });
  const statuses = { indexes: Uint32Array.from(indexes), codes: Uint32Array.from(codes) };
  // The gaps are NaN now; what is left is too far apart to measure gaps again.
  return { ...series, timestamps: times, values, statuses, maxGap: Infinity };
}

/** Half the size where that loses nothing. */
function encodeColumn(column: Float64Array): EncodedColumn {
  const small = Float32Array.from(column);
  const exact = small.every((value, index) => Object.is(value, column[index]));
  return exact ? { type: 'f4', base64: toBase64(small) } : { type: 'f8', base64: toBase64(column) };
}

function decodeColumn({ type, base64 }: EncodedColumn): Float64Array {
  const bytes = fromBase64(base64);
  return type === 'f8' ? new Float64Array(bytes) : Float64Array.from(new Float32Array(bytes));
}

function toBase64(column: Float64Array | Float32Array | Uint32Array): string {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  const parts: string[] = [];
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(''));
}

function fromBase64(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
