import { downsample, lowerBound } from '../m4.js';
import type { ChartModel } from '../model.js';
import { type ChartSeries, scan } from '../source.js';
import { createZone } from '../time-zone.js';

interface EncodedColumn {
  readonly type: 'f4' | 'f8' | 'u4';
  readonly base64: string;
}

type EncodedSeries = Omit<ChartSeries, 'timestamps' | 'values' | 'low' | 'high' | 'marks' | 'maxGap' | 'extent'> & {
  readonly maxGap: number | null;
  readonly timestamps: EncodedColumn;
  readonly values: EncodedColumn;
  readonly low: EncodedColumn | undefined;
  readonly high: EncodedColumn | undefined;
  readonly marks: { readonly indexes: EncodedColumn; readonly levels: readonly number[] } | undefined;
};

/** A model as JSON that can stand inside a script element. */
export function encodeModel(model: ChartModel, maxPoints: number): string {
  const points = model.series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const columns = Math.max(100, Math.floor(maxPoints / 4 / Math.max(1, model.series.length)));
  const series = points > maxPoints ? model.series.map((each) => reduce(each, model, columns)) : model.series;
  const left = series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  const number = new Intl.NumberFormat(model.zone.locale);
  const note = left < points ? `${number.format(left)} of ${number.format(points)} points` : model.note;
  const { zone, options, ...rest } = model;
  const { start: _start, end: _end, names: _names, events: _events, thresholds: _thresholds, ...shown } = options;
  const encoded = {
    ...rest,
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

/** The inverse of `encodeModel`. */
export function decodeModel(json: string): ChartModel {
  const { zone, series, ...rest } = JSON.parse(json) as Omit<ChartModel, 'zone' | 'series'> & {
    zone: [string, string];
    series: EncodedSeries[];
  };
  return { ...rest, zone: createZone(...zone), series: series.map(decodeSeries) };
}

function encodeSeries({
  timestamps,
  values,
  low,
  high,
  marks,
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
    marks: marks && {
      indexes: { type: 'u4', base64: toBase64(Uint32Array.from(marks.indexes)) },
      levels: [...marks.levels],
    },
  };
}

function decodeSeries({ timestamps, values, low, high, marks, maxGap, ...rest }: EncodedSeries): ChartSeries {
  const columns = { values: decodeColumn(values), low: low && decodeColumn(low), high: high && decodeColumn(high) };
  return {
    ...rest,
    ...columns,
    // Not encoded: JSON has no Infinity.
    extent: scan(columns, 0, columns.values.length),
    maxGap: maxGap ?? Infinity,
    timestamps: decodeColumn(timestamps),
    marks: marks && {
      indexes: new Uint32Array(fromBase64(marks.indexes.base64)),
      levels: Uint8Array.from(marks.levels),
    },
  };
}

function reduce(series: ChartSeries, { start, end }: ChartModel, columns: number): ChartSeries {
  if (series.low !== undefined || series.timestamps.length <= columns * 4) return series;
  const { times, values } = downsample(series.timestamps, series.values, start, end, columns, series.maxGap);
  const indexes: number[] = [];
  const levels: number[] = [];
  series.marks?.indexes.forEach((index, mark) => {
    const time = series.timestamps[index] as number;
    const kept = lowerBound(times, time);
    if (times[kept] !== time) return;
    indexes.push(kept);
    levels.push(series.marks?.levels[mark] as number);
  });
  const marks =
    indexes.length === 0 ? undefined : { indexes: Uint32Array.from(indexes), levels: Uint8Array.from(levels) };
  // The gaps are NaN now; what is left is too far apart to measure gaps again.
  return { ...series, timestamps: times, values, marks, maxGap: Infinity };
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
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(''));
}

function fromBase64(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}
