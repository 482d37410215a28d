import {
  type InsertPlan,
  type PointSums,
  type SeriesPlan,
  START,
  timeAt,
  valueAt,
} from './datapoints-data.js';

/**
 * The least that any client has to do: the known requests, as many at a time as our client sends,
 * of the same bytes but for headers, and the smallest encode and decode there is. It checks
 * nothing: not the points that it writes, not the bytes that it reads, no status but by the sums
 * afterwards; it has no time limits, no way to abort, no retries, and no token. The difference to
 * it is the cost of a client.
 */
export type Send = (
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string>,
) => Promise<Uint8Array>;

/** Requests at the same time: the client's defaults. */
export const READ = 10;
const WRITE = 5;

export function fetchSend(baseUrl: string): Send {
  return async (path, body, headers) => {
    const response = await fetch(baseUrl + path, {
      method: 'POST',
      body: body as BodyInit,
      headers,
    });
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** Requests that fill their pages exactly: what a client that knew everything would send. */
export function perfectPages(plan: SeriesPlan): object[][] {
  const most = plan.aggregates ? 10_000 : 100_000;
  const perItem = Math.min(plan.points, most);
  const items: object[] = [];
  for (let series = 0; series < plan.series; series++)
    for (let from = 0; from < plan.points; from += perItem)
      items.push({
        id: plan.first + series,
        start: timeAt(from, plan),
        end: timeAt(Math.min(plan.points, from + perItem), plan),
        limit: perItem,
        ...(plan.aggregates && { aggregates: ['average', 'max', 'min'], granularity: '1h' }),
      });
  // The API takes 100 series in a request.
  const perRequest = Math.max(1, Math.min(100, Math.floor(most / perItem)));
  return Array.from({ length: Math.ceil(items.length / perRequest) }, (_, index) =>
    items.slice(index * perRequest, (index + 1) * perRequest),
  );
}

export async function inParallel<T>(
  jobs: readonly T[],
  limit: number,
  work: (job: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < jobs.length) {
      const index = next++;
      await work(jobs[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

/** Reads into columns of the right size; gives them for the check. */
export async function floorRead(
  send: Send,
  plan: SeriesPlan,
  decode: Decode = decodeFloor,
): Promise<Float64Array[]> {
  const pages = perfectPages(plan);
  const total = plan.points * plan.series;
  const columns = Array.from({ length: plan.aggregates ? 4 : 2 }, () => new Float64Array(total));
  const perPage = Math.ceil(total / pages.length);
  await inParallel(pages, READ, async (items, index) => {
    const bytes = await send('/timeseries/data/list', JSON.stringify({ items }), {
      'content-type': 'application/json',
      accept: 'application/protobuf',
    });
    decode(bytes, columns, index * perPage);
  });
  return columns;
}

export type Decode = (bytes: Uint8Array, columns: readonly Float64Array[], at: number) => void;

const decodeFloor: Decode = (bytes, columns, position) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [times, ...values] = columns as [Float64Array, ...Float64Array[]];
  let at = 0;
  let index = position;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    at++;
    const end = varint() + at;
    while (at < end) {
      const tag = bytes[at++] as number;
      if (tag === 0x08) varint();
      else if (tag === 0x4a) at += varint();
      else {
        const pointsEnd = varint() + at;
        while (at < pointsEnd) {
          times[index] =
            ((bytes[at + 3] as number) & 0x7f) +
            ((((bytes[at + 4] as number) & 0x7f) << 7) |
              (((bytes[at + 5] as number) & 0x7f) << 14) |
              (((bytes[at + 6] as number) & 0x7f) << 21)) +
            (((bytes[at + 7] as number) & 0x7f) | ((bytes[at + 8] as number) << 7)) * 0x10000000;
          at += 10;
          for (const column of values) {
            column[index] = view.getFloat64(at, true);
            at += 9;
          }
          at--;
          index++;
        }
      }
    }
  }
};

/** JSON, as the API has no protobuf for it; into two columns. */
export async function floorLatest(
  send: Send,
  first: number,
  count: number,
): Promise<Float64Array[]> {
  const columns = [new Float64Array(count), new Float64Array(count)] as const;
  const chunks = Array.from({ length: Math.ceil(count / 100) }, (_, chunk) =>
    Array.from({ length: Math.min(100, count - chunk * 100) }, (_each, index) => ({
      id: first + chunk * 100 + index,
    })),
  );
  await inParallel(chunks, READ, async (items, chunk) => {
    const bytes = await send('/timeseries/data/latest', JSON.stringify({ items }), {
      'content-type': 'application/json',
    });
    const answer = JSON.parse(new TextDecoder().decode(bytes)) as {
      items: { datapoints: { timestamp: number; value: number }[] }[];
    };
    answer.items.forEach(({ datapoints: [point] }, index) => {
      columns[0][chunk * 100 + index] = point?.timestamp ?? Number.NaN;
      columns[1][chunk * 100 + index] = point?.value ?? Number.NaN;
    });
  });
  return [...columns];
}

export interface InsertData {
  readonly id: number;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

export function insertData({ series, points }: InsertPlan): InsertData[] {
  return Array.from({ length: series }, (_, which) => ({
    id: which + 1,
    timestamps: Float64Array.from({ length: points }, (_each, index) => START + index * 1000),
    values: Float64Array.from({ length: points }, (_each, index) => valueAt(index)),
  }));
}

export function insertChecksum({ series, points }: InsertPlan): PointSums {
  let values = 0;
  for (let index = 0; index < points; index++) values += valueAt(index);
  return {
    count: series * points,
    values: values * series,
    seconds: ((points * (points - 1)) / 2) * series,
  };
}

/** The smallest encoder: timestamps of six bytes, lengths of fixed width. */
export async function floorInsert(
  send: Send,
  data: readonly InsertData[],
  compress?: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  const parts = data.flatMap(({ id, timestamps, values }) => {
    const chunks: InsertData[] = [];
    for (let from = 0; from < timestamps.length; from += 100_000)
      chunks.push({
        id,
        timestamps: timestamps.subarray(from, from + 100_000),
        values: values.subarray(from, from + 100_000),
      });
    return chunks;
  });
  const size = parts[0]?.timestamps.length ?? 1;
  const perRequest = Math.max(1, Math.floor(100_000 / size));
  const requests = Array.from({ length: Math.ceil(parts.length / perRequest) }, (_, index) =>
    parts.slice(index * perRequest, (index + 1) * perRequest),
  );
  await inParallel(requests, WRITE, async (items) => {
    const plain = encodeFloor(items);
    const headers = { 'content-type': 'application/protobuf', accept: 'application/json' };
    if (compress === undefined) await send('/timeseries/data', plain, headers);
    else
      await send('/timeseries/data', await compress(plain), {
        ...headers,
        'content-encoding': 'gzip',
      });
  });
}

function encodeFloor(items: readonly InsertData[]): Uint8Array {
  const bytes = new Uint8Array(
    items.reduce((sum, { timestamps }) => sum + timestamps.length * 18 + 20, 0),
  );
  const view = new DataView(bytes.buffer);
  let at = 0;
  const fixed = (value: number): void => {
    for (let group = 0; group < 3; group++) bytes[at++] = ((value >> (7 * group)) & 0x7f) | 0x80;
    bytes[at++] = (value >> 21) & 0x7f;
  };
  for (const { id, timestamps, values } of items) {
    bytes[at++] = 0x0a;
    fixed(timestamps.length * 18 + 10);
    bytes[at++] = 0x08;
    fixed(id);
    bytes[at++] = 0x1a;
    fixed(timestamps.length * 18);
    for (let index = 0; index < timestamps.length; index++) {
      const time = timestamps[index] as number;
      const high = Math.floor(time / 0x10000000);
      const low = time - high * 0x10000000;
      bytes[at] = 0x0a;
      bytes[at + 1] = 16;
      bytes[at + 2] = 0x08;
      bytes[at + 3] = (low & 0x7f) | 0x80;
      bytes[at + 4] = ((low >> 7) & 0x7f) | 0x80;
      bytes[at + 5] = ((low >> 14) & 0x7f) | 0x80;
      bytes[at + 6] = (low >> 21) | 0x80;
      bytes[at + 7] = (high & 0x7f) | 0x80;
      bytes[at + 8] = high >> 7;
      bytes[at + 9] = 0x11;
      view.setFloat64(at + 10, values[index] as number, true);
      at += 18;
    }
  }
  return bytes.subarray(0, at);
}
