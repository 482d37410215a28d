import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmulatedFiles, startEmulated } from './emulated.js';
import { isSame, pattern } from './fake-files.js';

const KIB = 1024;
const SIZE = 2048 * KIB;
const CUT = 700 * KIB;
const bytes = pattern(SIZE);

let emulated: EmulatedFiles;
let id = 0;
beforeAll(async () => {
  emulated = await startEmulated({ timeoutMs: 2000 });
  id = (await emulated.files.upload(bytes, { name: 'long' })).id;
});
afterEach(() => {
  emulated.emulator.faults.clear();
  emulated.emulator.requests.clear();
});
afterAll(() => emulated[Symbol.asyncDispose]());

/** Requested ranges and their answers, download by download. */
const reads = (): { range: string | undefined; status: number | undefined }[] =>
  emulated.emulator.requests
    .all()
    .filter(({ path }) => path.startsWith('/storage/download/'))
    .map(({ headers, status }) => ({ range: headers.range, status }));

describe('a download from a server that knows ranges', () => {
  it('asks after a cut for what is missing, and gives the bytes as they are', async () => {
    const { files, emulator } = emulated;
    emulator.faults.add({ method: 'GET', path: '/storage/download/*', cutBodyAfterBytes: CUT });
    const seen: number[] = [];
    const back = await files.download({ id }, { onProgress: (done) => seen.push(done) });
    expect(isSame(back, bytes)).toBe(true);
    const [first, second, ...more] = reads();
    expect([first?.range, more]).toEqual([undefined, []]);
    expect(second).toEqual({ range: expect.stringMatching(/^bytes=\d+-$/), status: 206 });
    // Bytes of the cut body that arrived are not requested again.
    const start = Number(second?.range?.slice('bytes='.length, -1));
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThanOrEqual(CUT);
    expect(seen).toContain(start);
    expect(seen.at(-1)).toBe(SIZE);
  });

  it('goes on after a stall the same way', async () => {
    const { files, emulator } = emulated;
    emulator.faults.add({ method: 'GET', path: '/storage/download/*', stallBodyAfterBytes: CUT });
    expect(isSame(await files.download({ id }), bytes)).toBe(true);
    expect(reads().map(({ status, range }) => [status, range !== undefined])).toEqual([
      [200, false],
      [206, true],
    ]);
  });

  it('survives cuts of the resumed bodies too, 503 and resets between them, however many as long as bytes come', async () => {
    const { files, emulator } = emulated;
    const path = '/storage/download/*';
    emulator.faults.add({ method: 'GET', path, cutBodyAfterBytes: 200 * KIB, count: 8 });
    emulator.faults.add({ method: 'GET', path, status: 503, count: 1 });
    emulator.faults.add({ method: 'GET', path, resetBeforeBody: true, count: 1 });
    expect(isSame(await files.download({ id }), bytes)).toBe(true);
    const starts = reads()
      .filter(({ status }) => status === 206 || status === 200)
      .map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(starts.length).toBe(9);
    expect(starts).toEqual([...starts].sort((left, right) => left - right));
    expect(emulator.faults.all().every(({ spent }) => spent)).toBe(true);
  });

  it('does not put two contents together when the file is replaced between', async () => {
    const { files, emulator } = emulated;
    const file = await files.upload(bytes, { name: 'replaced' });
    emulator.faults.add({ method: 'GET', path: '/storage/download/*', cutBodyAfterBytes: CUT });
    const stream = await files.downloadStream({ id: file.id });
    await files.uploadContent({ id: file.id }, pattern(SIZE, 2), { verify: false });
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow(
      'the file changed during the download',
    );
  });

  it('takes an empty file for what it is when it is checked', async () => {
    const { files } = emulated;
    const empty = await files.upload(new Uint8Array(0), { name: 'empty' }, { verify: true });
    expect(reads()).toEqual([{ range: 'bytes=0-0', status: 416 }]);
    expect(await files.download({ id: empty.id })).toHaveLength(0);
  });

  it('checks a stored length by one byte', async () => {
    const { files } = emulated;
    await files.upload(bytes, { name: 'checked' }, { verify: true });
    expect(reads()).toEqual([{ range: 'bytes=0-0', status: 206 }]);
  });
});
