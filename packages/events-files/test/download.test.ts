import { type CdfError, DecodeError, NetworkError } from '@cdf/core';
import { FilesApi } from '@cdf/events-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeFiles, isSame, pattern } from './fake-files.js';

const bytes = pattern(200_000);

const setUp = (content: Uint8Array = bytes): { fake: FakeFiles; files: FilesApi } => {
  const fake = new FakeFiles();
  fake.add({ name: 'a.bin', externalId: 'a' }, content);
  return { fake, files: new FilesApi(fake.transport) };
};

describe('downloading', () => {
  it('gives the bytes, whole or as a stream, with progress', async () => {
    const { files } = setUp();
    const seen: [number, number | undefined][] = [];
    const whole = await files.download(
      { externalId: 'a' },
      { onProgress: (...each) => seen.push(each) },
    );
    expect(isSame(whole, bytes)).toBe(true);
    expect(seen.at(-1)).toEqual([bytes.length, bytes.length]);
    const stream = await files.downloadStream({ id: 1 });
    expect(isSame(new Uint8Array(await new Response(stream).arrayBuffer()), bytes)).toBe(true);
    expect(await setUp(new Uint8Array(0)).files.download({ id: 1 })).toHaveLength(0);
  });

  it('goes on where the body was cut, wherever that is, also where ranges are not known', async () => {
    const cuts = fc.array(fc.nat(bytes.length), { minLength: 1, maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), fc.boolean(), async (positions, knowsRanges, hasTag) => {
        const { fake, files } = setUp();
        fake.cuts = [...positions];
        fake.knowsRanges = knowsRanges;
        if (!hasTag) fake.downloadHeaders = { etag: '' };
        expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
        expect(fake.openBodies).toBe(0);
      }),
      { numRuns: 12 },
    );
  });

  it('asks for what is missing only', async () => {
    const { fake, files } = setUp();
    fake.cuts = [65_536 * 2];
    await files.download({ id: 1 });
    expect(fake.transport.transfers.map(({ headers }) => headers)).toEqual([
      { 'accept-encoding': 'identity' },
      { 'accept-encoding': 'identity', range: `bytes=${65_536 * 2}-`, 'if-range': '"1"' },
    ]);
  });

  it('has all when it is cut after the last byte', async () => {
    const { fake, files } = setUp();
    fake.cuts = [bytes.length];
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
    expect(fake.transport.transfers).toHaveLength(1);
  });

  it('gives up when cut again and again without a byte between', async () => {
    const { fake, files } = setUp();
    fake.cuts = new Array(20).fill(0);
    const error = await files.download({ id: 1 }).catch((each: CdfError) => each);
    expect(NetworkError.isInstance(error)).toBe(true);
    expect(fake.cuts).toHaveLength(14);
  });

  it('does not take a body that ends early for the whole', async () => {
    const { fake, files } = setUp();
    fake.downloadHeaders = { 'content-length': String(bytes.length + 1) };
    fake.knowsRanges = false;
    await expect(files.download({ id: 1 })).rejects.toThrow(/ended after 200000 of 200001 bytes/);
  });

  it.each(['etag', 'last-modified'])(
    'does not put together contents whose %s differs',
    async (header) => {
      const { fake, files } = setUp();
      fake.cuts = [65_536];
      fake.downloadHeaders = { [header]: 'one' };
      fake.interference.before = ({ index }) => {
        if (index > 1) fake.downloadHeaders = { [header]: 'two' };
      };
      const error = await files.download({ id: 1 }).catch((each: CdfError) => each);
      expect(DecodeError.isInstance(error)).toBe(true);
    },
  );

  it('renews a link that has expired', async () => {
    const { fake, files } = setUp();
    fake.expiredLinks.add('https://store/download/1?link=1');
    expect(isSame(await files.download({ id: 1 }), bytes)).toBe(true);
    expect(fake.steps.filter((step) => step === 'POST /files/downloadlink')).toHaveLength(2);
  });

  it('says what the service says of files that are not there or have no bytes', async () => {
    const { fake, files } = setUp();
    fake.add({ name: 'empty' });
    await expect(files.download({ id: 9 })).rejects.toMatchObject({ missing: [{ id: 9 }] });
    await expect(files.download({ id: 2 })).rejects.toThrow(/not uploaded/);
  });

  it('ends with the reason of the signal, and lets go of the body', async () => {
    const { fake, files } = setUp();
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = (): void => controller.abort(reason);
    fake.interference.before = (_, { signal }) => signal?.throwIfAborted();
    fake.cuts = [65_536];
    await expect(files.download({ id: 1 }, { signal: controller.signal, onProgress })).rejects.toBe(
      reason,
    );
    const stream = await files.downloadStream({ id: 1 });
    expect(fake.openBodies).toBe(1);
    await stream.cancel();
    expect(fake.openBodies).toBe(0);
  });

  it('gives links in the order of the identifiers, 100 per request', async () => {
    const { fake, files } = setUp();
    for (let index = 0; index < 149; index += 1) fake.add({ name: 'b' }, bytes);
    const ids = [
      ...Array.from({ length: 150 }, (_, index) => ({ id: 150 - index })),
      { id: 150 },
      { externalId: 'a' },
    ];
    const urls = await files.downloadUrls(ids, { extendedExpiration: true });
    expect(urls.map(({ downloadUrl }) => /\d+/.exec(downloadUrl)?.[0])).toEqual(
      ids.map((each) => ('id' in each ? String(each.id) : '1')),
    );
    expect(
      fake.transport.requests.map(({ query, body }) => [
        query,
        (body as { items: object[] }).items.length,
      ]),
    ).toEqual([
      [{ extendedExpiration: true }, 100],
      [{ extendedExpiration: true }, 51],
    ]);
  });
});
