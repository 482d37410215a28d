import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  ApiError,
  AuthError,
  type CdfError,
  ConfigError,
  NetworkError,
  ServerError,
} from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { FilesApi, type UploadContent, type UploadSessionData } from '@cdf/events-files';
import { fromPath, sha256 } from '@cdf/events-files/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeFiles, isSame, pattern, streamOf } from './fake-files.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB + 1;
const COMPLETE = 'POST /files/completemultipartupload';
const big = pattern(2 * PART + 77);
const other = pattern(2 * PART + 77, 2);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-trust-'));
});
afterAll(() => rm(folder, { recursive: true }));

const setUp = (): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  return { fake, files: new FilesApi(fake.transport) };
};

const failing = (promise: Promise<unknown>): Promise<CdfError & { entry?: string }> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

const changed = (position: number): Uint8Array<ArrayBuffer> => {
  const bytes = big.slice();
  bytes[position] = 1 ^ (bytes[position] as number);
  return bytes;
};

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const refuse = (status: number): never => {
  throw new (status >= 500 ? ServerError : status === 403 || status === 401 ? AuthError : ApiError)(
    'no',
    { status },
  );
};

describe('a belief about the API: a refused completion means that the file is not complete', () => {
  it.each([400, 404, 409, 500, 408, 425, 503])(
    'is false when an attempt before had no answer: after %i it deletes nothing',
    async (status) => {
      const { fake, files } = setUp();
      fake.interference.after = ({ name }) => name === COMPLETE && refuse(500);
      let attempts = 0;
      fake.interference.before = ({ name }) => {
        if (name === COMPLETE && ++attempts > 1) refuse(status);
      };
      const outcome = await files
        .upload(big, { name: 'a' }, { partSize: PART })
        .catch((error) => error);
      expect(fake.steps).not.toContain('POST /files/delete');
      expect(isSame(fake.bytesOf('a'), big)).toBe(true);
      if (outcome instanceof Error)
        expect(outcome).toMatchObject({ code: 'upload', entry: 'kept' });
    },
  );

  it('is false after a 408 to the first attempt', async () => {
    const { fake, files } = setUp();
    fake.interference.after = ({ name }) => name === COMPLETE && refuse(408);
    await files.upload(big, { name: 'a' }, { partSize: PART });
    expect(isSame(fake.bytesOf('a'), big)).toBe(true);
  });

  it('is true for the first attempt: the entry is deleted', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => name === COMPLETE && refuse(400);
    const error = await failing(files.upload(big, { name: 'a' }, { partSize: PART }));
    expect([error.entry, fake.files.size]).toEqual(['deleted', 0]);
  });

  it('is not needed: a 500 is asked again', async () => {
    const { fake, files } = setUp();
    let attempts = 0;
    fake.interference.before = ({ name }) => name === COMPLETE && ++attempts === 1 && refuse(500);
    await files.upload(big, { name: 'a' }, { partSize: PART });
    expect(attempts).toBe(2);
  });

  it.each([new Error('enough'), new ApiError('POST /assets: bad', { status: 400 })])(
    'is not about aborts: a completion under way is kept (%s)',
    async (reason) => {
      const { fake, files } = setUp();
      const controller = new AbortController();
      fake.interference.after = ({ name }) => name === COMPLETE && controller.abort(reason);
      const upload = files.upload(
        big,
        { name: 'a' },
        { partSize: PART, signal: controller.signal },
      );
      expect(await failing(upload)).toMatchObject({
        entry: 'kept',
        cause: reason,
        delivery: 'unknown',
      });
      expect(isSame(fake.bytesOf('a'), big)).toBe(true);
    },
  );
});

describe('a belief about the API: who may write may read', () => {
  it.each([401, 403])(
    'is false: what cannot be checked for %i is verified: false',
    async (status) => {
      const { fake, files } = setUp();
      const reads = ['POST /files/downloadlink', 'POST /files/byids'];
      fake.interference.before = ({ name }) => reads.includes(name) && refuse(status);
      const stored = await files.upload(pattern(13 * MIB), { name: 'a' });
      expect(stored).toMatchObject({ id: 1, verified: false });
      expect(isSame(fake.bytesOf('a'), pattern(13 * MIB))).toBe(true);
    },
  );

  it('is not about checks that fail: the upload rejects, and keeps the file', async () => {
    for (const step of ['POST /files/downloadlink', 'GET download']) {
      const { fake, files } = setUp();
      fake.interference.before = ({ name }) => name === step && refuse(500);
      expect(await failing(files.upload(big, { name: 'a' }, { partSize: PART }))).toMatchObject({
        entry: 'kept',
      });
      expect(isSame(fake.bytesOf('a'), big)).toBe(true);
    }
  });

  it('and the other way round: a refused upload names the missing capability', async () => {
    const { fake, files } = setUp();
    fake.interference.before = () => refuse(403);
    for (const content of [big, pattern(3)])
      expect((await failing(files.upload(content, { name: 'a' }))).message).toContain(
        'filesAcl:WRITE',
      );
    expect((await failing(files.download({ id: 1 }))).message).toContain('filesAcl:READ');
  });

  it.concurrent.each([
    ['has the bytes', true, false, 'kept'],
    ['does not say whether it has the bytes', true, true, 'kept'],
    ['has no bytes', false, false, 'deleted'],
  ])(
    'and a file of one request, whose answer was lost, is left to what the service says: it %s',
    async (_, isStored, isSilent, entry) => {
      const { fake, files } = setUp();
      const lose = ({ name }: { name: string }): void => {
        if (name === 'PUT single') throw new NetworkError('lost', { delivery: 'unknown' });
        if (isSilent && name === 'POST /files/byids') refuse(403);
      };
      fake.interference[isStored ? 'after' : 'before'] = lose;
      if (isSilent) fake.interference.before = ({ name }) => name.endsWith('byids') && refuse(403);
      const error = await failing(files.upload(pattern(3), { name: 'a' }));
      expect([error.entry, fake.files.size]).toEqual([entry, entry === 'kept' ? 1 : 0]);
    },
  );

  it.concurrent.each([
    ['for a second', 1000, 200, 'kept'],
    ['for ever, and a link leads to the bytes', Infinity, 200, 'kept'],
    ['for ever, and storage does not say', Infinity, 403, 'kept'],
    ['for ever, and storage has no such object', Infinity, 404, 'deleted'],
  ])('and the entry may lag behind the bytes %s', async (_, lagMs, status, entry) => {
    const { fake, files } = setUp();
    const stored = (isSeen: boolean): void => {
      Object.assign(fake.files.get(1) ?? {}, { uploaded: isSeen });
    };
    let end = 0;
    fake.interference.after = ({ name }) => {
      if (name === 'PUT single') {
        end = Date.now() + lagMs;
        stored(false);
        throw new NetworkError('lost', { delivery: 'unknown' });
      }
    };
    fake.interference.before = ({ name }) => {
      if (end > 0) stored(Date.now() > end || (name.endsWith('downloadlink') && lagMs > 1000));
      if (name === 'GET download' && status !== 200) refuse(status);
    };
    const error = await failing(files.upload(pattern(3), { name: 'a' }));
    expect([error.entry, fake.files.size]).toEqual([entry, entry === 'kept' ? 1 : 0]);
  });

  it('and a file of one request that storage refused is deleted, unseen', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => name === 'PUT single' && refuse(403);
    expect((await failing(files.upload(pattern(3), { name: 'a' }))).entry).toBe('deleted');
    expect(fake.steps).toEqual(['POST /files', 'PUT single', 'POST /files/delete']);
  });

  it('and a file of one request is kept once it is stored', async () => {
    const { fake, files } = setUp();
    fake.interference.before = ({ name }) => name === 'GET download' && refuse(500);
    const error = await failing(files.upload(pattern(3), { name: 'a' }, { verify: true }));
    expect([error.entry, fake.files.size]).toEqual(['kept', 1]);
  });
});

describe('a belief about storage: an answer that is not an error has stored the bytes', () => {
  it.concurrent.each([
    ['308', { status: 308 }],
    ['204', { status: 204 }],
    ['202', { status: 202 }],
    ['206', { status: 206 }],
    ['an HTML page', { text: '<!DOCTYPE html><html><body>Sign in</body></html>' }],
    ['an HTML page after white space', { text: '\n  <html lang="en">' }],
  ])('is false for %s', async (_, answer) => {
    for (const content of [pattern(10), big]) {
      const { fake, files } = setUp();
      fake.putAnswer = { ...answer, stores: false };
      const error = await failing(files.upload(content, { name: 'a' }, { partSize: PART }));
      expect(error).toMatchObject({ code: 'upload', entry: 'deleted' });
      expect(error.message).toContain('storage answered');
    }
  });

  it('is true for XML that is labelled as HTML, and for 201', async () => {
    const { fake, files } = setUp();
    fake.putAnswer = {
      status: 201,
      text: '<?xml version="1.0"?><Stored/>',
      headers: { 'content-type': 'text/html' },
    };
    await files.upload(big, { name: 'a' }, { partSize: PART });
    expect(isSame(fake.bytesOf('a'), big)).toBe(true);
  });

  it('is true for 204 to no bytes', async () => {
    const { fake, files } = setUp();
    fake.putAnswer = { status: 204 };
    await files.upload(new Uint8Array(0), { name: 'a' });
  });
});

describe('a belief about callers: who resumes brings the same bytes', () => {
  type Start = { checksum?: typeof sha256; size?: number };

  async function interrupted(
    fake: FakeFiles,
    files: FilesApi,
    content: UploadContent,
    start: Start = {},
    step = 'PUT part 2',
  ): Promise<UploadSessionData> {
    let kept = '';
    fake.interference.before = ({ name }) => {
      if (name === step) throw new NetworkError('lost', { delivery: 'unknown' });
    };
    const onSession = (session: object): void => {
      kept = JSON.stringify(session);
    };
    const options = { partSize: PART, parallelParts: 1, onSession, ...start };
    expect(await failing(files.upload(content, { name: 'a' }, options))).toMatchObject({
      entry: 'kept',
    });
    fake.interference = {};
    fake.steps.length = 0;
    return JSON.parse(kept);
  }

  it.each([
    ['bytes', () => other],
    ['a Blob', () => new Blob([other])],
    ['a stream', () => streamOf(other)],
    ['a changed part', () => changed(PART)],
  ])('is false: other bytes of the same size are refused, %s', async (_, toOther) => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big);
    const error = await failing(files.resumeUpload(session, toOther()));
    expect(error.message).toContain('other bytes than before');
    expect(error.entry).toBe('kept');
    expect(fake.steps).not.toContain(COMPLETE);
    await files.resumeUpload(session, big);
    expect(isSame(fake.bytesOf('a'), big)).toBe(true);
  });

  it('is false for a part that was not sent: a path that was modified is refused', async () => {
    const { fake, files } = setUp();
    const path = join(folder, 'resumed');
    await writeFile(path, big);
    const session = await interrupted(fake, files, fromPath(path));
    await writeFile(path, Buffer.concat([big.subarray(0, 2 * PART), Buffer.alloc(77)]));
    await utimes(path, 1, 1);
    expect((await failing(files.resumeUpload(session, fromPath(path)))).message).toContain(
      'was modified',
    );
    expect(fake.steps).toEqual([]);
  });

  it('is false for a part that was not sent, where a checksum was asked for', async () => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big, { checksum: sha256 });
    for (const options of [{}, { checksum: sha256 }])
      expect(
        (await failing(files.resumeUpload(session, changed(2 * PART + 5), options))).message,
      ).toContain('other bytes');
    expect(fake.steps).not.toContain(COMPLETE);
  });

  it('and asks for the checksum again: it survives, and is that of the stored bytes', async () => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big, { checksum: sha256 });
    const stored = await files.resumeUpload(session, new Blob([big]));
    expect(stored.metadata?.sha256).toBe(digestOf(fake.bytesOf('a') as Uint8Array));
    const stream = setUp();
    const streamed = await interrupted(stream.fake, stream.files, streamOf(big), {
      checksum: sha256,
      size: big.length,
    });
    const error = await failing(stream.files.resumeUpload(streamed, streamOf(big)));
    expect([
      ConfigError.isInstance(error.cause),
      error.message.includes('pass that checksum'),
    ]).toEqual([true, true]);
    const again = await stream.files.resumeUpload(streamed, streamOf(big), { checksum: sha256 });
    expect(again.metadata?.sha256).toBe(digestOf(big));
  });

  it('and knows whether the file is complete: a session that was completed is done', async () => {
    const { fake, files } = setUp();
    const session = await interrupted(fake, files, big, {}, 'POST /files/downloadlink');
    expect(isSame(fake.bytesOf('a'), big)).toBe(true);
    const stored = await files.resumeUpload(session, big);
    expect([stored.uploaded, fake.steps.some((step) => step.startsWith('PUT'))]).toEqual([
      true,
      false,
    ]);
    expect(fake.files.size).toBe(1);
  });
});

describe('a belief about sources: content is a Blob, bytes or a web stream', () => {
  const bytes = pattern(9 * MIB);
  const handles: FileHandle[] = [];
  const opened = async (path: string): Promise<FileHandle> => {
    const handle = await open(path);
    handles.push(handle);
    return handle;
  };
  afterAll(() => Promise.all(handles.map((handle) => handle.close().catch(() => {}))));

  it.each<[string, (path: string) => UploadContent | Promise<UploadContent>]>([
    ['fs.createReadStream', (path) => createReadStream(path)],
    [
      'Readable.from',
      () => Readable.from([Buffer.from(bytes.subarray(0, MIB)), bytes.subarray(MIB)]),
    ],
    ['handle.createReadStream', async (path) => (await opened(path)).createReadStream()],
    [
      'handle.readableWebStream',
      async (path) => (await opened(path)).readableWebStream() as ReadableStream<Uint8Array>,
    ],
    [
      'an async generator',
      async function* () {
        yield bytes;
      } as unknown as () => UploadContent,
    ],
  ])('is false: %s works', async (_, toContent) => {
    const { fake, files } = setUp();
    const path = join(folder, 'source');
    await writeFile(path, bytes);
    await files.upload(await toContent(path), { name: 'a' });
    expect(isSame(fake.bytesOf('a'), bytes)).toBe(true);
  });

  it('is false: a FileHandle is refused with the way that works', async () => {
    const { files } = setUp();
    await writeFile(join(folder, 'source'), 'a');
    const handle = await open(join(folder, 'source'));
    const error = await failing(files.upload(handle as never, { name: 'a' }));
    await handle.close();
    expect(error.message).toContain('pass fromPath(path), or handle.createReadStream()');
  });

  it('is false: a Readable that fails ends the upload with its error, and is destroyed on abort', async () => {
    const { fake, files } = setUp();
    const broken = Readable.from(
      (async function* () {
        yield bytes;
        throw new Error('the disk is gone');
      })(),
    );
    expect(
      (await failing(files.upload(broken, { name: 'a' }, { size: 10 * MIB }))).message,
    ).toContain('disk is gone');
    expect(fake.files.size).toBe(0);
    const silent = new Readable({ read: () => {} });
    const upload = files.upload(silent, { name: 'a' }, { signal: AbortSignal.timeout(20) });
    expect((await failing(upload)).name).toBe('TimeoutError');
    await expect.poll(() => silent.destroyed).toBe(true);
  });
});

describe('a belief about callers: they close what an upload refuses', () => {
  const readable = (): Readable => new Readable({ read: () => {} });
  it.each<[string, (files: FilesApi, content: UploadContent) => Promise<unknown>]>([
    ['no name', (files, content) => files.upload(content)],
    ['an entry that is none', (files, content) => files.upload(content, 'a' as never)],
    [
      'a signal that is aborted',
      (files, content) => files.upload(content, { name: 'a' }, { signal: AbortSignal.abort() }),
    ],
    [
      'an unknown option',
      (files, content) => files.upload(content, { name: 'a' }, { overwrit: true } as never),
    ],
    ['a bad size', (files, content) => files.upload(content, { name: 'a' }, { size: -1 })],
    ['a bad partSize', (files, content) => files.upload(content, { name: 'a' }, { partSize: 5 })],
    [
      'overwrite without an externalId',
      (files, content) => files.upload(content, { name: 'a' }, { overwrite: true }),
    ],
    ['an identifier that is none', (files, content) => files.uploadContent({} as never, content)],
    ['a session that is none', (files, content) => files.resumeUpload({} as never, content)],
  ])('is not needed: streams are closed after %s', async (_, upload) => {
    const { fake, files } = setUp();
    let cancelled = 0;
    const stream = new ReadableStream<Uint8Array>({
      cancel: () => {
        cancelled += 1;
      },
    });
    const opened = readable();
    await failing(upload(files, stream));
    await failing(upload(files, opened));
    expect([cancelled, stream.locked, opened.destroyed, fake.steps]).toEqual([1, false, true, []]);
    // A stream with another reader is not ours.
    const locked = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
    locked.getReader();
    await failing(upload(files, locked));
  });
});

describe('a belief about files: stat says how many bytes there are', () => {
  it('is false in /proc: the file is read to its end', async () => {
    const { fake, files } = setUp();
    await files.upload(fromPath('/proc/version'));
    expect(new TextDecoder().decode(fake.bytesOf('version'))).toMatch(/^Linux/);
  });

  /** A Blob that gives other bytes than its size says. */
  class Liar extends Blob {
    readonly #given: number;
    constructor(announced: Uint8Array<ArrayBuffer>, given: number) {
      super([announced]);
      this.#given = given;
    }
    override slice(): Blob {
      return this;
    }
    override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
      return new Blob([pattern(this.#given)]).stream();
    }
    override async arrayBuffer(): Promise<ArrayBuffer> {
      return pattern(this.#given).buffer;
    }
  }

  it.each([900, 1100])(
    'is false: %i bytes instead of 1000 are an error when they are hashed',
    async (given) => {
      const { fake, files } = setUp();
      const upload = files.upload(
        new Liar(pattern(1000), given),
        { name: 'a' },
        { checksum: sha256 },
      );
      expect((await failing(upload)).message).toContain(
        `the content gave ${given} bytes, expected 1000`,
      );
      expect(fake.files.size).toBe(0);
    },
  );
});

describe('a belief about sources: they answer', () => {
  const never = new Promise<never>(() => {});
  it.each<[string, UploadContent]>([
    ['a function that never settles', () => never],
    ['a source that never opens', { open: () => never }],
    [
      'a stream that gives nothing',
      new ReadableStream<Uint8Array>({ pull: () => never, cancel: () => never }),
    ],
  ])('is false: %s ends with the signal', async (_, content) => {
    const { files } = setUp();
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 20);
    expect(await failing(files.upload(content, { name: 'a' }, { signal: controller.signal }))).toBe(
      reason,
    );
  });

  it('is false: a stream that stalls does not hold back the failure of a part', async () => {
    const { fake, files } = setUp();
    let given = 0;
    const stalling = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (given++ > 0) return never;
        controller.enqueue(pattern(PART));
      },
      cancel: () => never,
    });
    fake.interference.before = ({ name }) => name === 'PUT part 0' && refuse(400);
    const upload = files.upload(stalling, { name: 'a' }, { size: 3 * PART, partSize: PART });
    expect((await failing(upload)).entry).toBe('deleted');
  });

  it('is false of the clean-up: an abort rejects before it is answered', async () => {
    const { fake, files } = setUp();
    const controller = new AbortController();
    const reason = new Error('enough');
    fake.interference.before = ({ name }) => name === 'PUT part 1' && controller.abort(reason);
    fake.hanging.add('POST /files/delete');
    const upload = files.upload(big, { name: 'a' }, { partSize: PART, signal: controller.signal });
    expect(await failing(upload)).toBe(reason);
    expect(fake.steps.at(-1)).toBe('POST /files/delete');
  });
});

describe('a belief about the API: it answers a new entry with a file', () => {
  it.each([
    [undefined],
    [null],
    ['x'],
    [[]],
    [{}],
    [{ items: null }],
    [{ items: [] }],
    [{ items: [null] }],
    [{ id: 'a' }],
  ])('is false: %j is a DecodeError, and the delivery is unknown', async (answer) => {
    const error = await new FilesApi(memoryTransport(() => answer))
      .create({ name: 'a' })
      .catch((each: unknown) => each);
    expect(error).toMatchObject({ code: 'decode', delivery: 'unknown' });
  });
});
