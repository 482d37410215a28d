import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CdfError, DecodeError, type TransferResponse } from '@cdf/core';
import { FilesApi } from '@cdf/events-files';
import { downloadToDirectory, sha256 } from '@cdf/events-files/node';
import { describe, expect, it } from 'vitest';
import { FakeFiles, isSame, pattern } from './fake-files.js';

const KIB = 1024;
const CUT = 128 * KIB;
const bytes = pattern(300_000);
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const PAGE = '<!DOCTYPE html>\n<html><body>Sign in</body></html>';

const setUp = (file: { mimeType?: string } = {}): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  fake.add({ name: 'a.bin', ...file }, bytes);
  return { fake, files: new FilesApi(fake.transport) };
};

const setBytes = (fake: FakeFiles, content: Uint8Array): unknown =>
  Object.assign(fake.files.get(1) ?? {}, { bytes: content });
const setType = (fake: FakeFiles, mimeType: string): unknown =>
  Object.assign(fake.files.get(1) ?? {}, { mimeType });

const failing = (promise: Promise<unknown>): Promise<CdfError> =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe.concurrent('a belief about storage: an answer of success is the file', () => {
  it.each([204, 206, 203, 308])('is false for %i to a request without a range', async (status) => {
    const { fake, files } = setUp();
    fake.onDownload = (answer) => ({ ...answer, status });
    expect(DecodeError.isInstance(await failing(files.download({ id: 1 })))).toBe(true);
  });

  it('is false for one such answer, after which the file comes', async () => {
    const { fake, files } = setUp();
    fake.onDownload = (answer, index) => (index === 0 ? { ...answer, status: 204 } : answer);
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
  });

  it.each([
    ['another type', 'application/pdf', undefined],
    ['plain text', 'text/plain', undefined],
    ['no type', undefined, 'text/html'],
    ['the type of a workbook', SHEET, 'text/html; charset=utf-8'],
    ['the type of XML', 'application/xml', 'text/html'],
    ['neither type nor answer one', undefined, undefined],
  ])('is false for an HTML page where the entry has %s', async (_, mimeType, contentType) => {
    const { fake, files } = setUp(mimeType === undefined ? {} : { mimeType });
    setBytes(fake, new TextEncoder().encode(PAGE));
    if (contentType !== undefined) fake.downloadHeaders = { 'content-type': contentType };
    expect((await failing(files.download({ id: 1 }))).message).toContain('HTML page');
    const folder = await mkdtemp(join(tmpdir(), 'cdf-pages-'));
    await writeFile(join(folder, 'a.bin'), 'good');
    const error = await failing(downloadToDirectory(files, [...fake.files.values()], folder));
    expect(error.message).toContain('HTML page');
    expect(await readFile(join(folder, 'a.bin'), 'utf8')).toBe('good');
    await rm(folder, { recursive: true });
  });

  it('is false for a page in a workbook: the error says how to take a file that is stored so', async () => {
    const { fake, files } = setUp({ mimeType: SHEET });
    setBytes(fake, new TextEncoder().encode(PAGE));
    fake.downloadHeaders = { 'content-type': 'text/html' };
    expect((await failing(files.download({ id: 1 }))).message).toContain(
      'if the file is one, set its mimeType to "text/html"',
    );
    setType(fake, 'text/html');
    expect(new TextDecoder().decode(await files.download({ id: 1 }))).toBe(PAGE);
  });

  it.each([
    ['Google', { 'x-goog-generation': '1' }],
    ['Azure', { 'x-ms-blob-type': 'BlockBlob' }],
  ])('is true for HTML with the headers of the storage of %s', async (_, headers) => {
    const { fake, files } = setUp({ mimeType: 'text/plain' });
    setBytes(fake, new TextEncoder().encode(PAGE));
    fake.downloadHeaders = { 'content-type': 'text/html', ...headers };
    expect(new TextDecoder().decode(await files.download({ id: 1 }))).toBe(PAGE);
  });

  it.each([
    'application/vnd.ms-excel',
    'text/plain',
    'text/markdown',
    'application/octet-stream',
    'image/svg+xml',
  ])('is true for HTML that storage labels as %s, as its entry', async (mimeType) => {
    const { fake, files } = setUp({ mimeType });
    setBytes(fake, new TextEncoder().encode(PAGE));
    fake.downloadHeaders = { 'content-type': mimeType };
    expect(new TextDecoder().decode(await files.download({ id: 1 }))).toBe(PAGE);
    expect(fake.steps).toEqual(['POST /files/downloadlink', 'GET download']);
  });

  it.each([
    ['an HTML file', 'text/html', 'text/html'],
    ['an HTML file that storage does not label', 'text/html', ''],
    ['XHTML', 'application/xhtml+xml', 'text/html'],
    [
      'a file without a type that storage does not call HTML',
      undefined,
      'application/octet-stream',
    ],
  ])('is true for the HTML page of %s', async (_, mimeType, contentType) => {
    const { fake, files } = setUp(mimeType === undefined ? {} : { mimeType });
    setBytes(fake, new TextEncoder().encode(PAGE));
    fake.downloadHeaders = { 'content-type': contentType };
    expect(new TextDecoder().decode(await files.download({ id: 1 }))).toBe(PAGE);
  });

  it('is true for XML that is labelled as HTML', async () => {
    const { fake, files } = setUp({ mimeType: 'application/octet-stream' });
    const xml = '<?xml version="1.0"?><plant/>';
    setBytes(fake, new TextEncoder().encode(xml));
    fake.downloadHeaders = { 'content-type': 'text/html' };
    expect(new TextDecoder().decode(await files.download({ id: 1 }))).toBe(xml);
  });
});

describe.concurrent('a belief about storage: the answer to a range continues the file', () => {
  /** Another answer comes after a cut; it may come several times. */
  const lies: readonly [string, Record<string, string>][] = [
    ['without Content-Range', { 'content-range': '' }],
    ['of another total', { 'content-range': `bytes ${CUT}-299999/300001` }],
    ['that begins elsewhere', { 'content-range': 'bytes 0-299999/300000' }],
    ['whose length is another', { 'content-length': '7' }],
    ['without the ETag', { etag: '' }],
    ['with a weak ETag', { etag: 'W/"1"' }],
    ['that is compressed', { 'content-encoding': 'gzip' }],
  ];

  it.each(lies)(
    'is false for a 206 %s: the file is asked for from its beginning',
    async (_, headers) => {
      const { fake, files } = setUp();
      fake.cuts = [CUT];
      fake.onDownload = (answer) => (answer.status === 206 ? withHeaders(answer, headers) : answer);
      const back = await files.download({ id: 1 }).catch((error) => error);
      if (back instanceof Error) expect(back.message).toMatch(/changed|prove/);
      else expect(isSame(back, bytes)).toBe(true);
      expect(fake.openBodies).toBe(0);
    },
  );

  it('is false for another ETag: two versions are not put together', async () => {
    const { fake, files } = setUp();
    fake.cuts = [CUT];
    fake.onDownload = (answer, index) =>
      index > 0 ? withHeaders(answer, { etag: '"2"' }) : answer;
    expect((await failing(files.download({ id: 1 }))).message).toContain('the file changed');
  });

  it('is false for an ETag that vanished from every answer', async () => {
    const { fake, files } = setUp();
    fake.cuts = [CUT];
    fake.onDownload = (answer, index) => (index > 0 ? withHeaders(answer, { etag: '' }) : answer);
    expect((await failing(files.download({ id: 1 }))).message).toContain(
      'does not prove that the file is the same',
    );
  });

  it('is false for an HTML page in the middle', async () => {
    const { fake, files } = setUp();
    fake.cuts = [CUT];
    fake.onDownload = (answer) =>
      answer.status === 206 ? { ...answer, body: new Blob([PAGE]).stream() } : answer;
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
    fake.cuts = [CUT];
    fake.onDownload = (answer) => (fake.cuts.length > 0 ? answer : isFirst(answer));
    const page = (answer: TransferResponse): TransferResponse => ({
      ...answer,
      body: new Blob([PAGE]).stream(),
    });
    let answers = 0;
    const isFirst = (answer: TransferResponse): TransferResponse =>
      answers++ === 0 ? answer : page(answer);
    setType(fake, 'application/pdf');
    expect((await failing(files.download({ id: 1 }))).message).toContain('HTML page');
  });

  it('is false for a 206 that is shorter than it says: the rest is asked for', async () => {
    const { fake, files } = setUp();
    fake.cuts = [CUT];
    let isFirst = true;
    fake.onDownload = (answer) => {
      if (answer.status !== 206 || !isFirst) return answer;
      isFirst = false;
      return { ...answer, body: new Blob([bytes.subarray(CUT, CUT + 1000)]).stream() };
    };
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
  });
});

describe.concurrent('a belief about storage: it tells versions apart', () => {
  it.each([
    ['no ETag', { etag: '' }],
    ['weak ETags', { etag: 'W/"1"' }],
    ['hidden headers', { etag: '', 'content-range': '', 'accept-ranges': '' }],
  ])('is not needed: with %s the bytes are compared from the beginning', async (_, headers) => {
    for (const size of [300_000, 5_300_000]) {
      const content = pattern(size, size);
      const fake = new FakeFiles();
      fake.add({ name: 'a' }, content);
      const files = new FilesApi(fake.transport);
      fake.downloadHeaders = headers;
      fake.cuts = [CUT, size - 10];
      expect(isSame(await files.download({ id: 1 }), content)).toBe(true);
      expect(
        fake.transport.transfers.filter(({ headers: sent }) => sent?.range !== undefined),
      ).toEqual([]);
      for (const position of [5, CUT - 1, size - 100]) {
        fake.cuts = [size - 10];
        const changed = content.slice();
        changed[position] = 1 ^ (changed[position] as number);
        setBytes(fake, content);
        const stream = await files.downloadStream({ id: 1 });
        setBytes(fake, changed);
        expect((await failing(new Response(stream as BodyInit).arrayBuffer())).message).toContain(
          'the file changed',
        );
      }
    }
  });
});

describe.concurrent('a belief about storage: a body that ends is whole', () => {
  it('is false for a compressed body that is cut: its length is asked for', async () => {
    const { fake, files } = setUp();
    fake.onDownload = (answer, _, asked) =>
      asked.range === 'bytes=0-0'
        ? answer
        : withHeaders(
            { ...answer, body: new Blob([bytes.subarray(0, 299_000)]).stream() },
            { 'content-encoding': 'gzip' },
          );
    expect((await failing(files.download({ id: 1 }))).message).toContain(
      'ended after 299000 of 300000 bytes',
    );
  });

  it('is false for a compressed body of unknown length, unless a checksum proves it', async () => {
    const { fake, files } = setUp();
    fake.onDownload = (answer) => withHeaders(answer, { 'content-encoding': 'gzip' });
    expect((await failing(files.download({ id: 1 }))).message).toContain('pass checksum');
    fake.onDownload = (answer, _, asked) =>
      asked.range === 'bytes=0-0' ? answer : withHeaders(answer, { 'content-encoding': 'gzip' });
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
  });

  it('is false without a length: what is stored is asked for', async () => {
    const { fake, files } = setUp();
    fake.onDownload = (answer, _, asked) =>
      asked.range === 'bytes=0-0'
        ? answer
        : withHeaders(
            { ...answer, body: new Blob([bytes.subarray(0, 9)]).stream() },
            { 'content-length': '' },
          );
    expect((await failing(files.download({ id: 1 }))).message).toContain(
      'ended after 9 of 300000 bytes',
    );
  });

  it.each([
    [9, 'has no length and the length of the file is unknown; pass checksum'],
    [300_000, 'pass checksum'],
  ])(
    'is false without a length where ranges are ignored, for %i bytes',
    async (length, message) => {
      const { fake, files } = setUp();
      fake.knowsRanges = false;
      fake.onDownload = (answer) =>
        withHeaders(
          { ...answer, body: new Blob([bytes.subarray(0, length)]).stream() },
          { 'content-length': '' },
        );
      expect((await failing(files.download({ id: 1 }))).message).toContain(message);
      const digest = sha256.create();
      digest.update(bytes);
      Object.assign(fake.files.get(1) ?? {}, { metadata: { sha256: digest.digest() } });
      const proven = await files.download({ id: 1 }, { checksum: sha256 }).catch(() => undefined);
      expect(proven !== undefined).toBe(length === 300_000);
    },
  );

  it.each([
    [9, 'the body ended early, after 9 bytes'],
    [300_000, undefined],
  ])(
    'is false without headers: what comes after %i bytes is asked for',
    async (length, message) => {
      const { fake, files } = setUp();
      fake.onDownload = (answer, _, asked) =>
        withHeaders(
          asked.range === undefined
            ? { ...answer, body: new Blob([bytes.subarray(0, length)]).stream() }
            : answer,
          { 'content-length': '', 'content-range': '' },
        );
      const back = await files.download({ id: 1 }).catch((error) => error);
      if (message === undefined) expect(isSame(back, bytes)).toBe(true);
      else expect(back.message).toContain(message);
      expect(fake.openBodies).toBe(0);
    },
  );
});

describe.concurrent('a belief about connections: each of them brings the file nearer', () => {
  it.each([0, 1, 1000])(
    'is false for %i bytes per connection: the download gives up',
    async (size) => {
      const { fake, files } = setUp();
      fake.cuts = new Array(400).fill(size);
      await failing(files.download({ id: 1 }));
      expect(fake.transport.transfers.length).toBeLessThan(10);
    },
  );

  it('is true for 64 KiB per connection', async () => {
    const { fake, files } = setUp();
    fake.cuts = new Array(4).fill(64 * KIB);
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
  });
});

function withHeaders<A extends { headers: Headers }>(
  answer: A,
  changes: Record<string, string>,
): A {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') headers.delete(name);
    else headers.set(name, value);
  }
  return { ...answer, headers };
}
