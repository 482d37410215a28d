import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmulator, EmulatorError } from '@cdf/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, type Json } from './helpers.js';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'cdf-emulator-'));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

describe('a data folder', () => {
  it('serves everything again after a restart, tokens and links included', async () => {
    const dataFolder = folder();
    const before = clientOf(createEmulator({ dataFolder }));
    await before.post('/assets', {
      items: [
        { name: 'Root', externalId: 'root' },
        { name: 'Leaf', parentExternalId: 'root' },
      ],
    });
    await before.post('/timeseries', { items: [{ externalId: 's' }] });
    const datapoints = Array.from({ length: 9000 }, (_, index) => ({
      timestamp: index * 1000,
      value: Math.sin(index),
    }));
    await before.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    const created = await before.post('/files', { name: 'f', externalId: 'f' });
    await before.emulator.fetch(created.body.uploadUrl, { method: 'PUT', body: 'content' });
    const token = await before.emulator.issueToken();
    const page = await before.post('/assets/list', { limit: 1 });
    await before.emulator.close();

    const after = clientOf(createEmulator({ dataFolder }));
    const next = await after.post('/assets/list', { limit: 1, cursor: page.body.nextCursor });
    expect(next.body.items).toMatchObject([{ name: 'Leaf', parentExternalId: 'root' }]);
    const read = await after.post('/timeseries/data/list', {
      items: [{ externalId: 's', limit: 10_000 }],
    });
    expect(read.body.items[0].datapoints).toEqual(datapoints);
    const link = await after.post('/files/downloadlink', { items: [{ externalId: 'f' }] });
    expect(await (await after.emulator.fetch(link.body.items[0].downloadUrl)).text()).toBe(
      'content',
    );
    const inspected = await after.emulator.fetch(`${after.emulator.url}/api/v1/token/inspect`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(inspected.status).toBe(200);
    await after.emulator.close();
  });

  it('is used by one emulator at a time', async () => {
    const dataFolder = folder();
    const first = createEmulator({ dataFolder });
    expect(() => createEmulator({ dataFolder })).toThrow(/used by another process/);
    await first.close();
    await createEmulator({ dataFolder }).close();
  });

  it('that is broken, or is not a folder, is reported in one line', () => {
    const broken = folder();
    writeFileSync(join(broken, 'emulator.sqlite'), 'this is not a database'.repeat(100));
    expect(() => createEmulator({ dataFolder: broken })).toThrow(EmulatorError);
    expect(() => createEmulator({ dataFolder: broken })).toThrow(/holds a broken emulator.sqlite/);
    expect(() => createEmulator({ dataFolder: join(broken, 'emulator.sqlite') })).toThrow(
      /cannot use the data folder .*: it is a file; choose a folder/,
    );
  });

  it('with an overwritten page or an empty file is refused by name', async () => {
    const dataFolder = folder();
    const made = clientOf(createEmulator({ dataFolder }));
    await made.post('/assets', {
      items: Array.from({ length: 900 }, (_, index) => ({ name: `Asset ${index}` })),
    });
    await made.post('/timeseries', { items: [{ externalId: 's' }] });
    const datapoints = Array.from({ length: 9000 }, (_, index) => ({
      timestamp: index ** 2,
      value: Math.sin(index),
    }));
    await made.post('/timeseries/data', { items: [{ externalId: 's', datapoints }] });
    await made.emulator.close();
    const whole = readFileSync(join(dataFolder, 'emulator.sqlite'));
    const size = whole.readUInt16BE(16);
    const pages = whole.length / size;
    expect(pages).toBeGreaterThan(20);
    /**
     * A folder of its own for each: an emulator that refuses one cannot always give up its lock
     * before the process ends.
     */
    const holding = (content: Buffer): string => {
      const made = folder();
      writeFileSync(join(made, 'emulator.sqlite'), content);
      return made;
    };
    const refusalOf = (at: string): string =>
      `the data folder ${at} holds a broken emulator.sqlite`;
    const everything = async (at: string): Promise<Json> => {
      const { emulator, post } = clientOf(createEmulator({ dataFolder: at }));
      const items = (await post('/assets/list', { limit: 1000 })).body;
      const points = (
        await post('/timeseries/data/list', { items: [{ externalId: 's', limit: 10_000 }] })
      ).body;
      await emulator.close();
      return [items, points];
    };
    const kept = await everything(holding(whole));
    expect(kept[0].items).toHaveLength(900);
    let harmless = 0;
    for (let page = 1; page < pages; page += 1) {
      for (const fill of [0, 0x5a]) {
        const damaged = Buffer.from(whole);
        damaged.fill(fill, page * size, (page + 1) * size);
        const at = holding(damaged);
        try {
          // A page that holds nothing may be lost.
          expect(await everything(at)).toEqual(kept);
          harmless += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(EmulatorError);
          expect((error as Error).message).toContain(refusalOf(at));
        }
      }
    }
    expect(harmless).toBeLessThan(pages / 2);
    for (const content of [whole.subarray(0, size * 5), Buffer.alloc(0)]) {
      const at = holding(content);
      expect(() => createEmulator({ dataFolder: at })).toThrow(refusalOf(at));
    }
  });

  it('is wiped only with permission', async () => {
    const dataFolder = folder();
    const careful = clientOf(createEmulator({ dataFolder }));
    await careful.post('/assets', { items: [{ name: 'kept' }] });
    await expect(careful.emulator.reset()).rejects.toThrow(/allow-reset/);
    expect((await careful.control('POST', '/reset')).status).toBe(403);
    await careful.emulator.close();
    const free = clientOf(createEmulator({ dataFolder, allowReset: true }));
    expect((await free.post('/assets/list', {})).body.items).toHaveLength(1);
    await free.emulator.reset();
    expect((await free.post('/assets/list', {})).body.items).toEqual([]);
    await free.emulator.close();
  });
});
