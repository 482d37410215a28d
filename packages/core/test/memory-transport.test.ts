import { memoryTransport } from '@cdf/core/testing';
import { describe, expect, it } from 'vitest';

async function bodyOf(text: string): Promise<unknown> {
  const transport = memoryTransport(({ body }) => body);
  const body = new TextEncoder().encode(text);
  const answer = await transport.request({
    ...{ method: 'POST', path: '/x', body, contentType: 'application/json', idempotent: true },
  });
  expect(transport.requests[0]?.body).toEqual(answer);
  return answer;
}

describe('JSON that is sent as bytes', () => {
  it.each([
    ['a number of many decimals', '{"a":0.30000000000000004,"b":-1.2345678901234567e-16}'],
    ['a string of digits', '{"a":"12345678901234567890","b\\"1234567890123456789":"\\\\"}'],
    ['an integer of 16 digits below 2^53', '{"a":-1234567890123456}'],
    ['a string of a million escapes', JSON.stringify({ a: `${'"'.repeat(1e6)}1234567890123456` })],
    ['a string of ten million characters', JSON.stringify({ a: '1'.repeat(1e7) })],
  ])('is parsed: %s', async (_, text) => {
    expect(await bodyOf(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['alone', '9223372036854775807'],
    ['negative, in an array', '[1,-9223372036854775807]'],
    ['a power of two', '{"a":-9223372036854775808}'],
    ['behind a string', '{"a\\"":9223372036854775807}'],
  ])('stays bytes with an integer beyond 2^53: %s', async (_, text) => {
    expect(new TextDecoder().decode((await bodyOf(text)) as Uint8Array)).toBe(text);
  });
});
