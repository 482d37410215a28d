import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { ConfigError, NetworkError, ServerError } from '@cdf/core';
import {
  FilesApi,
  type UploadContent,
  type UploadError,
  UploadSession,
  type UploadSessionData,
} from '@cdf/events-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partSizeFor, planParts } from '../src/upload/plan.js';
import { FakeFiles, isSame, pattern, streamOf } from './fake-files.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB + 1;
const big = pattern(2 * PART + 77);

const setUp = (): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  return { fake, files: new FilesApi(fake.transport) };
};

const lost = (): never => {
  throw new NetworkError('lost', { delivery: 'unknown' });
};

const failing = (promise: Promise<unknown>): Promise<UploadError> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('the plan of parts', () => {
  it('covers every byte once, within the bounds of the API', () => {
    const size = fc.oneof(
      fc.nat(100 * MIB),
      fc.maxSafeNat().map((each) => each % (900 * 1024 ** 3)),
    );
    fc.assert(
      fc.property(size, (bytes) => {
        const partSize = partSizeFor(bytes);
        const parts = planParts(bytes, partSize);
        expect(parts.length).toBeLessThanOrEqual(250);
        expect(partSize).toBeGreaterThan(5 * MIB);
        expect(partSize).toBeLessThan(4000 * MIB);
        let position = 0;
        for (const { start, end, index } of parts) {
          const isWhole = index === parts.length - 1 || end - start === partSize;
          if (start !== position || (end <= start && bytes > 0) || !isWhole)
            expect.fail(`part ${index}: ${start} to ${end}`);
          position = end;
        }
        expect(position).toBe(bytes);
      }),
    );
  });

  it('refuses sizes that the API would refuse', () => {
    expect(() => partSizeFor(1, 5 * MIB)).toThrow(ConfigError);
    expect(() => partSizeFor(1, '6000000' as never)).toThrow('got the string "6000000"');
    expect(() => partSizeFor(1, 4000 * MIB)).toThrow(ConfigError);
    expect(() => partSizeFor(1024 ** 4)).toThrow(ConfigError);
  });
});

describe('uploading', () => {
  const sources: Record<string, (bytes: Uint8Array<ArrayBuffer>) => UploadContent> = {
    Blob: (bytes) => new Blob([bytes]),
    File: (bytes) => new File([bytes], 'own-name.bin'),
    ArrayBuffer: (bytes) => bytes.slice().buffer,
    Uint8Array: (bytes) => bytes,
    'a view into a larger buffer': (bytes) => {
      const around = new Uint8Array(bytes.length + 20);
      around.set(bytes, 10);
      return new DataView(around.buffer, 10, bytes.length);
    },
    'shared memory': (bytes) => {
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
      shared.set(bytes);
      return shared;
    },
    ReadableStream: (bytes) => streamOf(bytes),
    'a stream factory': (bytes) => () => streamOf(bytes),
    'a source to open': (bytes) => ({ open: async () => new Blob([bytes]) }),
  };
  const sizes = [0, 1, 5 * MIB - 1, 5 * MIB, PART, PART + 1, 2 * PART + 77];

  it.each(Object.entries(sources))(
    'stores the bytes of %s as they are, in parts and whole',
    async (_, toContent) => {
      for (const size of sizes) {
        const bytes = pattern(size);
        const { fake, files } = setUp();
        const options = { partSize: PART, size };
        const stored = await files.upload(toContent(bytes), { name: 'a.bin' }, options);
        expect(stored).toMatchObject({ name: 'a.bin', uploaded: true });
        expect(isSame(fake.bytesOf('a.bin'), bytes)).toBe(true);
        const puts = fake.steps.filter((step) => step.startsWith('PUT'));
        expect(puts).toHaveLength(Math.max(1, Math.ceil(size / PART)));
        expect(JSON.stringify(stored)).not.toContain('https:');
      }
    },
  );

  it('takes name and type from the content, unless the entry says others', async () => {
    const { fake, files } = setUp();
    const file = new File(['a'], 'a.csv', { type: 'text/csv' });
    await files.upload(file);
    await files.upload(file, {
      name: 'b.txt',
      mimeType: 'text/plain',
      sourceCreatedTime: '1970-01-02',
    });
    expect(
      fake.transport.requests.filter(({ path }) => path === '/files').map(({ body }) => body),
    ).toEqual([
      { name: 'a.csv', mimeType: 'text/csv' },
      { name: 'b.txt', mimeType: 'text/plain', sourceCreatedTime: 86_400_000 },
    ]);
    expect(fake.transport.transfers.map(({ headers }) => headers)).toEqual([
      { 'content-type': 'text/csv' },
      { 'content-type': 'text/plain' },
    ]);
  });

  it.each([
    ['a string', 'text or path?', /Blob.*fromPath/],
    ['a number', 5, /got a number/],
    ['nothing', null, /got null/],
    ['an object', { a: 1 }, /must be a Blob/],
    [
      'a stream that someone reads',
      (() => {
        const stream = streamOf(pattern(3));
        stream.getReader();
        return stream;
      })(),
      /locked to another reader/,
    ],
    ['a function without a stream', () => 'text', /must return a ReadableStream/],
  ])('refuses %s before sending anything', async (_, content, message) => {
    const { fake, files } = setUp();
    const error = await failing(files.upload(content as never, { name: 'a' }));
    expect(ConfigError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(message);
    expect(fake.steps).toEqual([]);
  });

  it('refuses what cannot work before sending anything', async () => {
    const { fake, files } = setUp();
    const content = new Blob(['abc']);
    await expect(files.upload(content)).rejects.toThrow(/needs a name/);
    await expect(files.upload(content, { name: 'a' }, { overwrite: true })).rejects.toThrow(
      /needs an externalId/,
    );
    await expect(files.upload(content, { name: 'a' }, { size: 4 })).rejects.toThrow(
      /3 bytes.*size is 4/,
    );
    await expect(files.upload(streamOf(pattern(3)), { name: 'a' }, { size: 2 })).rejects.toThrow(
      /3 bytes/,
    );
    await expect(files.upload(content, { name: 'a' }, { partSize: MIB })).rejects.toThrow(
      /partSize/,
    );
    expect(fake.steps).toEqual([]);
  });

  it('creates nothing when a stream breaks or gives no bytes at its start', async () => {
    const { fake, files } = setUp();
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error('disk')),
    });
    await expect(files.upload(broken, { name: 'a' })).rejects.toThrow('disk');
    const text = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    await expect(files.upload(text, { name: 'a' })).rejects.toThrow(
      /gave a string, expected bytes/,
    );
    expect(fake.steps).toEqual([]);
  });

  it('reports progress in bytes, part by part', async () => {
    const { files } = setUp();
    const seen: [number, number | undefined][] = [];
    const onProgress = (done: number, total?: number): void => void seen.push([done, total]);
    await files.upload(big, { name: 'a' }, { partSize: PART, parallelParts: 1, onProgress });
    await files.upload(pattern(5), { name: 'b' }, { onProgress });
    expect(seen).toEqual([
      [PART, big.length],
      [2 * PART, big.length],
      [big.length, big.length],
      [5, 5],
    ]);
  });

  it('tells how far one request has got, and never goes back when it is sent again', async () => {
    const { fake, files } = setUp();
    for (const content of [new Blob([big.subarray(0, 3 * MIB)]), big.slice(0, 3 * MIB)]) {
      const seen: number[] = [];
      fake.interference.after = ({ name }) => {
        if (name === 'PUT single') expect(seen.length).toBeGreaterThan(10);
      };
      await files.upload(content, { name: 'a' }, { onProgress: (done) => seen.push(done) });
      expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
      expect(seen.at(-1)).toBe(3 * MIB);
    }
    const empty: unknown[] = [];
    await files.upload(new Blob([]), { name: 'b' }, { onProgress: (...each) => empty.push(each) });
    expect(empty).toEqual([[0, 0]]);
  });

  it('ends with what onProgress throws', async () => {
    for (const content of [new Blob([big.subarray(0, MIB)]), new Blob([big]), big]) {
      const { fake, files } = setUp();
      const onProgress = (): never => {
        throw new Error('the window is closed');
      };
      const error = await failing(
        files.upload(content, { name: 'a' }, { partSize: PART, onProgress }),
      );
      expect(error.message).toContain('the window is closed');
      expect([error.entry, fake.files.size]).toEqual(['deleted', 0]);
    }
  });

  it('has no more parts of a stream in memory than travel at a time', async () => {
    const { fake, files } = setUp();
    let given = 0;
    let stored = 0;
    let most = 0;
    const total = 12 * PART;
    const chunk = new Uint8Array(PART / 3);
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (given === total) return controller.close();
          given += chunk.length;
          most = Math.max(most, given - stored);
          controller.enqueue(chunk.slice());
        },
      },
      { highWaterMark: 0 },
    );
    fake.interference.after = ({ name }) => {
      if (name.startsWith('PUT')) stored += PART;
    };
    await files.upload(stream, { name: 'a' }, { partSize: PART, size: total, parallelParts: 2 });
    // Two parts on their way, or one and the next being read; a chunk has been looked at beyond.
    expect(most).toBeLessThanOrEqual(2 * PART + 2 * chunk.length);
  });

  it('gives an entry that is there its bytes', async () => {
    const { fake, files } = setUp();
    const { id } = await files.create({ name: 'later', externalId: 'x' });
    expect(fake.files.get(id)?.uploaded).toBe(false);
    await files.uploadContent({ externalId: 'x' }, big, { partSize: PART });
    expect(isSame(fake.bytesOf('later'), big)).toBe(true);
    await files.uploadContent({ id }, new Blob(['small']));
    expect(fake.bytesOf('later')).toEqual(new TextEncoder().encode('small'));
  });

  it('never says that an upload is fine when another length is stored', async () => {
    const { fake, files } = setUp();
    fake.interference.after = ({ name }) => {
      const [file] = fake.files.values();
      if (name === 'POST /files/completemultipartupload' && file !== undefined)
        file.bytes = big.subarray(1);
    };
    const error = await failing(files.upload(big, { name: 'a' }, { partSize: PART }));
    expect(error.message).toMatch(/bytes were sent, \d+ are stored/);
    expect(error.entry).toBe('kept');
    expect(fake.files.size).toBe(1);
  });

  it('keeps what was completed when the check fails', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => {
      if (name === 'POST /files/downloadlink') throw new ServerError('no', { status: 500 });
    };
    const options = { partSize: PART, onSession: () => {} };
    expect(await failing(files.upload(big, { name: 'a' }, options))).toMatchObject({
      entry: 'kept',
    });
    expect(fake.files.size).toBe(1);
  });
});

describe('streams of unknown length', () => {
  const length = 9 * MIB;
  const bytes = pattern(length);
  /** So many bytes, all of them zero, in chunks of a MiB. */
  const zeros = (total: number, onCancel: () => void = () => {}): ReadableStream<Uint8Array> => {
    let given = 0;
    return new ReadableStream(
      {
        pull(controller) {
          if (given === total) return controller.close();
          const chunk = new Uint8Array(Math.min(MIB, total - given));
          given += chunk.length;
          controller.enqueue(chunk);
        },
        cancel: onCancel,
      },
      { highWaterMark: 0 },
    );
  };

  it('go in parts too, and their length is checked', async () => {
    for (const content of [streamOf(bytes), (): ReadableStream<Uint8Array> => streamOf(bytes)]) {
      const { fake, files } = setUp();
      const totals = new Set<number | undefined>();
      const options = {
        partSize: PART,
        onProgress: (_: number, total: number | undefined): unknown => totals.add(total),
      };
      await files.upload(content, { name: 'a' }, options);
      expect(isSame(fake.bytesOf('a'), bytes)).toBe(true);
      expect(fake.steps).toEqual([
        'POST /files/initmultipartupload',
        'PUT part 0',
        'PUT part 1',
        'POST /files/completemultipartupload',
        'POST /files/downloadlink',
        'GET download',
        'POST /files/byids',
      ]);
      expect([...totals]).toEqual([length]);
    }
  });

  it('are refused before there is anything, when they can be read once only and have more than 64 MiB', async () => {
    const { fake, files } = setUp();
    let isLetGo = false;
    const stream = zeros(64 * MIB + 1, () => {
      isLetGo = true;
    });
    const error = await failing(files.upload(stream, { name: 'a' }));
    expect(ConfigError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/exceeds 64 MiB.*pass size, or a function that reopens/);
    expect([fake.steps, isLetGo]).toEqual([[], true]);
    if (process.env.CDF_TEST_LONG !== '1') return;
    await files.upload(zeros(64 * MIB), { name: 'b' });
    expect(fake.bytesOf('b')).toHaveLength(64 * MIB);
  });

  it('are read twice when they can be opened again, whatever they have', async () => {
    const { fake, files } = setUp();
    let openings = 0;
    const open = (): ReadableStream<Uint8Array> => {
      openings += 1;
      return zeros(3 * PART);
    };
    await files.upload(open, { name: 'a' }, { partSize: PART });
    expect([openings, fake.bytesOf('a')?.length]).toEqual([2, 3 * PART]);
    await files.upload(open, { name: 'b' }, { partSize: PART, size: 3 * PART });
    expect(openings).toBe(3);
  });

  it('are refused before the file is complete, when the second reading gives more or fewer bytes', async () => {
    for (const second of [length + 1, length - 1]) {
      const { fake, files } = setUp();
      const lengths = [length, second];
      const error = await failing(
        files.upload(() => zeros(lengths.shift() as number), { name: 'a' }),
      );
      expect(error.message).toMatch(/the stream gave/);
      expect(error.entry).toBe('deleted');
      expect(fake.steps).not.toContain('POST /files/completemultipartupload');
    }
  });

  it('fail with what their source threw, and leave nothing behind', async () => {
    const breaking = (at: number): ReadableStream<Uint8Array> => {
      let position = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (position >= at) return controller.error(new Error('the disk is gone'));
          controller.enqueue(bytes.slice(position, position + MIB / 4));
          position += MIB / 4;
        },
      });
    };
    const early = setUp();
    const raw = await failing(early.files.upload(breaking(8 * MIB), { name: 'a' }));
    expect([raw.message, early.fake.steps]).toEqual(['the disk is gone', []]);
    const late = setUp();
    const options = { size: length, partSize: PART };
    const error = await failing(late.files.upload(breaking(8 * MIB), { name: 'a' }, options));
    expect(error).toMatchObject({
      code: 'upload',
      entry: 'deleted',
      fileId: 1,
      cause: new Error('the disk is gone'),
    });
    expect(late.fake.files.size).toBe(0);
  });

  it('with a size that is not true are refused before the file is complete', async () => {
    for (const size of [length + 1, length - 1]) {
      const { fake, files } = setUp();
      const error = await failing(
        files.upload(streamOf(bytes), { name: 'a' }, { size, partSize: PART }),
      );
      expect(error.message).toMatch(/the stream gave/);
      expect(fake.steps).not.toContain('POST /files/completemultipartupload');
      expect(fake.files.size).toBe(0);
    }
  });
});

describe('a failed upload', () => {
  it('keeps the old bytes readable at every step of an overwrite, whatever happens there', async () => {
    const old = pattern(1000, 7);
    for (const content of [pattern(3000), big.subarray(0, PART + 77)]) {
      const counting = setUp();
      counting.fake.add({ name: 'a', externalId: 'x' }, old);
      await counting.files.upload(
        content,
        { name: 'a', externalId: 'x' },
        { overwrite: true, partSize: PART },
      );
      const steps = counting.fake.steps.length;
      for (const when of ['before', 'after'] as const)
        for (const how of ['abort', 'lose', 'refuse'] as const)
          for (let at = 0; at < steps; at += 1) {
            const { fake, files } = setUp();
            const { id } = fake.add({ name: 'a', externalId: 'x' }, old);
            const controller = new AbortController();
            fake.interference[when] = ({ index }) => {
              if (index !== at) return;
              if (how === 'abort') return controller.abort(new Error('enough'));
              if (how === 'lose') lost();
              throw new ServerError('no', { status: 500 });
            };
            const options = {
              overwrite: true,
              partSize: PART,
              parallelParts: 1,
              signal: controller.signal,
            };
            const outcome = await files
              .upload(content, { name: 'a', externalId: 'x' }, options)
              .catch((error) => error);
            const bytes = fake.files.get(id)?.bytes as Uint8Array;
            const isNew = isSame(bytes, content);
            expect(isNew || isSame(bytes, old)).toBe(true);
            expect(fake.steps).not.toContain('POST /files/delete');
            if (outcome instanceof Error) {
              const isReason = outcome.message === 'enough' && at === 0 && when === 'before';
              if (!isReason)
                expect(outcome).toMatchObject({
                  code: 'upload',
                  entry: at === 0 ? 'unknown' : 'kept',
                });
            } else expect(isNew).toBe(true);
          }
    }
  });

  it('deletes the entry that it has created, and tells when it could not', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => {
      if (name === 'PUT part 1') throw new ServerError('no', { status: 500 });
    };
    const error = await failing(files.upload(big, { name: 'a' }, { partSize: PART }));
    expect(error).toMatchObject({ entry: 'deleted', fileId: 1, delivery: 'unknown' });
    expect(fake.files.size).toBe(0);
    fake.interference.before = ({ name }) => {
      if (name === 'PUT part 1' || name === 'POST /files/delete')
        throw new ServerError('no', { status: 500 });
    };
    const left = await failing(files.upload(big, { name: 'b' }, { partSize: PART }));
    expect(left).toMatchObject({ entry: 'kept', fileId: 2 });
    expect(left.message).toContain('its entry remains: id 2');
  });

  it('ends with the reason of the signal, and leaves nothing behind', async () => {
    const { fake, files } = setUp();
    const controller = new AbortController();
    const reason = new Error('enough');
    fake.interference.before = ({ name }) => name === 'PUT part 1' && controller.abort(reason);
    const upload = files.upload(big, { name: 'a' }, { partSize: PART, signal: controller.signal });
    expect(await failing(upload)).toBe(reason);
    // The clean-up goes on by itself.
    await expect.poll(() => fake.files.size).toBe(0);
  });

  it('does not touch an entry whose creation is unknown', async () => {
    const { fake, files } = setUp();
    fake.interference.after = ({ name }) => name === 'POST /files' && lost();
    const error = await failing(files.upload(new Blob(['a']), { name: 'a' }));
    expect(error).toMatchObject({ code: 'upload', entry: 'unknown', fileId: undefined });
    expect(fake.steps).toEqual(['POST /files']);
  });

  it('hands through what the service says about the entry', async () => {
    const { fake, files } = setUp();
    fake.add({ name: 'a', externalId: 'x' }, pattern(3));
    const error = await failing(files.upload(new Blob(['a']), { name: 'a', externalId: 'x' }));
    expect(error).toMatchObject({ code: 'api', status: 409 });
    expect(fake.files.size).toBe(1);
  });

  it('leaves no part on its way', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => name === 'PUT part 0' && lost();
    await failing(
      files.upload(new Uint8Array(20 * PART), { name: 'a' }, { partSize: PART, parallelParts: 2 }),
    );
    const puts = fake.steps.filter((step) => step.startsWith('PUT'));
    expect(puts.length).toBeLessThanOrEqual(3);
    expect(fake.steps.at(-1)).toBe('POST /files/delete');
  });
});

describe('the requests of an upload', () => {
  it('that write take the lane of writes', async () => {
    const { fake, files } = setUp();
    const checksum = { name: 'sum', create: () => ({ update: () => {}, digest: () => 'x' }) };
    for (const content of [new Blob(['a']), big]) {
      const { id } = await files.upload(
        content,
        { name: 'a' },
        { partSize: PART, checksum, verify: true },
      );
      await files.uploadContent({ id }, content, { partSize: PART });
    }
    fake.interference.before = ({ name }) => name === 'PUT single' && lost();
    await failing(files.upload(new Blob(['a']), { name: 'b' }));
    const lanes = new Map(fake.transport.requests.map(({ path, lane }) => [path, lane]));
    expect(Object.fromEntries(lanes)).toEqual({
      '/files': 'write',
      '/files/uploadlink': 'write',
      '/files/initmultipartupload': 'write',
      '/files/multiuploadlink': 'write',
      '/files/completemultipartupload': 'write',
      '/files/update': 'write',
      '/files/delete': 'write',
      '/files/downloadlink': undefined,
      '/files/byids': undefined,
    });
  });
});

describe('an upload session', () => {
  /** An upload that loses its connection at part 2, and its last session. */
  async function interrupted(
    fake: FakeFiles,
    files: FilesApi,
    content: UploadContent,
  ): Promise<UploadSessionData> {
    let kept = '';
    fake.interference.before = ({ name }) => name === 'PUT part 2' && lost();
    const onSession = (session: UploadSession): void => {
      kept = JSON.stringify(session);
    };
    const error = await failing(
      files.upload(
        content,
        { name: 'a' },
        { partSize: PART, parallelParts: 1, size: big.length, onSession },
      ),
    );
    expect(error).toMatchObject({ entry: 'kept', fileId: 1 });
    fake.interference = {};
    fake.steps.length = 0;
    return JSON.parse(kept);
  }

  it.each([
    ['bytes', () => big],
    ['a Blob', () => new Blob([big])],
    ['a stream', () => streamOf(big)],
  ])('survives JSON, and goes on with %s by sending only what is missing', async (_, toContent) => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, toContent());
    expect(session.completed).toEqual([0, 1]);
    const seen: number[] = [];
    const stored = await files.resumeUpload(session, toContent(), {
      onProgress: (done) => seen.push(done),
    });
    expect(stored.uploaded).toBe(true);
    expect(isSame(fake.bytesOf('a'), big)).toBe(true);
    expect(fake.steps.filter((step) => step.startsWith('PUT'))).toEqual(['PUT part 2']);
    expect(seen).toEqual([PART, 2 * PART, big.length]);
  });

  it('is waited for before the upload goes on, and never stored out of order', async () => {
    const { fake, files } = setUp();
    const log: string[] = [];
    let isStoring = false;
    const onSession = async (session: UploadSession): Promise<void> => {
      expect(isStoring).toBe(false);
      isStoring = true;
      const { completed, isCompleting } = JSON.parse(JSON.stringify(session)) as UploadSessionData;
      await new Promise((resolve) => setTimeout(resolve, 20));
      isStoring = false;
      log.push(`${completed.length}${isCompleting ? ' completing' : ''}`);
      if (log.length === 1) expect(fake.steps.some((step) => step.startsWith('PUT'))).toBe(false);
    };
    fake.interference.before = ({ name }) => {
      if (name.endsWith('completemultipartupload')) expect(log.at(-1)).toBe('3 completing');
    };
    await files.upload(big, { name: 'a' }, { partSize: PART, onSession });
    expect(log).toHaveLength(5);
    expect(log).toEqual([...log].sort());
  });

  it.each([
    [1, 'deleted'],
    [2, 'kept'],
    [5, 'kept'],
  ])(
    'that could not be stored the %ith time ends the upload, and not the program',
    async (at, entry) => {
      const { fake, files } = setUp();
      let calls = 0;
      const onSession = async (): Promise<void> => {
        if (++calls === at) throw new Error('the disk is full');
      };
      const error = await failing(files.upload(big, { name: 'a' }, { partSize: PART, onSession }));
      expect(error.message).toContain('the disk is full');
      expect(error.entry).toBe(entry);
      expect(fake.steps).not.toContain('POST /files/completemultipartupload');
    },
  );

  it('that is never stored ends with the signal', async () => {
    const { files } = setUp();
    const signal = AbortSignal.timeout(20);
    const onSession = (): Promise<void> => new Promise(() => {});
    const options = { partSize: PART, onSession, signal };
    const error = await failing(files.upload(big, { name: 'a' }, options));
    expect(error).toMatchObject({ entry: 'kept', cause: { name: 'TimeoutError' } });
  });

  it.each(['goes on', 'is rejected'])(
    'keeps the entry when an abort comes while it is stored for the first time, and storing it %s',
    async (outcome) => {
      const { fake, files } = setUp();
      const controller = new AbortController();
      const reason = new Error('shut down');
      let stored = '';
      const onSession = async (session: UploadSession): Promise<void> => {
        stored ||= JSON.stringify(session);
        controller.abort(reason);
        if (outcome === 'is rejected') throw reason;
        await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const { signal } = controller;
      const upload = files.upload(big, { name: 'a' }, { partSize: PART, onSession, signal });
      expect(await failing(upload)).toMatchObject({ entry: 'kept', cause: reason });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(fake.steps).not.toContain('POST /files/delete');
      await files.resumeUpload(JSON.parse(stored), big);
      expect(isSame(fake.bytesOf('a'), big)).toBe(true);
    },
  );

  it('keeps the file when going on fails too', async () => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big);
    fake.interference.before = ({ name }) => name.startsWith('PUT') && lost();
    const error = await failing(files.resumeUpload(session, big));
    expect(error).toMatchObject({ entry: 'kept', fileId: 1 });
    expect(fake.files.size).toBe(1);
  });

  it('refuses other content, and data that is not a session', async () => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big);
    await expect(files.resumeUpload(session, big.subarray(1))).rejects.toThrow(ConfigError);
    for (const change of [
      { version: 1 },
      { digests: [] },
      { isNew: 1 },
      { uploadUrls: [] },
      { completed: [9] },
      { size: -1 },
      { file: {} },
    ])
      await expect(files.resumeUpload({ ...session, ...change } as never, big)).rejects.toThrow(
        ConfigError,
      );
    await expect(files.resumeUpload(null as never, big)).rejects.toThrow(ConfigError);
    expect(fake.steps).toEqual([]);
  });

  it('hides its addresses from logs', async () => {
    const { fake, files } = setUp();
    const session = new UploadSession(await interrupted(fake, files, big));
    for (const text of [
      inspect(session, { depth: 9, showHidden: true }),
      String(session),
      Object.values(session).join(),
    ])
      expect(text).not.toContain('https:');
    expect(session).toMatchObject({
      size: big.length,
      partSize: PART,
      parts: 3,
      completed: [0, 1],
      file: { id: 1 },
    });
    expect(JSON.stringify(session)).toContain('https:');
  });
});

describe('a checksum', () => {
  const sum = {
    name: 'sum',
    create: () => {
      const hash = createHash('md5');
      return {
        update: (bytes: Uint8Array): void => void hash.update(bytes),
        digest: (): string => hash.digest('hex'),
      };
    },
  };

  it.each([
    ['small content', pattern(1000), () => pattern(1000)],
    ['content of parts', big, () => big],
    ['a stream of known length', big, () => streamOf(big)],
  ])('of %s is kept in the metadata and checked by a download', async (_, bytes, toContent) => {
    const { fake, files } = setUp();
    const stored = await files.upload(
      toContent(),
      { name: 'a', metadata: { mine: 'too' } },
      { checksum: sum, partSize: PART, size: bytes.length },
    );
    const hasher = sum.create();
    hasher.update(bytes);
    expect(stored.metadata).toEqual({ mine: 'too', sum: hasher.digest() });
    expect(isSame(await files.download({ id: stored.id }, { checksum: sum }), bytes)).toBe(true);
    const file = fake.files.get(stored.id);
    if (file?.bytes !== undefined) file.bytes[500] = 1 ^ (file.bytes[500] as number);
    await expect(files.download({ id: stored.id }, { checksum: sum })).rejects.toThrow(/checksum/);
  });

  it('that was asked for and is not there is an error', async () => {
    const { fake, files } = setUp();
    fake.add({ name: 'a' }, pattern(3));
    await expect(files.download({ id: 1 }, { checksum: sum })).rejects.toThrow(/no checksum sum/);
  });
});
