import { ConfigError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { averageOf, DatapointsApi, Expression, maxOf, minOf, ts } from '@cdf/datapoints';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printNumber } from '../src/synthetic/expression.js';

describe('expressions', () => {
  it('keep every digit of their numbers', () => {
    expect(String(ts('x').mul(10).add(100))).toBe("((ts{externalId='x'} * 10) + 100)");
    expect(String(ts('y10').div(10).sub(-1e-7))).toBe(
      "((ts{externalId='y10'} / 10) - (-0.0000001))",
    );
    expect(String(ts('x').mul(1.5e21))).toBe("(ts{externalId='x'} * 1500000000000000000000)");
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = printNumber(number);
        expect(text).toMatch(/^(\d+(\.\d+)?|\(-\d+(\.\d+)?\))$/);
        expect(Number(text.replace(/[()]/g, ''))).toBe(number === 0 ? 0 : number);
      }),
    );
    expect(() => ts('x').add(Number.NaN)).toThrow(ConfigError);
  });

  it('name series of any kind, with quotes escaped', () => {
    expect(String(ts("it's \\ here"))).toBe("ts{externalId='it\\'s \\\\ here'}");
    expect(String(ts({ id: 12 }, { aggregate: 'average', granularity: '1w' }))).toBe(
      "ts{id=12, aggregate='average', granularity='7d'}",
    );
    expect(
      String(ts({ instanceId: { space: 's', externalId: 'x' } }, { targetUnit: 'pressure:bar' })),
    ).toBe("ts{space='s', externalId='x', targetUnit='pressure:bar'}");
    expect(() => ts('x', { aggregate: 'average' })).toThrow(ConfigError);
  });

  it('have the functions of the language', () => {
    const x = ts({ id: 1 });
    const written = [
      x.pow(2),
      x.sqrt(),
      x.exp(),
      x.ln(),
      x.sin(),
      x.cos(),
      x.abs(),
      x.negate(),
      x.round(2),
      x.onError(0),
      x.map({ ON: 1, OFF: -1 }, 0.5),
      maxOf(x, 1),
      minOf(x, x),
      averageOf(x, 3),
      Expression.raw('pi()').mul(2),
    ].map((each) => String(each).replaceAll('ts{id=1}', 'x'));
    expect(written).toEqual([
      'pow(x, 2)',
      'sqrt(x)',
      'exp(x)',
      'ln(x)',
      'sin(x)',
      'cos(x)',
      'abs(x)',
      '(-x)',
      'round(x, 2)',
      'on_error(x, 0)',
      "map(x, ['ON', 'OFF'], [1, (-1)], 0.5)",
      'max(x, 1)',
      'min(x, x)',
      'avg(x, 3)',
      '((pi()) * 2)',
    ]);
    expect(() => x.round(10)).toThrow(ConfigError);
  });

  it('take those of another copy of the package, whose class is another', () => {
    class Other {
      toString = (): string => 'b + 1';
      onError = (): never => expect.fail();
    }
    const other = new Other() as unknown as Expression;
    expect(String(ts({ id: 1 }).mul(other))).toBe('(ts{id=1} * (b + 1))');
    expect(String(maxOf(other, 1))).toBe('max(b + 1, 1)');
    expect(() => ts({ id: 1 }).mul({ toString: () => 'b' } as never)).toThrow(ConfigError);
  });

  it('keep a raw formula whole wherever it is an operand', () => {
    const sum = Expression.raw('a + 1');
    const written = [
      sum,
      sum.mul(10),
      sum.div(2),
      sum.negate(),
      Expression.raw('5').sub(sum),
      ts({ id: 1 }).div(sum),
      sum.pow(2),
      maxOf(sum, 1),
    ].map(String);
    expect(written).toEqual([
      'a + 1',
      '((a + 1) * 10)',
      '((a + 1) / 2)',
      '(-(a + 1))',
      '((5) - (a + 1))',
      '(ts{id=1} / (a + 1))',
      'pow(a + 1, 2)',
      'max(a + 1, 1)',
    ]);
    expect(() => sum.mul('b + 1' as unknown as number)).toThrow(
      /expected an Expression or a number as operand.*"b \+ 1".*Expression\.raw/,
    );
  });
});

describe('synthetic.query', () => {
  interface Item {
    expression: string;
    start: number;
    end: number;
    limit: number;
  }

  function server(points: number) {
    const requests: Item[][] = [];
    const transport = memoryTransport({
      'POST /timeseries/synthetic/query': ({ body }) => {
        const { items } = body as { items: Item[] };
        requests.push(items);
        return {
          items: items.map(({ start, end, limit, expression }) => ({
            isString: false,
            datapoints: Array.from(
              { length: Math.max(0, Math.min(limit, Math.min(end, points) - start)) },
              (_, index) =>
                start + index === 7
                  ? { timestamp: 7, error: 'BAD_DOMAIN' }
                  : { timestamp: start + index, value: expression.length },
            ),
          })),
        };
      },
    });
    return { requests, api: new DatapointsApi(transport) };
  }

  it('gives every point, page after page, and the errors among them', async () => {
    const { api, requests } = server(25_000);
    const result = await api.synthetic.query({ expression: ts('x'), end: 1_000_000 });
    expect(result.timestamps.every((time, index) => time === index)).toBe(true);
    expect([result.length, result.timestamps.length, result.values.length]).toEqual([
      25_000, 25_000, 25_000,
    ]);
    expect([result.values[6], result.values[7]]).toEqual(["ts{externalId='x'}".length, Number.NaN]);
    expect([...result.errors]).toEqual([[7, 'BAD_DOMAIN']]);
    expect(requests.map(([item]) => [item?.start, item?.limit])).toEqual([
      [0, 10_000],
      [9_999, 10_000],
      [19_998, 10_000],
    ]);
  });

  it('stops at a limit beyond a page, and at a last point before the end', async () => {
    const { api, requests } = server(25_000);
    const { timestamps } = await api.synthetic.query({ expression: 'x', end: 1e6, limit: 10_001 });
    expect([...timestamps.slice(-2), timestamps.length]).toEqual([9_999, 10_000, 10_001]);
    expect((await api.synthetic.query({ expression: 'x', end: 10_000 })).length).toBe(10_000);
    expect(requests.map(([item]) => [item?.start, item?.limit])).toEqual([
      [0, 10_000],
      [9_999, 2],
      [0, 10_000],
    ]);
  });

  it('has the points of one answer where pages are interpolated from their first bucket on', async () => {
    const stored = Array.from({ length: 10_001 }, (_, index) => index * 7);
    const transport = memoryTransport({
      'POST /timeseries/synthetic/query': ({ body }) => ({
        items: (body as { items: Item[] }).items.map(({ start, end, limit }) => ({
          datapoints: [...new Set([start, ...stored])]
            .filter((time) => time >= start && time < end)
            .sort((a, b) => a - b)
            .slice(0, limit)
            .map((timestamp) => ({ timestamp, value: 1 })),
        })),
      }),
    });
    const { synthetic } = new DatapointsApi(transport);
    const { timestamps } = await synthetic.query({ expression: 'x', end: 1e6 });
    expect([...timestamps]).toEqual(stored);
  });

  it('leaves nothing out where the last point of a page is deleted before the next is read', async () => {
    let page = 0;
    const transport = memoryTransport({
      'POST /timeseries/synthetic/query': ({ body }) => {
        const [{ start, limit }] = (body as { items: [Item] }).items;
        const first = start + Math.min(page++, 1);
        return {
          items: [
            {
              datapoints: Array.from({ length: limit }, (_, index) => ({
                timestamp: first + index,
                value: 1,
              })),
            },
          ],
        };
      },
    });
    const { synthetic } = new DatapointsApi(transport);
    const { timestamps } = await synthetic.query({ expression: 'x', end: 1e6, limit: 10_001 });
    expect([timestamps.length, timestamps.at(-1)]).toEqual([10_001, 10_000]);
  });

  it('asks for 10 expressions at a time, all with the same now, in order', async () => {
    const { api, requests } = server(3);
    const expressions = Array.from({ length: 25 }, (_, index) => 'x'.repeat(index + 1));
    const results = await api.synthetic.query({ expressions, limit: 2 });
    expect(results.map(({ values }) => [...values])).toEqual(
      expressions.map(({ length }) => [length, length]),
    );
    expect(requests.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(new Set(requests.flat().map(({ end }) => end)).size).toBe(1);
  });
});
