import { describe, expect, it } from 'vitest';
import { client, HOUR, type Json } from './helpers.js';

async function withInputs() {
  const made = client();
  await made.post('/timeseries', {
    items: [
      { externalId: 'a' },
      { externalId: 'b' },
      { externalId: 'step', isStep: true },
      { externalId: 'text', isString: true },
    ],
  });
  const points = (...pairs: (readonly [number, number | string])[]) =>
    pairs.map(([hour, value]) => ({ timestamp: hour * HOUR, value }));
  await made.post('/timeseries/data', {
    items: [
      { externalId: 'a', datapoints: points([0, 0], [2, 20], [4, 40]) },
      { externalId: 'b', datapoints: points([1, 1], [3, -1]) },
      { externalId: 'step', datapoints: points([0, 5], [3, 6]) },
      { externalId: 'text', datapoints: points([0, 'on'], [2, 'off']) },
    ],
  });
  const query = async (expression: string, more: object = {}): Promise<Json> =>
    (
      await made.post('/timeseries/synthetic/query', {
        items: [{ expression, end: 10 * HOUR, ...more }],
      })
    ).body;
  const values = async (expression: string, more: object = {}): Promise<Json[]> =>
    (await query(expression, more)).items[0].datapoints.map(({ timestamp, value, error }: Json) => [
      timestamp / HOUR,
      value ?? error,
    ]);
  return { query, values, ...made };
}

describe('synthetic time series', () => {
  it('are evaluated at the points of all inputs, interpolated where one has none', async () => {
    const { values } = await withInputs();
    expect(await values('ts{externalId=\'a\'} + TS{externalId:"b"} * 2')).toEqual([
      [1, 12],
      [2, 20],
      [3, 28],
    ]);
    expect(await values("ts{externalId='step'} - ts{externalId='a'}")).toEqual([
      [0, 5],
      [2, -15],
      [3, -24],
    ]);
  });

  it('keep the rules of arithmetic', async () => {
    const { values } = await withInputs();
    expect(
      await values(
        "(ts{externalId='a'} - 2) * -3 / 4 + pow(2, 3) - round(pi(), 2) + max(1, 5, 3) - avg(1, 2)",
        {
          limit: 1,
        },
      ),
    ).toEqual([[0, ((0 - 2) * -3) / 4 + 8 - 3.14 + 5 - 1.5]]);
    expect(await values("10 - 3 - 2 + 0 * ts{externalId='a'}", { limit: 1 })).toEqual([[0, 5]]);
  });

  it('carry errors in the points, unless they are handled', async () => {
    const { values } = await withInputs();
    expect(await values("sqrt(ts{externalId='b'})")).toEqual([
      [1, 1],
      [3, 'BAD_DOMAIN: sqrt(-1)'],
    ]);
    expect(await values("on_error(ln(ts{externalId='b'}), 99)")).toEqual([
      [1, 0],
      [3, 99],
    ]);
    expect(await values("1 / ts{externalId='a'}", { limit: 1 })).toEqual([
      [0, 'BAD_DOMAIN: division by zero'],
    ]);
    expect((await values("ts{externalId='text'} + 1"))[0]?.[1]).toMatch(/^TYPE_ERROR/);
    expect((await values("exp(ts{externalId='a'} * 1e9)"))[1]?.[1]).toMatch(/^OVERFLOW/);
  });

  it('map texts to numbers and take aggregates and units', async () => {
    const { values, post } = await withInputs();
    expect(await values("map(ts{externalId='text'}, ['on', 'off'], [1, 0], -1)")).toEqual([
      [0, 1],
      [2, 0],
    ]);
    expect(await values("ts{externalId='a', aggregate='average', granularity='2h'}")).toEqual([
      [0, 0],
      [2, 20],
      [4, 40],
    ]);
    await post('/timeseries', {
      items: [{ externalId: 'c', unitExternalId: 'temperature:deg_c' }],
    });
    await post('/timeseries/data', {
      items: [{ externalId: 'c', datapoints: [{ timestamp: 0, value: 10 }] }],
    });
    expect(await values("ts{externalId='c', targetUnit='temperature:deg_f'}")).toEqual([[0, 50]]);
  });

  it.each([
    ["ts{externalId='a'} +", /position 20/],
    ["ts{externalId='a'} $ 1", /Invalid expression/],
    ['(1 + 2', /expected \)/],
    ['nonsense(1)', /Unknown function/],
    ['pow(1)', /Wrong number of operands/],
    ["ts{colour='red'}", /unknown option/],
    ["ts{externalId='nope'}", /Time series not found/],
    ["ts{externalId='a', aggregate='sum', granularity='1h'}", /not supported/],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, /too deeply/],
  ])('refuse %s', async (expression, message) => {
    const { query } = await withInputs();
    expect((await query(expression)).error).toMatchObject({
      code: 400,
      message: expect.stringMatching(message),
    });
  });
});
