import {
  counted,
  type Frame,
  type FrameColumn,
  type PrintSettings,
  shownRows,
} from '@cdf/core/print';
import type { AnyDatapoints, Datapoint } from '../datapoints-types.js';
import { unionOf } from '../table/index-times.js';
import { tableParts } from '../table/table-parts.js';
import type { TableParts } from '../table/types.js';

/** Points that are put in one order for their number of rows alone. */
const MOST_MERGED = 5_000_000;

type Points = AnyDatapoints & {
  slice(start?: number, end?: number): Points;
  at(index: number): Partial<Datapoint> | undefined;
};

/**
 * Data points of one series or several, and tables of them. Only the rows that are shown are made.
 */
export function pointsFrame(data: object, settings: PrintSettings): Frame | undefined {
  if (Array.isArray(data))
    return data.length > 0 && data.every(isPoints)
      ? seriesFrame(data as readonly Points[], settings)
      : undefined;
  const { timestamps, columns } = data as Partial<TableParts>;
  if (timestamps instanceof Float64Array && columns instanceof Map)
    return tableFrame(data as TableParts, settings);
  return isPoints(data) ? oneFrame(data, settings) : undefined;
}

function isPoints(data: unknown): data is Points {
  const { timestamps, slice } = Object(data) as Partial<Points>;
  return timestamps instanceof Float64Array && typeof slice === 'function';
}

/** One series: its name above the columns. */
function oneFrame(points: Points, { rows }: PrintSettings): Frame {
  const { head, tail, isCut } = shownRows(points.length, rows);
  const parts = [points.slice(0, head), points.slice(points.length - tail)];
  const tables = parts.map((part) => tableParts([part], { columnNames: () => '' }));
  const columns = joined(tables, [head, tail])
    .filter(({ name }) => name !== '|status_code')
    .map(({ name, values, isTime }) => ({ name: nameInSeries(name), values, isTime }));
  const { granularity } = points;
  const unit = unitOf(points) || undefined;
  const title = `${labelOf(points)}${unit === undefined ? '' : ` [${unit}]`}${granularity === undefined ? '' : `, ${granularity}`}`;
  const count = counted(points.length, points.aggregates === undefined ? 'data point' : 'row');
  const summary =
    points.aggregates === undefined ? count : `${count} × ${counted(columns.length - 1, 'column')}`;
  return { title, columns, summary, timeZone: points.timeZone, ...(isCut && { head }) };
}

/** Several series, each with its latest point or without one: a row for each. */
function latestFrame(series: readonly Points[], { rows }: PrintSettings): Frame {
  const { head, tail, isCut } = shownRows(series.length, rows);
  const shown = [...series.slice(0, head), ...series.slice(series.length - tail)];
  const columns: FrameColumn[] = [
    { name: 'series', values: shown.map(labelOf) },
    { name: 'timestamp', values: shown.map(({ timestamps }) => timestamps[0]), isTime: true },
    { name: 'value', values: shown.map((each) => each.at(0)?.value) },
  ];
  const units = shown.map(unitOf);
  if (units.some((unit) => unit !== undefined)) columns.push({ name: 'unit', values: units });
  const statuses = shown.map((each) => each.at(0)?.status?.symbol);
  if (statuses.some((status) => status !== undefined))
    columns.push({ name: 'status', values: statuses });
  const points = series.reduce((sum, { length }) => sum + length, 0);
  const summary = `${counted(points, 'data point')} of ${series.length} series`;
  return { columns, summary, timeZone: zoneOfAll(series), ...(isCut && { head }) };
}

/** Several series: a column for each, or for each of its aggregates. */
function seriesFrame(series: readonly Points[], settings: PrintSettings): Frame {
  const { rows } = settings;
  const isLatest = ({ length, aggregates }: Points) => length <= 1 && aggregates === undefined;
  if (series.length > 1 && series.every(isLatest)) return latestFrame(series, settings);
  const points = series.reduce((sum, { length }) => sum + length, 0);
  const isMerged = points <= MOST_MERGED;
  const length = isMerged ? unionOf(series.map(({ timestamps }) => timestamps)).length : points;
  const { head, tail, isCut } = shownRows(length, rows);
  // The first rows of all are among the first of each.
  const parts = [
    series.map((each) => each.slice(0, head)),
    series.map((each) => each.slice(Math.max(0, each.length - tail))),
  ];
  const tables = parts.map((part) => tableParts(part, { columnNames: labelOf }));
  const columns = joined(tables, [head, tail]);
  const several = counted(columns.length - 1, 'column');
  const summary = isMerged
    ? `${counted(length, 'row')} × ${several}`
    : `${counted(points, 'data point')}, ${several}`;
  return { columns, summary, timeZone: zoneOfAll(series), ...(isCut && { head }) };
}

function tableFrame(table: TableParts, { rows }: PrintSettings): Frame {
  const { head, tail, isCut } = shownRows(table.timestamps.length, rows);
  const columns = joined([table, table], [head, tail]);
  const summary = `${counted(table.timestamps.length, 'row')} × ${counted(columns.length - 1, 'column')}`;
  const timeZone = zoneOfAll([...table.origins.values()]);
  return { columns, summary, timeZone, ...(isCut && { head }) };
}

/** The zone that all have; of several none would be that of every time. */
function zoneOfAll(all: readonly { readonly timeZone?: string | undefined }[]): string | undefined {
  const zone = all[0]?.timeZone;
  return all.every(({ timeZone }) => timeZone === zone) ? zone : undefined;
}

/** The first rows of one table and the last of another. */
function joined(
  [first, last]: readonly TableParts[],
  [head = 0, tail = 0]: readonly number[],
): FrameColumn[] {
  const shown = <T>(
    one: ArrayLike<T> | undefined,
    other: ArrayLike<T> | undefined,
  ): (T | undefined)[] => [
    ...Array.from({ length: head }, (_, row) => one?.[row]),
    ...Array.from({ length: tail }, (_, row) => other?.[other.length - tail + row]),
  ];
  const origins = new Map([...(last?.origins ?? []), ...(first?.origins ?? [])]);
  const names = new Set([...(first?.columns.keys() ?? []), ...(last?.columns.keys() ?? [])]);
  return [
    { name: 'timestamp', values: shown(first?.timestamps, last?.timestamps), isTime: true },
    ...[...names].map((name) => ({
      name,
      unit: origins.get(name)?.unit || undefined,
      values: shown<unknown>(first?.columns.get(name), last?.columns.get(name)),
      isTime: origins.get(name)?.content === 'timestamp',
    })),
  ];
}

/** Names of columns without the name of their series. */
function nameInSeries(name: string): string {
  if (name === '') return 'value';
  return name === '|status_symbol' ? 'status' : name.replace(/^\|/, '');
}

function labelOf({ name, externalId, instanceId, id }: AnyDatapoints): string {
  return name ?? externalId ?? instanceId?.externalId ?? `id ${id}`;
}

/** The unit of a series; that of a catalogue without its quantity. */
function unitOf({
  unit,
  unitExternalId,
}: Pick<AnyDatapoints, 'unit' | 'unitExternalId'>): string | undefined {
  return unit ?? unitExternalId?.replace(/^.*:/, '');
}
