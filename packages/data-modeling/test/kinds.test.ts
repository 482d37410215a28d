import { memoryTransport } from '@cdf/core/testing';
import { type AnyView, nodes, type PropertyDefinition, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const Other = view('acme', 'Other', 'v1', { name: p.text() });
const NODE = { space: 's', externalId: 'b' };

/**
 * For each kind: a property, its type in the API, a value there, the value read, and a value of
 * another kind.
 */
const KINDS: Readonly<
  Record<
    keyof typeof p,
    readonly [property: unknown, type: string, wire: unknown, read: unknown, wrong: unknown]
  >
> = {
  text: [p.text(), 'text', 'a', 'a', 1],
  int: [p.int(), 'int32', 7, 7, 7.5],
  bigint: [p.bigint(), 'int64', 7, 7n, 'seven'],
  float: [p.float(), 'float64', 7.5, 7.5, '7.5'],
  bool: [p.bool(), 'boolean', false, false, 0],
  timestamp: [p.timestamp(), 'timestamp', '1970-01-01T00:00:01Z', new Date(1000), 1000],
  date: [p.date(), 'date', '2024-07-01', '2024-07-01', 1],
  json: [p.json(), 'json', { a: 1 }, { a: 1 }, 'a'],
  oneOf: [p.oneOf('on', 'off'), 'enum', 'on', 'on', true],
  classic: [p.classic('timeseries'), 'timeseries', 'a', 'a', 1],
  node: [p.node(), 'direct', NODE, NODE, 'b'],
  ref: [p.ref(() => Other), 'direct', NODE, NODE, { space: 's' }],
  timeSeries: [p.timeSeries(), 'direct', NODE, NODE, 'b'],
  file: [p.file(), 'direct', NODE, NODE, 'b'],
  reverse: [p.reverse(() => Other, 'next'), '', NODE, undefined, undefined],
  edges: [p.edges(() => Other, { type: NODE }), '', NODE, undefined, undefined],
};
const STORED = Object.entries(KINDS).filter(([, [, type]]) => type !== '');

/** Reads one node of a view with one property, from an answer that describes it. */
async function read(property: unknown, type: string, wire: unknown): Promise<object | undefined> {
  const made = view('acme', 'Made', 'v1', { value: property }) as AnyView;
  const list = (property as { readonly definition: PropertyDefinition }).definition.list;
  const item = {
    ...{
      instanceType: 'node',
      space: 's',
      externalId: 'a',
      version: 1,
      createdTime: 1,
      lastUpdatedTime: 2,
    },
    properties: { acme: { 'Made/v1': { value: wire } } },
  };
  const typing = { acme: { 'Made/v1': { value: { type: { type, list }, nullable: false } } } };
  const answer = JSON.stringify({ items: [item], typing });
  const transport = memoryTransport(({ accept }) =>
    accept === 'bytes' ? new TextEncoder().encode(answer) : JSON.parse(answer),
  );
  const [found] = await nodes(transport, made).list();
  return found;
}

describe('the kinds of properties', () => {
  it('are all that there are', () => {
    expect(Object.keys(p).sort()).toEqual(Object.keys(KINDS).sort());
  });

  it.each(STORED)(
    '%s reads its values, single and in lists',
    async (_, [property, type, wire, value]) => {
      expect(await read(property, type, wire)).toMatchObject({ value });
      const list = (property as { many(): unknown }).many();
      expect(await read(list, type, [wire, wire])).toMatchObject({ value: [value, value] });
    },
  );

  it.each(STORED)(
    '%s rejects a value of another kind, single and in a list',
    async (_, [property, type, wire, , wrong]) => {
      await expect(read(property, type, wrong)).rejects.toMatchObject({ code: 'decode' });
      const list = (property as { many(): unknown }).many();
      await expect(read(list, type, [wire, wrong])).rejects.toMatchObject({ code: 'decode' });
    },
  );

  it.each(STORED)(
    '%s is rejected where the project has another type',
    async (_, [property, type, wire]) => {
      const other = type === 'text' ? 'boolean' : 'text';
      await expect(read(property, other, wire)).rejects.toThrow(`"value" is "${other}" there`);
    },
  );

  it.each(['reverse', 'edges'] as const)(
    '%s is not read from a node, whatever it has',
    async (name) => {
      expect(await read(KINDS[name][0], 'direct', NODE)).not.toHaveProperty('value');
    },
  );

  it('of times are what Date.parse gives, and nothing for what is no time', async () => {
    const digits = (most: number, width: number) =>
      fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(width, '0'));
    const text = fc
      .tuple(
        digits(9999, 4),
        digits(13, 2),
        digits(33, 2),
        digits(25, 2),
        digits(61, 2),
        digits(61, 2),
      )
      .map(
        ([y, m, d, hours, minutes, seconds]) =>
          `${y}-${m}-${d}T${hours}:${minutes}:${seconds}+00:00`,
      );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 50, maxLength: 50 }), async (texts) => {
        const isTime = (each: string): boolean => !Number.isNaN(Date.parse(each));
        const times = p.timestamp().many();
        const right = texts.filter(isTime);
        expect(await read(times, 'timestamp', right)).toMatchObject({
          value: right.map((each) => new Date(each)),
        });
        for (const each of texts.filter((one) => !isTime(one)).slice(0, 3))
          await expect(read(p.timestamp(), 'timestamp', each)).rejects.toMatchObject({
            code: 'decode',
          });
      }),
    );
  });

  it('are functions that work by themselves', async () => {
    const { text, float } = p;
    expect(await read(text().optional(), 'text', 'a')).toMatchObject({ value: 'a' });
    expect(await read(float({ bits: 32 }), 'float32', 1)).toMatchObject({ value: 1 });
  });

  it.each([
    ['made by hand', { kind: 'text', list: false, nullable: false }],
    ['that went through JSON', JSON.parse(JSON.stringify(p.text().definition))],
    ['that is undefined', undefined],
  ])('a definition %s is rejected: it does not say how values are read', async (_, definition) => {
    const made = view('acme', 'Made', 'v1', { value: { definition } });
    await expect(async () =>
      nodes(
        memoryTransport(() => ({ items: [] })),
        made,
      ).list(),
    ).rejects.toThrow('property "value" is not a property; use p.text() and the like');
  });
});
