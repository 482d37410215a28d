import { it } from 'vitest';
import { retrieveAll } from '../src/read/retrieve.js';
import { fakeServer } from './fake-server.js';

const START = Date.UTC(2020, 9, 20);
const HOUR = 3_600_000;
it('x', async () => {
  const points: any[] = [];
  let time = START;
  for (const count of [122, 43, 2]) {
    for (let i = 0; i < count; i++, time += 1) {
      points.push({
        timestamp: time,
        value: 1,
        ...(points.length % 7 === 3 ? { status: { code: 0x80000000, symbol: 'Bad' } } : {}),
      });
    }
    time += 1;
  }
  const series = [
    { id: 1, isString: true, points: [] },
    { id: 4, isString: false, points },
  ] as any;
  let turn = 0;
  const server = fakeServer(series, {
    shuffle: () => (turn = (turn * 3 + 1) % 5),
    format: 'protobuf',
    mostRaw: 100,
    mostAggregates: 40,
  } as any);
  const inner = server.transport.request.bind(server.transport);
  const transport = Object.assign(Object.create(server.transport), {
    request: async (s: any, o: any) => {
      console.log('>', JSON.stringify(s.body.items));
      const a = await inner(s, o);
      return a;
    },
    limits: server.transport.limits,
  });
  await retrieveAll(
    transport,
    {
      items: [
        { id: 4, start: 0, end: 1603152003000, limit: 291, ignoreBadDataPoints: false },
        { id: 1, start: 0, end: 1603152003000 },
      ] as any,
      ignoreUnknownIds: true,
    },
    {},
    { raw: 100, aggregates: 40 },
  );
  console.log(server.requestCount());
});
