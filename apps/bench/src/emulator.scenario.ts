import { wireAsset } from './assets-data.js';
import { insertBody, PAGE, readBody, SERIES, START, STEP_MS } from './emulator-bodies.js';
import {
  type Ask,
  ownClient,
  plainClient,
  startOnDisk,
  store,
  storedPoints,
  together,
} from './emulator-servers.js';
import { servePrepared } from './prepared-server.js';
import type { Contender, Scenario } from './scenario.js';

/**
 * The emulator's cost beside a server that has nothing to do: the same plain client asks both. Its
 * points are on disk.
 */
export const scenarios: readonly Scenario[] = [read(), list(), insert()];

function read(): Scenario {
  const bodies = (points: number): string[] =>
    Array.from({ length: points / PAGE }, (_, page) => readBody(page * PAGE, (page + 1) * PAGE));
  const contender = (server: number): Contender => ({
    async prepare(target, points) {
      const ask = plainClient(target, server);
      return {
        run: async () => {
          let bytes = 0;
          for (const body of bodies(points))
            bytes += (await ask('/timeseries/data/list', body)).byteLength;
          return bytes;
        },
        check: (bytes) => ({ bytes: bytes as number }),
      };
    },
  });
  let total = 0;
  return {
    ...{
      name: 'emulator-read',
      title: 'Emulator: read stored points as protobuf',
      unit: 'points',
      sizes: [5_000_000],
    },
    expected: () => ({ bytes: total }),
    async serve(points) {
      const emulator = await startOnDisk();
      const ask = ownClient(emulator);
      await store(ask, points);
      if ((await storedPoints(emulator)) !== points) throw new Error('not all points are stored');
      const answers = new Map<string, Buffer>();
      for (const body of bodies(points))
        answers.set(body, Buffer.from(await ask('/timeseries/data/list', body)));
      total = [...answers.values()].reduce((sum, { length }) => sum + length, 0);
      const floor = await servePrepared({
        answer: (_path, body) => ({
          body: answers.get(body.toString()) as Buffer,
          contentType: 'application/protobuf',
        }),
      });
      return together(emulator, [emulator.url, floor.url]);
    },
    contenders: { emulator: contender(0), 'static server': contender(1) },
    goals: [{ contender: 'emulator', against: 'static server', atMost: 4 }],
  };
}

function list(): Scenario {
  const contender = (server: number): Contender => ({
    async prepare(target) {
      const ask = plainClient(target, server);
      return { run: () => listAll(ask), check: (bytes) => ({ bytes: bytes as number }) };
    },
  });
  let total = 0;
  return {
    ...{ name: 'emulator-list', title: 'Emulator: list assets', unit: 'assets', sizes: [100_000] },
    expected: () => ({ bytes: total }),
    async serve(count) {
      const emulator = await startOnDisk();
      const ask = ownClient(emulator);
      for (let from = 0; from < count; from += 1000)
        await ask('/assets', createBody(from, Math.min(count, from + 1000)));
      const pages = new Map<string, Buffer>();
      total = await listAll(async (path, body) => {
        const answer = await ask(path, body);
        pages.set(body.toString(), Buffer.from(answer));
        return answer;
      });
      const floor = await servePrepared({
        answer: (_path, body) => ({ body: pages.get(body.toString()) as Buffer }),
      });
      return together(emulator, [emulator.url, floor.url]);
    },
    contenders: { emulator: contender(0), 'static server': contender(1) },
    goals: [{ contender: 'emulator', against: 'static server', atMost: 3 }],
  };
}

/** Follows the cursors and parses nothing else: the least that a client does. */
async function listAll(ask: Ask): Promise<number> {
  let bytes = 0;
  let cursor: string | undefined;
  do {
    const answer = await ask('/assets/list', JSON.stringify({ limit: 1000, cursor }));
    bytes += answer.byteLength;
    const end = new TextDecoder().decode(new Uint8Array(answer).subarray(-200));
    cursor = /"nextCursor":"([^"]+)"/.exec(end)?.[1];
  } while (cursor !== undefined);
  return bytes;
}

function createBody(from: number, to: number): string {
  const items = Array.from({ length: to - from }, (_, index) => {
    const { externalId, name, description, metadata } = wireAsset(from + index);
    return { externalId, name, description, metadata };
  });
  return JSON.stringify({ items });
}

function insert(): Scenario {
  const bodies = (points: number): Uint8Array[] =>
    Array.from({ length: points / PAGE }, (_, page) => insertBody(page * PAGE, (page + 1) * PAGE));
  const contender = (server: number): Contender => ({
    async prepare(target, points) {
      const ask = plainClient(target, server);
      const prepared = bodies(points);
      return {
        run: async () => {
          for (const body of prepared) await ask('/timeseries/data', body);
        },
      };
    },
  });
  return {
    ...{
      name: 'emulator-insert',
      title: 'Emulator: insert points durably',
      unit: 'points',
      sizes: [1_000_000],
    },
    expected: (points) => ({ points }),
    async serve(points) {
      const emulator = await startOnDisk();
      const ask = ownClient(emulator);
      await store(ask, 0);
      const whole = bodies(points).reduce((sum, { length }) => sum + length, 0);
      let drained = 0;
      const floor = await servePrepared({
        answer: (_path, body) => {
          drained += body.length;
          return { body: Buffer.from('{}') };
        },
      });
      return {
        ...together(emulator, [emulator.url, floor.url]),
        reset: async () => {
          drained = 0;
          await ask('/timeseries/data/delete', removeBody(0));
        },
        received: async () => ({
          requests: points / PAGE,
          checksum: { points: drained === whole ? points : await storedPoints(emulator) },
        }),
      };
    },
    contenders: { emulator: contender(0), 'server that only drains': contender(1) },
    goals: [{ contender: 'emulator', against: 'server that only drains', atMost: 4 }],
  };
}

function removeBody(from: number): string {
  const items = [
    { externalId: SERIES, inclusiveBegin: START + from * STEP_MS, exclusiveEnd: 4_102_444_800_000 },
  ];
  return JSON.stringify({ items });
}
