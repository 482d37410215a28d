import {
  type AdvancedFilter,
  and,
  containsAny,
  equals,
  exists,
  isIn,
  not,
  or,
  prefix,
  range,
  search,
} from '@cdf/core';
import { describe, expect, it } from 'vitest';

type Property = 'name' | 'source';

describe('advanced filters', () => {
  it('have the wire form, and the properties of their resource with metadata keys among them', () => {
    const filter: AdvancedFilter<Property> = or(
      and(equals('name', 'a'), prefix(['metadata', 'city'], 'Sea')),
      not(isIn(['source'], ['x', 'y'])),
      range(['metadata', 'level'], { gt: 1, lte: 2 }),
      exists('name'),
      containsAny(['metadata', 'tags'], [1]),
      search('name', 'pump'),
    );
    expect(filter).toEqual({
      or: [
        {
          and: [
            { equals: { property: ['name'], value: 'a' } },
            { prefix: { property: ['metadata', 'city'], value: 'Sea' } },
          ],
        },
        { not: { in: { property: ['source'], values: ['x', 'y'] } } },
        { range: { property: ['metadata', 'level'], gt: 1, lte: 2 } },
        { exists: { property: ['name'] } },
        { containsAny: { property: ['metadata', 'tags'], values: [1] } },
        { search: { property: ['name'], value: 'pump' } },
      ],
    });
  });

  it('do not type-check with a property of another resource', () => {
    // @ts-expect-error unit is a property of time series
    const filter: AdvancedFilter<Property> = and(equals('unit', 'bar'), equals('name', 'a'));
    expect(filter).toBeDefined();
  });
});
