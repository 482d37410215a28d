import { inspect } from 'node:util';
import { ConfigError, type Identified, Listing, type PrintOptions, ResourceList } from '@cdf/core';
import { printedItem, ResourceApi, toTable } from '@cdf/core/resource';
import { memoryTransport } from '@cdf/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, fitText } from '../src/print/display-width.js';
import { timeFormat } from '../src/print/zoned-time.js';
import { toEpoch } from '../src/values/time.js';

/** The long suite tries more. */
const ROUNDS = process.env.CDF_TEST_LONG === '1' ? 50 : 1;

const START = Date.UTC(2024, 6, 1);

function listOf(
  items: readonly (Identified & Readonly<Record<string, unknown>>)[],
): ResourceList<Identified> {
  return ResourceList.from<Identified>(items) as ResourceList<Identified>;
}

/** Series as CDF gives them. */
function series(count: number, more: object = {}): ResourceList<Identified> {
  return listOf(
    Array.from({ length: count }, (_, index) => ({
      id: 100 + index,
      externalId: `pump-${index}`,
      name: `Pump ${index}`,
      isStep: false,
      isString: false,
      unit: 'bar',
      createdTime: START + index * 1000,
      lastUpdatedTime: START,
      ...more,
    })),
  );
}

/** Characters that would act on a terminal, or hide text from a reader. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('a list prints itself', () => {
  it('as a data frame with the names of its fields, and how many items there are', () => {
    const text = `\
 id  externalId  name    unit  isString  isStep  createdTime           lastUpdatedTime
100  pump-0      Pump 0  bar   false     false   2024-07-01T00:00:00Z  2024-07-01T00:00:00Z
101  pump-1      Pump 1  bar   false     false   2024-07-01T00:00:01Z  2024-07-01T00:00:00Z
2 time series`;
    const list = series(2);
    expect(list.toText()).toBe(text);
    expect(String(list)).toBe(text);
    expect(`${list}`).toBe(text);
    expect(inspect(list)).toBe(text);
  });

  it('with the first and the last rows where there are many, times in a zone, and the columns that fit', () => {
    expect(series(46_000).toText({ rows: 3, columns: 80, timeZone: 'Europe/Oslo' })).toBe(`\
   id  externalId  name        unit  isString  isStep  createdTime
  100  pump-0      Pump 0      bar   false     false   2024-07-01T02:00:00+02:00
  101  pump-1      Pump 1      bar   false     false   2024-07-01T02:00:01+02:00
    …  …           …           …     …         …       …
46099  pump-45999  Pump 45999  bar   false     false   2024-07-01T14:46:39+02:00
46,000 time series, 1 column not shown: lastUpdatedTime`);
  });

  it('with a column for each key of metadata, and a dash for what an item does not have', () => {
    const list = listOf([
      { id: 1, startTime: START + 5, type: 'trip', metadata: { cause: 'vibration' } },
      { id: 2, startTime: START, assetIds: [1, 2] },
    ]);
    expect(list.toText()).toBe(`\
id  type  startTime                 assetIds  metadata.cause
 1  trip  2024-07-01T00:00:00.005Z  –         vibration
 2  –     2024-07-01T00:00:00.000Z  [1, 2]    –
2 events`);
  });

  it('with dates, objects and numbers in short', () => {
    const list = listOf([
      {
        id: 1,
        space: 'plant',
        externalId: 'P-1',
        installed: new Date(START),
        power: 12.5,
        model: { space: 's', maker: ['a', { b: 1n }] },
      },
      {
        id: 2,
        space: 'plant',
        externalId: 'P-2',
        installed: new Date(Number.NaN),
        power: 1 / 3,
        model: null,
      },
    ]);
    expect(list.toText()).toBe(`\
id  space  externalId  installed                  power  model
 1  plant  P-1         2024-07-01T00:00:00Z  12.5000000  {space: "s", maker: ["a", {b: 1}]}
 2  plant  P-2         –                      0.3333333  –
2 nodes`);
  });

  it('with 64-bit integers and dates in objects and arrays', () => {
    const nested = { serial: 9007199254740993n, at: new Date(START) };
    expect(listOf([{ id: 1, nested, all: [1n, 2n] }]).toText()).toBe(`\
id  nested                                                    all
 1  {serial: 9007199254740993, at: 2024-07-01T00:00:00.000Z}  [1, 2]
1 item`);
  });

  it('with relations by the names of their nodes, and views with their versions', () => {
    const at = (externalId: string, more: object = {}) => ({ space: 'plant', externalId, ...more });
    const node = at('P-2', { version: 3, createdTime: START, lastUpdatedTime: START, name: 'P 2' });
    const view = at('Pump', { type: 'view', version: 'v1' });
    expect(
      listOf([
        { id: 1, externalId: 'a', area: at('A'), path: [at('A'), at('B')], next: [node], view },
      ]).toText({ columns: 200 }),
    ).toBe(`\
id  externalId  area     path                next         view
 1  a           plant/A  [plant/A, plant/B]  [plant/P-2]  {space: "plant", externalId: "Pump", type: "view", version: "v1"}
1 item`);
  });

  it('on lines of its own inside of another object, and in short below the depth of the console', () => {
    expect(
      inspect({ list: series(1, { createdTime: undefined, lastUpdatedTime: undefined }) }),
    ).toBe(`\
{
  list: 
   id  externalId  name    unit  isString  isStep
  100  pump-0      Pump 0  bar   false     false
  1 time series
}`);
    expect(inspect({ a: { b: { c: series(3) } } }, { depth: 2 })).toBe(
      '{ a: { b: { c: [3 time series] } } }',
    );
    expect(inspect({ list: series(3) }, { depth: 0 })).toBe('{ list: [3 time series] }');
  });

  it('as wide as the terminal, with the indent of the values around it', () => {
    const { columns } = process.stdout;
    const list = series(1, { name: 'n'.repeat(30), description: 'd'.repeat(90) });
    const widest = (value: unknown): number =>
      Math.max(...inspect(value).split('\n').map(displayWidth));
    try {
      process.stdout.columns = 80;
      for (const value of [list, { list }, [{ list }], new Map([['list', list]])])
        expect([79, 80]).toContain(widest(value));
    } finally {
      process.stdout.columns = columns;
    }
  });

  it('for Deno and its notebooks, where names are not tags', () => {
    const list = listOf([{ id: 1, name: '<script>alert("x")</script>' }]);
    const shown = list as unknown as Record<symbol, () => unknown>;
    expect(shown[Symbol.for('Deno.customInspect')]?.()).toBe(list.toText());
    const { 'text/plain': text, 'text/html': html } = Object(
      shown[Symbol.for('Jupyter.display')]?.(),
    );
    expect(text).toBe(list.toText());
    expect(html).toBe(
      '<table style="font-variant-numeric:tabular-nums"><thead><tr>' +
        '<th style="text-align:right;white-space:pre">id</th><th style="text-align:left;white-space:pre">name</th></tr></thead>' +
        '<tbody><tr><td style="text-align:right;white-space:pre">1</td><td style="text-align:left;white-space:pre">' +
        '&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;</td></tr></tbody></table><p>1 item</p>',
    );
  });

  it('and stays what it was for JSON, clones, spreading and loops', () => {
    const list = series(2);
    const plain = [...list].map((item) => ({ ...item }));
    expect(JSON.stringify(list)).toBe(JSON.stringify(plain));
    expect(structuredClone(list)).toEqual(plain);
    expect(Object.keys(list)).toEqual(['0', '1']);
    const names: string[] = [];
    for (const name in list) names.push(name);
    expect(names).toEqual(['0', '1']);
    expect(Array.isArray(list)).toBe(true);
  });

  it.each([
    [{ row: 3 }, /toText: .*did you mean rows/],
    [{ rows: 0 }, 'toText: rows must be a whole number of at least 1, or Infinity; got 0'],
    [
      { rows: '3' as never },
      'toText: rows must be a whole number of at least 1, or Infinity; got the string "3"',
    ],
    [{ columns: 3 }, 'toText: columns must be a whole number of at least 20, or Infinity; got 3'],
    [
      { timeZone: 'Europe/Olso' },
      'toText: unknown time zone "Europe/Olso"; use an IANA name such as "Europe/Oslo"',
    ],
  ])('rejects the options %j', (options, message) => {
    expect(() => series(1).toText(options as PrintOptions)).toThrow(message);
    expect(() => series(1).toText(options as PrintOptions)).toThrow(ConfigError);
  });
});

describe('a list that was not awaited', () => {
  const listing = new Listing<object>({
    fetchPage: () => new Promise<never>(() => {}),
    toList: (items) => items,
  });

  it('says what to do with it, at every depth', () => {
    const text = 'Listing { await it, or loop over it with for await }';
    expect(inspect(listing)).toBe(text);
    expect(inspect({ listing })).toBe(`{ listing: ${text} }`);
    expect(inspect([[[listing]]], { depth: 0 })).not.toContain('Listing {}');
  });
});

describe('a table of a list prints itself', () => {
  it('with its counts, beside what it was before', () => {
    const table = toTable(series(46).map(({ id, externalId }) => ({ id, externalId })));
    expect(table.toText({ rows: 2 })).toBe(`\
 id  externalId
100  pump-0
  …  …
145  pump-45
46 rows × 2 columns`);
    expect(inspect(table)).toBe(table.toText());
    expect(Object.keys(table)).toEqual(['columns', 'rows', 'toObjects', 'toCsv']);
    expect(JSON.parse(JSON.stringify(table))).toEqual({ columns: table.columns, rows: table.rows });
  });
});

describe('text from outside', () => {
  it('cannot act on a terminal, whatever a name has in it', () => {
    const hostile = [
      '\u001b[31mred\u001b[2J',
      'a\r\nb\tc',
      '\u202eright to left\u2066',
      'zero\u200bwidth\ufeff',
      '\u0085next\u2028line',
      'half \ud83d',
    ];
    const list = listOf(hostile.map((name, id) => ({ id, [name]: name, name })));
    for (const line of list.toText({ columns: 1000 }).split('\n')) expect(line).not.toMatch(ACTIVE);
    expect(list.slice(0, 1).toText()).toContain('\\u{1b}[31mred\\u{1b}[2J');
    for (const part of [inspect({ list }), inspect(list)])
      expect(part.replaceAll('\n', '')).not.toMatch(ACTIVE);
  });

  it('of a megabyte is cut, and takes no longer than a short one', () => {
    const list = listOf([{ id: 1, name: `${'x\u001b'.repeat(2 ** 20)}` }]);
    const [, row] = list.toText().split('\n');
    expect(displayWidth(row as string)).toBeLessThanOrEqual(100);
    expect(row).toMatch(/^ 1 {2}x\\u\{1b\}x.*…$/);
  });

  it.each([
    ['abc', 3],
    ['东京', 4],
    ['ﾊﾝｶｸ', 4],
    ['Ｗ', 2],
    ['한국', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍', 2],
    ['🇳🇴', 2],
    ['°C', 2],
    ['', 0],
    ['\u0301', 0],
    ['กำ', 2],
  ])('has the width of a terminal: %s', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('never is wider than its column, is kept where there is room, and has nothing that acts', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            'a',
            '东',
            'e\u0301',
            '👍',
            '\u001b[1m',
            '\u202e',
            '\ud83d',
            '\u0300'.repeat(50),
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const shown = fitText(text, columns);
        expect(displayWidth(shown)).toBeLessThanOrEqual(columns);
        expect(shown).not.toMatch(ACTIVE);
        expect(fitText(shown, columns)).toBe(shown);
        if (/^[ -~]*$/.test(text) && text.length <= columns) expect(shown).toBe(text);
      }),
      { numRuns: 60 * ROUNDS },
    );
  });

  it('leaves every row as wide as the line may be, and every column below its name', () => {
    const item = fc.record({
      name: fc.string({ unit: 'grapheme' }),
      note: fc.string({ unit: 'binary' }),
      value: fc.double(),
    });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 20, max: 120 }),
        (items, columns) => {
          const lines = toTable(items).toText({ columns, rows: 6 }).split('\n');
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
          expect(lines.length).toBe(2 + Math.min(items.length, 6) + (items.length > 6 ? 1 : 0));
        },
      ),
      { numRuns: 20 * ROUNDS },
    );
  });
});

describe('numbers and times that are printed', () => {
  it('read back: numbers to seven digits, whole ones exactly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const lines = toTable(values.map((value) => ({ value })))
            .toText({ columns: Infinity })
            .split('\n')
            .slice(1, -1);
          values.forEach((value, index) => {
            const read = Number(lines[index]);
            if (!Number.isFinite(value) || Number.isInteger(value)) expect(read).toBe(value + 0);
            else expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.abs(value) * 5.1e-7);
          });
        },
      ),
      { numRuns: 40 * ROUNDS },
    );
  });

  it('read back: times in any zone, also where an hour is repeated', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Oslo',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Apia',
      'Africa/Monrovia',
    );
    const time = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2099, 11, 31) });
    fc.assert(
      fc.property(zones, time, (zone, at) => {
        expect(toEpoch(timeFormat(zone, true)(at), 0)).toBe(at);
        const second = Math.floor(at / 1000) * 1000;
        expect(toEpoch(timeFormat(zone, false)(second), 0)).toBe(second);
      }),
      { numRuns: 60 * ROUNDS },
    );
    const [first, again] = [Date.UTC(2024, 9, 27, 0, 30), Date.UTC(2024, 9, 27, 1, 30)];
    const oslo = timeFormat('Europe/Oslo', false);
    expect([oslo(first), oslo(again)]).toEqual([
      '2024-10-27T02:30:00+02:00',
      '2024-10-27T02:30:00+01:00',
    ]);
  });

  it('are shown as they are where they are not times', () => {
    const format = timeFormat('Europe/Oslo', false);
    expect([Number.NaN, Infinity, 9e15, 8.64e15].map(format)).toEqual([
      'NaN',
      'Infinity',
      '9000000000000000',
      '+275760-09-13T00:00:00Z',
    ]);
  });
});

describe('a single item prints itself', () => {
  const event = {
    id: 12,
    externalId: 'trip-1',
    type: 'trip',
    startTime: START,
    endTime: START + 5,
    assetIds: [],
    metadata: { cause: 'dust', 'by\u001b[2J': 'Kari' },
    securityCategories: [],
    description: null,
    createdTime: START,
  };
  class WithMethods {}
  printedItem(WithMethods.prototype);
  const one = async (): Promise<object> => Object.assign(new WithMethods(), event);
  const text = `\
field            value
id               12
externalId       trip-1
type             trip
startTime        2024-07-01T00:00:00Z
endTime          2024-07-01T00:00:00.005Z
metadata.cause   dust
metadata.by\\u{1b}[2J  Kari
createdTime      2024-07-01T00:00:00Z
1 event`;

  it('with its names, ids and times, without fields that are empty', async () => {
    const item = await one();
    const lines = (given: string): string[] =>
      given.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines(String(item))).toEqual(lines(text));
    expect(lines(`${item}`)).toEqual(lines(text));
    expect(lines(inspect(item))).toEqual(lines(text));
    expect(inspect({ a: { b: { c: item } } }, { depth: 2 })).toBe('{ a: { b: { c: [1 event] } } }');
    expect(inspect({ item }).split('\n')[2]?.trim()).toMatch(/^field +value$/);
  });

  it('and stays what it was for JSON, clones, spreading and loops', async () => {
    const item = await one();
    expect(Object.keys(item)).toContain('assetIds');
    expect(JSON.stringify({ ...item })).toBe(JSON.stringify(item));
    expect(structuredClone(item)).toEqual({ ...item });
    const names: string[] = [];
    for (const name in item) names.push(name);
    expect(names).toEqual(Object.keys(item));
    expect('toText' in item).toBe(false);
  });

  it('unless it has no methods: it is a plain object then, which any framework takes', async () => {
    const transport = memoryTransport({
      'POST /events/list': () => ({ items: [event] }),
      'POST /events/byids': () => ({ items: [event] }),
    });
    const events = new ResourceApi(transport, { path: '/events', noun: 'events', fields: {} });
    for (const item of [(await events.list())[0], await events.retrieve({ id: 12 })])
      expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
  });
});

describe('a list without', () => {
  it('columns that are empty for all of its items', () => {
    const list = series(2, { securityCategories: [], metadata: {}, legacyName: null, assetId: 7 });
    expect(list.toText({ columns: 200 }).split('\n')[0]).toMatch(
      /^ id +externalId +name +assetId +unit +isString +isStep +createdTime +lastUpdatedTime$/,
    );
    list[1] = { ...list[1], id: 101, securityCategories: [5] } as never;
    expect(list.toText({ columns: 200 }).split('\n').slice(0, 3).join('\n')).toMatch(
      /securityCategories.*\n.* – .*\n.* \[5\] /,
    );
  });
});
