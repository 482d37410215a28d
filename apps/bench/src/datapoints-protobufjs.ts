import type { Decode } from './datapoints-floor.js';

/** Decodes as a generated decoder does: an object per point, then columns. */
export async function libraryDecode(): Promise<Decode> {
  const { default: protobuf } = await import('protobufjs');
  const { root } = protobuf.parse(`syntax = "proto3";
    message Point { int64 timestamp = 1; double value = 2; }
    message Points { repeated Point datapoints = 1; }
    message Aggregate { int64 timestamp = 1; double average = 2; double max = 3; double min = 4; }
    message Aggregates { repeated Aggregate datapoints = 1; }
    message Item { int64 id = 1; string nextCursor = 9; Points numeric = 3; Aggregates aggregate = 5; }
    message Response { repeated Item items = 1; }`);
  const response = root.lookupType('Response');
  interface Point {
    timestamp: { toNumber(): number } | number;
    value: number;
    average: number;
    max: number;
    min: number;
  }
  return (bytes, columns, position) => {
    const message = response.decode(bytes) as unknown as {
      items: { numeric?: { datapoints: Point[] }; aggregate?: { datapoints: Point[] } }[];
    };
    let index = position;
    const names =
      columns.length === 2 ? (['value'] as const) : (['average', 'max', 'min'] as const);
    for (const { numeric, aggregate } of message.items)
      for (const point of (numeric ?? aggregate)?.datapoints ?? []) {
        (columns[0] as Float64Array)[index] =
          typeof point.timestamp === 'number' ? point.timestamp : point.timestamp.toNumber();
        names.forEach((name, column) => {
          (columns[column + 1] as Float64Array)[index] = point[name];
        });
        index++;
      }
  };
}
