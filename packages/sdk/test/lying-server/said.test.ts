import { describe, expect, it } from 'vitest';
import { type Spoken, unsaid, unsaidWhole } from './said.js';

// The judge of results that no client can tell to be wrong. Where it is lenient, lies pass.

const page = (items: readonly unknown[], more: object = {}, path = '/assets/list'): Spoken => ({
  request: { path, json: { cursor: JSON.stringify(more) } },
  body: { items, ...more },
});
const pump = { id: 1, externalId: 'pump', name: 'Pump', metadata: { line: 'a' } };
const valve = { id: 2, externalId: 'valve', name: 'Valve', metadata: { line: 'b' } };
const judge = (value: unknown, said: readonly Spoken[], dropped?: readonly string[]): string[] =>
  unsaid(value, said, said, dropped);

describe('a result is what was said', () => {
  it('when it has each item once, in whatever order', () => {
    expect(judge([valve, pump], [page([pump]), page([valve], { nextCursor: 'x' })])).toEqual([]);
  });

  it('when a list without items gives an empty array, or an unknown item gives nothing', () => {
    expect(judge([], [page([])])).toEqual([]);
    expect(judge(undefined, [page([])])).toEqual([]);
  });

  it('when a count, which has no name, is a value of an item', () => {
    expect(judge(7, [page([{ count: 7 }])])).toEqual([]);
    expect(judge(8, [page([{ count: 7 }])])).toHaveLength(2);
  });
});

describe('a result is told to be another one', () => {
  it.each([
    ['an item that was not said', [pump, { ...valve, id: 3 }], 'gives what was not said'],
    ['an item made of two', [{ ...pump, name: 'Valve' }, valve], 'gives what was not said'],
    [
      'values under one another’s names',
      [{ ...pump, name: 'pump', externalId: 'Pump' }, valve],
      'gives what was not said',
    ],
    ['null in the place of a value', [{ ...pump, name: null }, valve], 'gives what was not said'],
    ['false in the place of a value', [{ ...pump, name: false }, valve], 'gives what was not said'],
    ['null in the place of an item', [pump, null, valve], 'gives what was not said'],
    ['an item that is lost', [pump], 'has lost what was said'],
    ['nothing at all', [], 'has lost what was said'],
    [
      'an item without one of its values',
      [{ id: 1, externalId: 'pump', name: 'Pump' }, valve],
      'has lost what was said',
    ],
    ['an empty object in the place of an item', [pump, {}], 'has lost what was said'],
  ])('that has %s', (_, value, problem) => {
    expect(judge(value, [page([pump, valve])]).join('; ')).toContain(problem);
  });

  it('that has an item twice which was said once', () => {
    expect(judge([pump, pump], [page([pump])]).join()).toContain(
      'gives 2 times what was said 1 times',
    );
  });

  it('that has an item twice which two pages said once each: an identity is there once', () => {
    expect(judge([pump, pump], [page([pump]), page([pump], { nextCursor: 'x' })]).join()).toContain(
      '2 times',
    );
  });

  it('but not one that has an item twice which a page said twice', () => {
    expect(judge([pump, pump], [page([pump, pump])])).toEqual([]);
  });

  it('that has a row twice because its request was repeated', () => {
    const row = { count: 3, value: 'bar' };
    expect(judge([row, row], [page([row]), page([row])]).join()).toContain('2 times');
  });

  it('but not one that has rows without an identity as often as different pages said them', () => {
    expect(judge([{}, {}], [page([{}]), page([{}], { nextCursor: 'x' })])).toEqual([]);
  });
});

describe('points', () => {
  const series = (datapoints: readonly object[]): Spoken =>
    page([{ id: 1, externalId: 'flow', datapoints }]);
  const points = [
    { timestamp: 1, value: 5 },
    { timestamp: 2, value: 6 },
  ];

  it('are said without their series, or with its identity', () => {
    expect(judge(points, [series(points)])).toEqual([]);
    expect(
      judge(
        points.map((point) => ({ externalId: 'flow', ...point })),
        [series(points)],
      ),
    ).toEqual([]);
  });

  it.each([
    ['lost', points.slice(1)],
    ['doubled', [...points, points[0]]],
    ['given the value of another', [{ timestamp: 1, value: 6 }, points[1]]],
    ['given to another series', points.map((point) => ({ externalId: 'other', ...point }))],
    ['given a time as their value', [{ timestamp: 1, value: 1 }, points[1]]],
  ])('are not %s', (_, value) => {
    expect(judge(value, [series(points)])).not.toEqual([]);
  });

  it('have a zero and an empty text where protobuf wrote no value', () => {
    expect(judge([{ timestamp: 1, value: 0 }], [series([{ timestamp: 1 }])])).toEqual([]);
    expect(judge([{ timestamp: 1, value: '' }], [series([{ timestamp: 1, value: 0 }])])).toEqual(
      [],
    );
    expect(judge([{ timestamp: 1, value: 1 }], [series([{ timestamp: 1 }])])).not.toEqual([]);
  });

  it('are called by the name of their aggregate or value', () => {
    expect(judge([{ timestamp: 1, average: 5 }], [series([{ timestamp: 1, value: 5 }])])).toEqual(
      [],
    );
  });
});

describe('steps of a query', () => {
  const answer: Spoken = { body: { items: { s0: [pump], s1: [valve] }, nextCursor: { s0: 'x' } } };

  it('are told apart', () => {
    expect(
      judge(
        [
          { step: 's0', ...pump },
          { step: 's1', ...valve },
        ],
        [answer],
      ),
    ).toEqual([]);
    expect(
      judge(
        [
          { step: 's1', ...pump },
          { step: 's0', ...valve },
        ],
        [answer],
      ),
    ).not.toEqual([]);
  });
});

describe('a result that is a whole answer', () => {
  const body = { subject: 'me', projects: [{ name: 'a', groups: [1, 2] }], isOn: true };

  it('is the answer, but for what the operation is known to add or to drop', () => {
    expect(unsaidWhole(body, [{ body }])).toEqual([]);
    expect(
      unsaidWhole({ subject: 'me', isOn: true, own: 1 }, [{ body }], {
        added: ['own'],
        dropped: ['projects'],
      }),
    ).toEqual([]);
  });

  it.each([
    ['has less', { subject: 'me', isOn: true }],
    ['has more', { ...body, more: true }],
    [
      'has an element once that was there twice',
      { ...body, projects: [{ name: 'a', groups: [1] }] },
    ],
    ['has another truth', { ...body, isOn: false }],
    ['is null', null],
  ])('is another one when it %s', (_, value) => {
    expect(unsaidWhole(value, [{ body }])).toHaveLength(1);
  });
});
