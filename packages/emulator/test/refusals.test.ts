import { describe, expect, it } from 'vitest';
import { client, type Json } from './helpers.js';

/** How each service refuses the same mistakes. */
const SERVICES: readonly {
  readonly path: string;
  readonly unknownId: string;
  readonly unknownName: string;
  readonly repeated: number;
}[] = [
  {
    path: '/assets',
    unknownId: 'Asset id not found',
    unknownName: 'Asset id not found',
    repeated: 409,
  },
  {
    path: '/events',
    unknownId: 'Event id not found',
    unknownName: 'Event id not found',
    repeated: 409,
  },
  {
    path: '/files',
    unknownId: 'File ids not found: 1',
    unknownName: 'Files ids not found: nobody',
    repeated: 409,
  },
  {
    path: '/timeseries',
    unknownId: 'Time series not found',
    unknownName: 'Time series not found',
    repeated: 422,
  },
];

describe.each(SERVICES)('$path', ({ path, unknownId, unknownName, repeated }) => {
  const itemOf = (externalId: string): object =>
    path === '/events' ? { externalId } : { externalId, name: externalId };
  const create = async (post: (path: string, body: Json) => Promise<Json>): Promise<Json> => {
    const item = itemOf('a');
    return await post(path, path === '/files' ? item : { items: [item] });
  };

  for (const verb of ['byids', 'update', 'delete']) {
    it(`refuses on ${verb} what is unknown, what is repeated, and one row by both of its keys`, async () => {
      const { post, emulator } = client();
      const created = await create(post);
      const { id } = path === '/files' ? created.body : created.body.items[0];
      const send = (...keys: object[]): Promise<Json> =>
        post(`${path}/${verb}`, {
          items: verb === 'update' ? keys.map((key) => ({ ...key, update: {} })) : keys,
        });
      expect(await send({ id: 1 }, { externalId: 'a' })).toMatchObject({
        status: 400,
        body: {
          error: { code: 400, message: expect.stringContaining(unknownId), missing: [{ id: 1 }] },
        },
      });
      expect(await send({ externalId: 'nobody' })).toMatchObject({
        status: 400,
        body: {
          error: {
            code: 400,
            message: expect.stringContaining(unknownName),
            missing: [{ externalId: 'nobody' }],
          },
        },
      });
      expect(await send({ id }, { id })).toMatchObject({
        status: repeated,
        body: { error: { code: repeated } },
      });
      expect(await send({ id }, { externalId: 'a' })).toMatchObject({
        status: 409,
        body: { error: { code: 409 } },
      });
      // Missing items are reported before repeated ones.
      expect(await send({ id }, { id }, { id: 1 })).toMatchObject({ status: 400 });
      expect(emulator.writes.length).toBe(1);
    });
  }

  it('refuses an external id that is taken, and one that a request gives twice', async () => {
    const { post } = client();
    await create(post);
    expect(await create(post)).toMatchObject({ status: 409, body: { error: { code: 409 } } });
    if (path === '/files') return;
    const twice = await post(path, { items: [itemOf('b'), itemOf('b')] });
    expect(twice).toMatchObject({ status: repeated, body: { error: { code: repeated } } });
  });
});
