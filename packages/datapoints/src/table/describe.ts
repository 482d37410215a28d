import type { ColumnSummary, TableColumn } from './types.js';

export function describeColumn(column: string, values: TableColumn): ColumnSummary {
  if (!(values instanceof Float64Array)) {
    const present = values.filter((value) => value !== undefined);
    return { column, count: present.length, unique: new Set(present).size };
  }
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const count = present.length;
  if (count === 0) return { column, count };
  const mean = present.reduce((sum, value) => sum + value, 0) / count;
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    column,
    count,
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : undefined,
    min: present[0],
    p25: quantile(present, 0.25),
    p50: quantile(present, 0.5),
    p75: quantile(present, 0.75),
    max: present[count - 1],
  };
}

function quantile(sorted: Float64Array, fraction: number): number {
  const position = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}
