import { toTable } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';

const cell = (value: unknown, guard?: boolean): string =>
  toTable([{ a: 1, value }])
    .toCsv({ guard })
    .slice('a,value\r\n1,'.length, -2);

describe('CSV of a table', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|calc', "'+cmd|calc"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '"\'\t=1"'],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
    ['=HYPERLINK("http://x";"y")', '"\'=HYPERLINK(""http://x"";""y"")"'],
  ])('guards %j', (text, expected) => {
    expect(cell(text)).toBe(expected);
    expect(cell(text, false)).toBe(expected.replace("'", ''));
    expect(toTable([{ [text]: 1 }]).toCsv()).toBe(`${expected}\r\n1\r\n`);
  });

  it.each([
    ['a;b', '"a;b"'],
    ['a;=1', '"a;=1"'],
    ['a\tb', '"a\tb"'],
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['plain = text', 'plain = text'],
  ])('quotes what any spreadsheet would split: %j', (text, expected) => {
    for (const guard of [true, false]) expect(cell(text, guard)).toBe(expected);
  });

  it.each([
    [-5, '-5'],
    [-1e-7, '-1e-7'],
    [-0, '0'],
    [-Infinity, '-Infinity'],
    [-12n, '-12'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    [[1, 2], '"[1,2]"'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), ''],
    [{ toJSON: () => '2024-07-01' }, '2024-07-01'],
    [{ toJSON: () => '12:00 "noon"' }, '"12:00 ""noon"""'],
    [[9007199254740993n], '"[""9007199254740993""]"'],
    [{ serial: 1n, at: new Date(0) }, '"{""serial"":""1"",""at"":""1970-01-01T00:00:00.000Z""}"'],
  ])('never touches a value that is not text: %s', (value, expected) => {
    for (const guard of [undefined, true, false]) expect(cell(value, guard)).toBe(expected);
  });

  it('guards what an object says of itself', () => {
    expect(cell({ toJSON: () => '=1+1' })).toBe("'=1+1");
  });

  it('has the delimiter of the spreadsheet', () => {
    const table = toTable([{ name: 'a, b', level: 1.5, on: true }]);
    expect(table.toCsv({ delimiter: ';' })).toBe('name;level;on\r\n"a, b";1.5;true\r\n');
    expect(table.toCsv({ delimiter: '\t' })).toContain('level\ton');
  });
});
