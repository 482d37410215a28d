import { createTransport, Token } from '@cdf/core';
import { DatapointsApi } from '@cdf/datapoints';

/** The report of a process that streams, on its standard output. */
export interface StreamReport {
  readonly points: number;
  readonly sum: number;
  readonly isOrdered: boolean;
  /** Most bytes of heap and buffers together at any time. */
  readonly peak: number;
  /** The same when nothing has been read yet. */
  readonly before: number;
}

const [baseUrl = '', ids = '1'] = process.argv.slice(2);
const items = Array.from({ length: Number(ids) }, (_, index) => ({ id: index + 1, start: 0 }));
const transport = createTransport({
  clientName: 'test',
  project: 'p',
  baseUrl,
  credentials: new Token('token'),
});

/** `external` has the array buffers in it. */
const used = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const before = used();
let peak = before;
const look = (): void => {
  peak = Math.max(peak, used());
};
const timer = setInterval(look, 2);

let points = 0;
let sum = 0;
let isOrdered = true;
const last = new Map<number, number>();
for await (const { datapoints } of new DatapointsApi(transport).stream({ items })) {
  look();
  for (const { id, timestamps, values } of datapoints) {
    let latest = last.get(id) ?? -1;
    for (const time of timestamps) {
      isOrdered &&= time > latest;
      latest = time;
    }
    last.set(id, latest);
    for (const value of values as Float64Array) sum += value;
    points += timestamps.length;
  }
}
clearInterval(timer);
await transport.close();
console.log(JSON.stringify({ points, sum, isOrdered, peak, before } satisfies StreamReport));
