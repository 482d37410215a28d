import { DecodeError } from '@cdf/core';
import { AGGREGATES, type Aggregate } from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../src/points/columns.js';
import { makeAggregateReader } from '../src/read/aggregates.js';
import { commonDecoding } from '../src/wire/answer.js';
import type { AnswerItem } from '../src/wire/answer-item.js';
import { AnswerReader, DecodedAnswer } from '../src/wire/answer-reader.js';
import { readJsonAnswer } from '../src/wire/json.js';
import { rounds } from './rounds.js';
import { encodeListResponse } from './wire-format.js';

const MESSAGES = rounds(20_000, 1_000_000);
const START = Date.UTC(2022, 0, 1);
const BAD = { code: 0x80000000, symbol: 'Bad' };

/** A small generator with a seed that is printed: the same numbers again for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const seeds: { bytes: Uint8Array; layout: readonly Aggregate[] | undefined }[] = [
  {
    layout: undefined,
    bytes: encodeListResponse([
      {
        id: 12,
        externalId: 'pump',
        unit: 'bar',
        isStep: true,
        type: 1,
        nextCursor: 'next',
        instanceId: { space: 's', externalId: 'x' },
        numericDatapoints: {
          datapoints: Array.from({ length: 12 }, (_, index) => ({
            timestamp: index === 3 ? -5 : START + index,
            value: index / 3,
            ...(index % 4 === 1 && { status: BAD, nullValue: index === 5 }),
          })),
        },
      },
    ]),
  },
  {
    layout: undefined,
    bytes: encodeListResponse([
      {
        id: 1,
        isString: true,
        stringDatapoints: {
          datapoints: [
            { timestamp: START, value: 'añb' },
            { timestamp: START + 1, value: 'añb' },
          ],
        },
      },
      { id: 2, isString: true, stringDatapoints: { datapoints: [] } },
    ]),
  },
  {
    layout: AGGREGATES,
    bytes: encodeListResponse([
      {
        id: 3,
        aggregateDatapoints: {
          datapoints: Array.from({ length: 5 }, (_, index) => ({
            timestamp: START + index,
            ...Object.fromEntries(
              AGGREGATES.slice(0, 16).map((name, place) => [name, place + index]),
            ),
            maxDatapoint: { timestamp: START, value: 4, status: BAD },
          })),
        },
      },
    ]),
  },
];

/** Points whose fields are alike, but for some. */
const ALIKE: readonly Aggregate[] = ['average', 'max', 'min', 'sum', 'count'];
seeds.push({
  layout: ALIKE,
  bytes: encodeListResponse([
    {
      id: 4,
      aggregateDatapoints: {
        datapoints: Array.from({ length: 12 }, (_, index) => ({
          timestamp: START + index,
          ...Object.fromEntries(
            ALIKE.slice(0, index === 5 ? 2 : index < 8 ? 3 : 5).map((name, place) => [
              name,
              place + index,
            ]),
          ),
        })),
      },
    },
  ]),
});

/** As `readAnswer` of the sources does, which waits for the reader of JSON. */
function readAnswer(answer: unknown): readonly AnswerItem[] {
  if (answer instanceof DecodedAnswer) return answer.items;
  if (!(answer instanceof Uint8Array)) return readJsonAnswer(answer, commonDecoding);
  const reader = new AnswerReader(makeAggregateReader);
  if (answer.length > 0) reader.push(answer);
  return readAnswer(reader.end());
}

/** Reads everything there is to read, and says how much memory the columns take. */
function readAll(bytes: Uint8Array, layout: readonly Aggregate[] | undefined): number {
  let size = 0;
  for (const item of readAnswer(bytes)) {
    const columns: Columns = item.read(layout, 100_000);
    const { length } = columns.timestamps;
    const all = [columns.values ?? columns.timestamps, ...(columns.aggregates?.values() ?? [])];
    for (const column of all)
      if (('timestamps' in column ? column.values : column).length !== length)
        throw new Error('columns of unequal length');
    size += length;
  }
  return size;
}

/** Everything that an answer says, or that it cannot be read. */
function outcome(
  read: () => readonly AnswerItem[],
  layout: readonly Aggregate[] | undefined,
): unknown {
  try {
    return read().map((item) => ({
      info: item.info,
      nextCursor: item.nextCursor,
      columns: item.read(layout, 100_000),
    }));
  } catch (error) {
    if (DecodeError.isInstance(error)) return 'refused';
    throw error;
  }
}

/** Decodes bytes that come in pieces of these sizes, over and over. */
function inPieces(bytes: Uint8Array, sizes: readonly number[]): readonly AnswerItem[] {
  const reader = new AnswerReader(makeAggregateReader);
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] as number;
    // A piece may be overwritten once it has been taken.
    const bytesOfPiece = bytes.slice(at, at + size);
    reader.push(bytesOfPiece);
    bytesOfPiece.fill(0xff);
    at += size;
  }
  return readAnswer(reader.end());
}

describe('the protobuf decoder', () => {
  it('reads the same from an answer that comes in pieces, wherever it is cut', () => {
    const longText = 'x'.repeat(1000);
    const long = encodeListResponse([
      {
        id: 5,
        externalId: longText,
        stringDatapoints: { datapoints: [{ timestamp: START, value: longText }] },
      },
      {
        id: 6,
        unit: longText,
        numericDatapoints: { datapoints: Array.from({ length: 50 }, () => ({ timestamp: 1 })) },
      },
    ]);
    const all = [...seeds, { layout: undefined, bytes: long }];
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1500 })),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), sizes, ({ bytes, layout }, pieces) => {
        const whole = outcome(() => readAnswer(bytes), layout);
        expect(whole).not.toBe('refused');
        expect(outcome(() => inPieces(bytes, pieces), layout)).toEqual(whole);
      }),
      { numRuns: rounds(2_000, 50_000) },
    );
    for (const { bytes, layout } of all)
      expect(outcome(() => inPieces(bytes, [1]), layout)).toEqual(
        outcome(() => readAnswer(bytes), layout),
      );
  });

  it('reads JSON that comes in pieces, and rejects JSON that is cut short', () => {
    const json = new TextEncoder().encode(
      '{"items":[{"id":1,"datapoints":[{"timestamp":5,"value":2.5}]}]}',
    );
    const [item] = inPieces(json, [7]);
    expect([...((item?.read(undefined, 1).values ?? []) as Float64Array)]).toEqual([2.5]);
    expect(outcome(() => inPieces(json.subarray(0, 20), [7]), undefined)).toBe('refused');
    for (const { bytes, layout } of seeds)
      for (let length = 1; length < bytes.length; length++) {
        const cut = outcome(() => inPieces(bytes.subarray(0, length), [16]), layout);
        // Between two series an answer may end.
        if (cut !== 'refused')
          expect(cut).toHaveLength((outcome(() => readAnswer(bytes), layout) as []).length - 1);
      }
  });

  it('makes no room for more points than it has seen bytes of, whatever a length says', () => {
    // A series of 1 TB, with points of 1 TB.
    const length = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    for (const kind of [0x1a, 0x22, 0x2a]) {
      const reader = new AnswerReader(makeAggregateReader);
      reader.push(
        Uint8Array.from([
          0x0a,
          ...length,
          0x08,
          1,
          kind,
          ...length.slice(0, 4),
          1,
          0x0a,
          7,
          0x08,
          1,
        ]),
      );
      expect(() => reader.end()).toThrow(DecodeError);
    }
  });

  it('reads what a library wrote, whatever the numbers', () => {
    const row = fc.record(
      {
        timestamp: fc.maxSafeInteger(),
        value: fc.double(),
        status: fc.record({ code: fc.integer({ min: 1, max: 0xffffffff }), symbol: fc.string() }),
        nullValue: fc.boolean(),
      },
      { requiredKeys: ['timestamp', 'value'] },
    );
    fc.assert(
      fc.property(fc.array(row), fc.string(), (rows, unit) => {
        const [item] = readAnswer(
          encodeListResponse([{ id: 9, unit, numericDatapoints: { datapoints: rows } }]),
        );
        const columns = item?.read(undefined, 1000) as Columns;
        expect(item?.info.unit ?? '').toBe(unit);
        expect([...columns.timestamps]).toEqual(rows.map(({ timestamp }) => timestamp || 0));
        expect([...(columns.values as Float64Array)].map((value) => value || value * 0)).toEqual(
          rows.map(({ value, nullValue }) =>
            nullValue === true ? Number.NaN : value || value * 0,
          ),
        );
        expect([...(columns.statuses?.codes ?? [])]).toEqual(
          rows.flatMap(({ status }) => (status ? [status.code] : [])),
        );
        expect([...(columns.nulls ?? [])]).toEqual(
          rows.flatMap(({ nullValue }, index) => (nullValue === true ? [index] : [])),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('reads the aggregates that a library wrote, whichever of them each point has', () => {
    const fields = fc.subarray([...ALIKE], { minLength: 0 });
    const run = fc.record({
      fields,
      count: fc.integer({ min: 1, max: 6 }),
      time: fc.constantFrom(START, 5, 2 ** 50),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), fields, (runs, layout) => {
        const datapoints = runs.flatMap(({ fields: names, count, time }) =>
          Array.from({ length: count }, (_, index) => ({
            timestamp: time + index,
            ...Object.fromEntries(names.map((name, place) => [name, (place + 1) * 1.5 + index])),
          })),
        ) as Record<string, number>[];
        const [item] = readAnswer(
          encodeListResponse([{ id: 9, aggregateDatapoints: { datapoints } }]),
        );
        const columns = item?.read(layout, 1000) as Columns;
        expect([...columns.timestamps]).toEqual(datapoints.map(({ timestamp }) => timestamp));
        for (const name of layout)
          expect([...((columns.aggregates?.get(name) ?? []) as Float64Array)]).toEqual(
            datapoints.map((point) => point[name] ?? 0),
          );
      }),
      { numRuns: rounds(500, 20_000) },
    );
  });

  it('reads the same from messages that carry unknown fields', () => {
    const plain = encodeListResponse([
      { id: 9, numericDatapoints: { datapoints: [{ timestamp: START, value: 2 }] } },
    ]);
    // Field 100 of each wire type, before and after the items.
    const unknown = [
      0xa0, 0x06, 0x05, 0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xa2, 0x06, 2, 9, 9, 0xa5, 0x06, 1, 2,
      3, 4,
    ];
    const [item] = readAnswer(Uint8Array.from([...unknown, ...plain, ...unknown]));
    expect([...(item?.read(undefined, 1).timestamps ?? [])]).toEqual([START]);
  });

  it('rejects more points than were requested, and states', () => {
    const bytes = encodeListResponse([
      { id: 9, numericDatapoints: { datapoints: [{ timestamp: 1 }, { timestamp: 2 }] } },
    ]);
    expect(() => readAnswer(bytes)[0]?.read(undefined, 1)).toThrow(DecodeError);
    const states = Uint8Array.from([0x0a, 0x06, 0x08, 0x09, 0x6a, 0x02, 0x0a, 0x00]);
    expect(() => readAnswer(states)[0]?.read(undefined, 1)).toThrow('type "state"');
    expect(() => readAnswer(new TextEncoder().encode('{"items":'))).toThrow(DecodeError);
    expect(() => readAnswer({})).toThrow(DecodeError);
  });

  it('makes data or a DecodeError of any bytes, in bounded time and memory', () => {
    const seed = (Date.now() % 0x7fffffff) + 1;
    const random = randomNumbers(seed);
    let decoded = 0;
    let refused = 0;
    for (let round = 0; round < MESSAGES; round++) {
      const { bytes, layout } = seeds[random(seeds.length)] as (typeof seeds)[number];
      const mutated = mutate(bytes, random);
      if (round % 10 === 0) {
        const sizes = [random(40) + 1, random(90) + 1, random(5) + 1];
        const whole = outcome(() => readAnswer(mutated), layout);
        expect(
          outcome(() => inPieces(mutated, sizes), layout),
          `seed ${seed}, round ${round}`,
        ).toEqual(whole);
      }
      try {
        const points = readAll(mutated, layout);
        if (points > mutated.length / 2) throw new Error('no point takes less than two bytes');
        decoded++;
      } catch (error) {
        if (!DecodeError.isInstance(error))
          throw new Error(`seed ${seed}, round ${round}`, { cause: error });
        refused++;
      }
    }
    console.log(
      `fuzz: ${MESSAGES} messages with seed ${seed}: ${decoded} decoded, ${refused} refused`,
    );
    expect(decoded + refused).toBe(MESSAGES);
    expect(refused).toBeGreaterThan(0);
  });
});

function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const mutated = Uint8Array.from(bytes);
  for (let count = random(4) + 1; count > 0; count--) {
    const at = random(mutated.length);
    const kind = random(4);
    if (kind === 0) mutated[at] = random(256);
    else if (kind === 1) mutated[at] = (mutated[at] as number) ^ (1 << random(8));
    else if (kind === 2) mutated[at] = [0, 0x7f, 0x80, 0xff][random(4)] as number;
    else mutated.copyWithin(at, random(mutated.length), random(mutated.length));
  }
  return random(5) === 0 ? mutated.subarray(0, random(mutated.length)) : mutated;
}
