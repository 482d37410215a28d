import { createTransport, type DecodeError, Token } from '@cdf/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rejection } from './helpers/server.js';

/** Parses a body as an answer of the API. */
async function parsed(body: string | Uint8Array): Promise<unknown> {
  const transport = createTransport({
    clientName: 'long answers',
    project: 'p',
    baseUrl: 'https://x.cognitedata.com',
    credentials: new Token('t'),
    retry: { limit: 0 },
    fetch: async () =>
      new Response(body as Uint8Array<ArrayBuffer>, {
        headers: { 'content-type': 'application/json' },
      }),
  });
  const spec = { method: 'POST', path: '/things/list', body: {}, idempotent: true } as const;
  return transport.request(spec);
}

const LONG = 'x'.repeat(500);

/** Texts that look like the end of an item and the beginning of the next one. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('},{"id":', '"},{"id":1', '},{', '°温😀', ']}', '{"items":[', '\\', '\\"'),
);
const item = fc.record({
  id: fc.integer(),
  name: text,
  parts: fc.array(fc.record({ id: fc.integer(), name: text }), { maxLength: 3 }),
  filler: fc.constant(LONG),
});
const page = fc.record(
  {
    items: fc
      .array(item, { minLength: 1, maxLength: 5 })
      .map((items) => Array.from({ length: 400 }, (_, index) => items[index % items.length])),
    nextCursor: text,
    typing: fc.record({ id: text, items: fc.array(item, { maxLength: 2 }) }),
  },
  { requiredKeys: ['items'] },
);

describe('a long answer', () => {
  it('is what JSON.parse gives, members in their order', async () => {
    await fc.assert(
      fc.asyncProperty(page, fc.constantFrom(undefined, 1), async (answer, indentation) => {
        const body = JSON.stringify(answer, undefined, indentation);
        expect(JSON.stringify(await parsed(body))).toBe(JSON.stringify(JSON.parse(body)));
      }),
      { numRuns: 40 },
    );
  });

  const items = (count: number, of: unknown): string =>
    Array(count).fill(JSON.stringify(of)).join(',');
  it.each([
    ['of empty items', `{"items":[${items(40_000, {})}]}`],
    ['of numbers', `{"items":[${items(80_000, 1)}]}`],
    [
      'of items with names such as __proto__',
      `{"items":[${items(400, { id: 1, LONG })},{"__proto__":{"a":1}}]}`,
    ],
    ['of lists', `{"items":[${items(400, [{ id: LONG }, { id: 2 }])}]}`],
    ['with one long item', `{"items":[{"id":"${'x'.repeat(200_000)}"},{"id":2}]}`],
    [
      'with a second member of that name',
      `{"items":[${items(400, { id: LONG })}],"items":[{"id":1}]}`,
    ],
    ['with a second member that is no list', `{"items":[${items(400, { id: LONG })}],"items":7}`],
    ['with items somewhere else', `{"a":[{"id":1}],"items":[${items(400, { id: LONG })}]}`],
    ['with space behind it', `{"items":[${items(400, { id: LONG })}]}\n \n`],
  ])('%s is what JSON.parse gives', async (_name, body) => {
    expect(await parsed(body)).toStrictEqual(JSON.parse(body));
  });

  it('of bytes that are not UTF-8 has the character for unknown ones, as short answers do', async () => {
    const body = Buffer.from(`{"items":[${items(400, { id: '???', LONG })}]}`);
    for (let at = body.indexOf('???'); at > 0; at = body.indexOf('???'))
      body.set([0xe6, 0xb8, 0xff], at);
    const { items: read } = (await parsed(body)) as { items: { id: string }[] };
    expect(read).toHaveLength(400);
    expect(new Set(read.map(({ id }) => id))).toEqual(new Set(['\ufffd\ufffd']));
  });

  const whole = `{"items":[${items(400, { id: LONG })}],"nextCursor":"c"}`;
  it.each([
    ['broken off between two items', whole.slice(0, whole.indexOf('},{', 150_000) + 1)],
    ['broken off within an item', whole.slice(0, 150_000)],
    ['with a fault in its first part', whole.replace('{"id":', '{"id"')],
    ['with a fault in its last part', whole.replace('],"nextCursor"', ',"nextCursor"')],
    ['with a missing comma between two items', whole.replace('},{', '}{')],
    ['with more behind its end', `${whole}{}`],
  ])('%s is an error', async (_name, body) => {
    const error = (await rejection(parsed(body))) as DecodeError;
    expect(error.name).toBe('DecodeError');
    expect(error.message).toBe(
      'POST /things/list: the answer (200) is not valid JSON, not the expected format',
    );
  });
});
