import { type CdfError, ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { edges, nodes, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIsoTime } from '../src/wire/iso-time.js';
import { JsonBytes } from '../src/wire/json-bytes.js';
import { NamePlaces } from '../src/wire/name-places.js';

const Place = view('acme', 'Place', 'v1', { name: p.text() });
const Thing = view('acme', 'Thing', 'v1', {
  name: p.text(),
  notes: p.text().many().optional(),
  state: p.oneOf('on', 'ö"ff').optional(),
  power: p.float().optional(),
  count: p.int().optional(),
  total: p.bigint().optional(),
  isOpen: p.bool().optional(),
  seen: p.timestamp().optional(),
  times: p.timestamp().many().optional(),
  day: p.date().optional(),
  details: p.json().optional(),
  place: p.ref(() => Place).optional(),
  places: p
    .ref(() => Place)
    .many()
    .optional(),
});

/**
 * A project that takes every write, and the bodies that it got.
 *
 * @param onChecked called when the items are checked, and none is sent
 */
function taking(onChecked = (): void => {}) {
  return memoryTransport(({ path, body }) => {
    if (path.endsWith('/views/byids')) onChecked();
    if (!path.endsWith('/instances')) return { items: [] };
    return {
      items: parsed(body).items.map(({ space, externalId }) => ({
        ...{ instanceType: 'node', space, externalId, version: 1, wasModified: true },
        ...{ createdTime: 1, lastUpdatedTime: 1 },
      })),
    };
  });
}
type Sent = { items: { space: string; externalId: string; sources: [{ properties: object }] }[] };
const bodyOf = ({ requests }: ReturnType<typeof taking>): Sent => parsed(requests.at(-1)?.body);
/** With long integers it is bytes. */
const parsed = (body: unknown): Sent =>
  (body instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(body)) : body) as Sent;

const text = fc.string({ unit: 'grapheme' });
const reference = fc.record({
  space: fc.stringMatching(/^[a-z]{1,9}$/),
  externalId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
});
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const time = fc.date({
  noInvalidDate: true,
  min: new Date('0001-01-01'),
  max: new Date('9999-12-31T23:59:59.999Z'),
});
const item = fc.record(
  {
    externalId: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((name) => !name.includes('\0')),
    ...{ name: text, notes: fc.array(text), state: fc.constantFrom('on', 'ö"ff'), power: number },
    ...{ count: fc.integer({ min: -99_999, max: 99_999 }), isOpen: fc.boolean(), seen: time },
    ...{
      times: fc.array(time),
      details: fc.dictionary(text, fc.jsonValue()),
    },
    ...{ place: reference, places: fc.array(reference), day: fc.constant('2024-02-29') },
  },
  { requiredKeys: ['externalId', 'name'] },
);

describe('the JSON of items', () => {
  it('is what JSON.stringify makes of them, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(item, { selector: ({ externalId }) => externalId, minLength: 1 }),
        fc.constantFrom('array', 'stream'),
        async (items, how) => {
          const transport = taking();
          const things = nodes(transport, Thing, { space: 'plant' });
          async function* stream() {
            yield* items;
          }
          await things.upsert((how === 'array' ? items : stream()) as never);
          const expected = items.map(({ externalId, ...properties }) => ({
            ...{ instanceType: 'node', space: 'plant', externalId },
            sources: [
              {
                source: { type: 'view', space: 'acme', externalId: 'Thing', version: 'v1' },
                properties,
              },
            ],
          }));
          expect(bodyOf(transport).items).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: process.env.CDF_TEST_LONG === undefined ? 100 : 2_000 },
    );
  });

  it.each([
    ['a null', { power: null }],
    ['nothing', { power: undefined, name: undefined }],
    ['empty lists', { notes: [], places: [] }],
    ['text in Greek, an emoji and a control character', { name: 'Ωμέγα 🚰 \u0007"\\' }],
    ['a number without a whole part', { power: 1e-7 }],
    ['a negative zero', { power: -0 }],
    ['a large number', { power: 1.5e300 }],
  ])('has %s', async (_, properties) => {
    const transport = taking();
    await nodes(transport, Thing, { space: 'plant' }).upsert({
      externalId: 'a',
      ...properties,
    } as never);
    expect(bodyOf(transport).items[0]?.sources[0].properties).toEqual(
      JSON.parse(JSON.stringify(properties)),
    );
  });

  it('has integers of 64 bits digit by digit, and the answer is read all the same', async () => {
    const transport = memoryTransport(({ path }) =>
      path.endsWith('/instances')
        ? {
            items: [
              {
                ...{ instanceType: 'node', space: 'plant', externalId: 'a', version: 1 },
                ...{ wasModified: true, createdTime: 1, lastUpdatedTime: 1 },
              },
            ],
          }
        : { items: [] },
    );
    const counts = await nodes(transport, Thing, { space: 'plant' }).upsert({
      ...{ externalId: 'a', name: 'n', total: -9_223_372_036_854_775_808n },
    });
    expect(counts).toEqual({ created: 1, updated: 0, unchanged: 0 });
    const { body } = transport.requests.at(-1) as { body: Uint8Array };
    expect(new TextDecoder().decode(body)).toContain('"total":-9223372036854775808');
  });

  it.each([1_000_000, 5_000_000])('grows with a text of %i bytes, more than once', (size) => {
    const out = new JsonBytes();
    const long = 'x'.repeat(size);
    out.string(long);
    expect(out.take()).toHaveLength(size + 2);
    out.string(long);
    out.json(',');
    out.string(`é${long}`);
    expect(new TextDecoder().decode(out.take())).toBe(`"${long}","é${long}"`);
    expect(out.length).toBe(0);
  });
});

describe('half of a surrogate pair', () => {
  const half = 'a\ud800b';
  it.each([
    ['a text', { name: half }],
    ['a list', { name: 'n', notes: ['fine', half] }],
    ['a relation', { name: 'n', place: { space: 'plant', externalId: half } }],
    ['json', { name: 'n', details: { a: [half] } }],
    ['the name of a member of json', { name: 'n', details: { [half]: 1 } }],
    ['the external id', { externalId: half, name: 'n' }],
    ['the space', { space: half, name: 'n' }],
  ])('of %s is rejected with its item, before anything is sent', async (_, wrong) => {
    const transport = taking();
    const error = await nodes(transport, Thing, { space: 'plant' })
      .upsert([{ externalId: 'a', name: 'n' }, { externalId: 'b', ...wrong } as never])
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/item 1.*half of a surrogate pair/);
    expect(transport.requests).toEqual([]);
  });

  it('of an end of an edge is too', async () => {
    const Link = view('acme', 'Link', 'v1', { flow: p.float() }, { usedFor: 'edge' });
    const transport = taking();
    const end = { space: 'plant', externalId: 'e' };
    const error = await edges(transport, Link, { space: 'plant' })
      .upsert({
        externalId: 'a',
        type: end,
        startNode: end,
        endNode: { ...end, externalId: half },
        flow: 1,
      })
      .catch((each: unknown) => each);
    expect(String(error)).toMatch(/half of a surrogate pair/);
    expect(transport.requests).toEqual([]);
  });
});

describe('an item that changes after it was checked', () => {
  it('and is wrong now leaves its transaction unsent, and the account says so', async () => {
    const items = Array.from({ length: 2_500 }, (_, index) => ({
      externalId: `t-${index}`,
      name: 'n' as unknown as string,
    }));
    const transport = taking(() => {
      (items.at(-1) as { name: unknown }).name = 5;
    });
    const write = nodes(transport, Thing, { space: 'plant' }).upsert(items);
    const error = (await write.catch((each: unknown) => each)) as CdfError;
    expect(error.message).toMatch(/item 2499: "name".*expected a string, got number 5/);
    const { successful, failed, unknown, notAttempted } = error;
    expect({ successful: successful.length, failed: failed.length }).toEqual({
      ...{ successful: 2_000, failed: 500 },
    });
    expect(unknown).toEqual([]);
    expect(failed).toContain(items.at(-1));
    expect(notAttempted).toEqual(failed);
    const sent = transport.requests.flatMap(({ path, body }) =>
      path.endsWith('/instances') ? parsed(body).items : [],
    );
    expect(sent.map(({ externalId }) => externalId).sort()).toEqual(
      successful.map((each) => (each as { externalId: string }).externalId).sort(),
    );
  });
});

describe('writes that share a buffer', () => {
  it('send each what is theirs, also beside and after one that fails', async () => {
    const many = (prefix: string) =>
      Array.from({ length: 2_500 }, (_, index) => ({
        externalId: `${prefix}-${index}`,
        name: `of ${prefix}`,
      }));
    const transports = ['a', 'b', 'c'].map((prefix) => {
      const items = many(prefix);
      const transport = taking(() => {
        if (prefix === 'b') (items[7] as { name: unknown }).name = 5;
      });
      return { prefix, items, transport };
    });
    const writes = transports.map(({ items, transport }) =>
      nodes(transport, Thing, { space: 'plant' }).upsert(items),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    for (const { prefix, transport } of transports) {
      const sent = transport.requests
        .filter(({ path }) => path.endsWith('/instances'))
        .flatMap(({ body }) => parsed(body).items);
      const isWhole = sent.every(
        ({ externalId, sources: [{ properties }] }) =>
          externalId.startsWith(`${prefix}-`) &&
          (properties as { name?: string }).name === `of ${prefix}`,
      );
      expect({ prefix, isWhole, count: sent.length }).toEqual({
        prefix,
        isWhole: true,
        count: prefix === 'b' ? 1_500 : 2_500,
      });
    }
  });
});

describe('times by arithmetic', () => {
  it('are those of the engine, on every day of the years 1 to 9999', () => {
    const day = 86_400_000;
    const wrong: number[] = [];
    for (let start = -62_135_596_800_000; start < 253_402_300_800_000; start += 97 * day)
      for (const epoch of [start, start + day - 1, start + Math.floor(Math.random() * day)])
        if (toIsoTime(epoch) !== new Date(epoch).toISOString()) wrong.push(epoch);
    expect(wrong).toEqual([]);
  });

  it('are written into bytes as they are, also where there is no room left for them', () => {
    const out = new JsonBytes();
    const texts = Array.from({ length: 20_000 }, (_, index) => {
      const epoch = index * 1_234_567_891 - 10 ** 12;
      out.time(epoch);
      if (index % 7 === 0) out.json(' ');
      return `"${new Date(epoch).toISOString()}"${index % 7 === 0 ? ' ' : ''}`;
    });
    expect(new TextDecoder().decode(out.take())).toBe(texts.join(''));
  });

  it('are those of the engine for any time', () => {
    fc.assert(
      fc.property(time, (date) => {
        expect(toIsoTime(date.getTime())).toBe(date.toISOString());
      }),
    );
  });
});

describe('the places of names', () => {
  it('are those of the first of each, as a Map has them', () => {
    const name = fc.record({
      space: fc.constantFrom('a', 'b'),
      externalId: fc.oneof(fc.constantFrom('', 'x', 'y', 'xy'), fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(fc.array(name, { maxLength: 300 }), (names) => {
        const places = new NamePlaces(names.length);
        const known = new Map<string, number>();
        for (const [index, each] of names.entries()) {
          const key = JSON.stringify(each);
          expect(places.add(each, index)).toBe(known.get(key));
          if (!known.has(key)) known.set(key, index);
        }
      }),
    );
  });
});
