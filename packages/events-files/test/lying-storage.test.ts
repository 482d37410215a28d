import { createHash } from 'node:crypto';
import { CdfError, createTransport, Token } from '@cdf/core';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { FilesApi } from '@cdf/events-files';
import { sha256 } from '@cdf/events-files/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from '../../../tooling/lying-server/random.js';
import { isSame, pattern } from './fake-files.js';
import {
  type LyingStorage,
  STORAGE_LIES,
  type StorageLie,
  startLyingStorage,
} from './lying-storage.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB + 1;
const isLong = process.env.CDF_TEST_LONG === '1';
/** A long run has another one each time. */
const seed = isLong ? Number(process.env.CDF_TEST_SEED) : 18;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ logCapacity: 10 });
});
afterAll(() => emulator.close());

interface Liar {
  readonly storage: LyingStorage;
  readonly files: FilesApi;
  readonly honest: FilesApi;
  close(): Promise<void>;
}

async function startLiar(emulator: Emulator, liarSeed: number): Promise<Liar> {
  const storage = await startLyingStorage(emulator.url, liarSeed);
  const token = await emulator.issueToken();
  const connect = (baseUrl: string): FilesApi =>
    new FilesApi(
      createTransport({
        clientName: 'liar',
        project: emulator.project,
        baseUrl,
        credentials: new Token(token),
        retry: { limit: 3, backoffLimitMs: 5 },
      }),
    );
  return {
    storage,
    files: connect(storage.url),
    honest: connect(emulator.url),
    close: async () => storage[Symbol.asyncDispose](),
  };
}

interface Trip {
  readonly size: number;
  readonly lie: StorageLie | undefined;
  readonly times?: number;
  readonly checksum?: boolean;
}

type Outcome = 'right' | 'told' | 'wrong';

/** The outcome of one transfer under a lie. */
async function transfer(liar: Liar, trip: Trip): Promise<{ outcome: Outcome; told: number }> {
  let told = 0;
  const count = (): void => {
    told += liar.storage.told;
  };
  const outcome = await outcomeOf(liar, trip, count);
  return { outcome, told };
}

async function outcomeOf(
  { files, honest, storage }: Liar,
  { size, lie, times, checksum = false }: Trip,
  beforeReset: () => void,
): Promise<Outcome> {
  const bytes = pattern(size, size + 3);
  const options = { partSize: PART, verify: true, ...(checksum && { checksum: sha256 }) };
  const entry = { name: 'a.bin', mimeType: 'application/octet-stream' };
  let id: number | undefined;
  try {
    if (lie?.side === 'upload') storage.tell(lie, times);
    const stored = await files.upload(bytes, entry, options);
    beforeReset();
    storage.tell(undefined);
    id = stored.id;
    if (!isSame(await honest.download({ id: stored.id }), bytes)) return 'wrong';
    if (lie?.side === 'download') storage.tell(lie, times);
    const back = await files.download({ id: stored.id }, checksum ? { checksum: sha256 } : {});
    const digest = (some: Uint8Array): string => createHash('sha256').update(some).digest('hex');
    return digest(back) === digest(bytes) ? 'right' : 'wrong';
  } catch (error) {
    if (!CdfError.isInstance(error)) throw error;
    return 'told';
  } finally {
    beforeReset();
    storage.tell(undefined);
    if (id !== undefined) await honest.delete([{ id }]);
  }
}

const NAMES = { right: 'harmless', told: 'told', wrong: 'invisible' } as const;

describe('the lying storage', () => {
  it('has a name, and a reason for what is invisible, for each of its lies', () => {
    expect(new Set(STORAGE_LIES.map(({ name }) => name)).size).toBe(STORAGE_LIES.length);
    expect(STORAGE_LIES.length).toBeGreaterThanOrEqual(23);
    for (const { once, always, reason } of STORAGE_LIES)
      expect(reason !== undefined).toBe(once === 'invisible' || always === 'invisible');
  });
});

/** Those that a quick run tells about a file in parts too. */
const IN_PARTS = [
  'upload 503',
  'upload 308',
  'upload 204 without storing',
  'upload HTML page',
  'upload reset after storing',
];

describe.concurrent('each lie has its verdict', () => {
  it.each(STORAGE_LIES.map((lie) => [lie.name, lie] as const))('%s', async (_, lie) => {
    const liar = await startLiar(emulator, seed);
    try {
      for (const [times, verdict] of [
        [1, lie.once],
        [Number.POSITIVE_INFINITY, lie.always],
      ] as const) {
        const inParts =
          lie.side === 'upload' && (isLong || (times === 1 && IN_PARTS.includes(lie.name)));
        for (const size of inParts ? [1000, PART + 5] : [lie.side === 'upload' ? 1000 : 300_000]) {
          const { outcome, told } = await transfer(liar, { size, lie, times });
          expect([times, size, NAMES[outcome]]).toEqual([times, size, verdict]);
          if (lie.side === 'download') expect(told).toBeGreaterThan(0);
        }
        // A checksum sees every lie.
        if (verdict === 'invisible')
          expect(
            (await transfer(liar, { size: 300_000, lie, times, checksum: true })).outcome,
          ).toBe('told');
      }
    } finally {
      await liar.close();
    }
  });
});

describe('transfers through the lying storage, drawn by a seed', () => {
  const count = isLong ? Number(process.env.CDF_TEST_TRANSFERS ?? 5000) : 100;
  const largest = isLong ? 64 * MIB : 256 * 1024;

  it(`${count} of them: the bytes are the same, or there is an error`, async () => {
    const random = randomOf(seed);
    const outcomes: Record<Outcome, number> = { right: 0, told: 0, wrong: 0 };
    const lanes = isLong ? 6 : 20;
    let started = 0;
    let lies = 0;
    let moved = 0;
    let peak = 0;
    const lane = async (index: number): Promise<void> => {
      const liar = await startLiar(emulator, seed + index);
      while (started < count) {
        started += 1;
        // As many of each magnitude, and sometimes zero.
        const size = random() < 0.02 ? 0 : Math.floor(2 ** (random() * Math.log2(largest + 1)));
        const lie =
          random() < 0.1 ? undefined : STORAGE_LIES[Math.floor(random() * STORAGE_LIES.length)];
        const times = random() < 0.6 ? 1 + Math.floor(random() * 3) : Number.POSITIVE_INFINITY;
        const checksum = lie?.reason !== undefined || random() < 0.2;
        const { outcome, told } = await transfer(liar, { size, lie, times, checksum });
        outcomes[outcome] += 1;
        moved += size;
        lies += told;
        expect(
          outcome,
          `seed ${seed}, ${size} bytes, ${lie?.name}, ${times} times, checksum ${checksum}`,
        ).not.toBe('wrong');
        peak = Math.max(peak, process.memoryUsage().rss);
      }
      await liar.close();
    };
    await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)));
    if (isLong)
      console.log(
        `seed ${seed}: ${count} transfers, ${Math.round(moved / MIB)} MiB, ${lies} lies: ${JSON.stringify(outcomes)}; at most ${Math.round(peak / MIB)} MiB in memory`,
      );
    expect(outcomes.wrong).toBe(0);
    expect(outcomes.right).toBeGreaterThan(count / 10);
    expect(outcomes.told).toBeGreaterThan(count / 10);
  });
});
