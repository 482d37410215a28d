import { DatapointsApi, type DatapointsList } from '@cdf/datapoints';
import { type FakePoint, fakeServer } from './fake-server.js';

export const START = Date.UTC(2024, 0, 1);
export const MINUTE = 60_000;
export const END = START + 600 * MINUTE;

export const at = (
  values: Record<number, number | string | null>,
  status?: FakePoint['status'],
): FakePoint[] =>
  Object.entries(values).map(([minute, value]) => ({
    timestamp: START + Number(minute) * MINUTE,
    value,
    ...(status && { status }),
  }));

const server = fakeServer([
  { id: 1, externalId: 'pressure', unit: 'bar', points: at({ 0: 1, 1: 2, 2: 3, 3: 4 }) },
  { id: 2, externalId: 'temperature', points: at({ 1: 10.5, 3: 12.25, 5: 13 }) },
  { id: 3, isString: true, points: at({ 0: 'on', 3: '=HYPERLINK("x")' }) },
  {
    id: 4,
    externalId: 'bad, "quoted"',
    points: at({ 1: null, 2: 5 }, { code: 0x80000000, symbol: 'Bad' }),
  },
]);
export const api: DatapointsApi = new DatapointsApi(server.transport);
export const read = (...ids: number[]): Promise<DatapointsList> =>
  api.retrieve({ items: ids.map((id) => ({ id })), start: START, end: END });
