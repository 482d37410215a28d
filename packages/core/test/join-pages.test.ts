import { describe, expect, it } from 'vitest';
import { joinPages } from '../src/resources/join-pages.js';

describe('pages as one array', () => {
  it('has the items of each page in order', () => {
    expect(joinPages([[1, 2], [], [3]])).toEqual([1, 2, 3]);
    expect(joinPages([])).toEqual([]);
  });

  it('is another array than the only page', () => {
    const page = [1];
    expect(joinPages([page])).not.toBe(page);
  });

  it('takes more pages than a call has arguments', () => {
    const pages = Array.from({ length: 150_000 }, (_, index) => [index]);
    const items = joinPages(pages);
    expect(items).toHaveLength(150_000);
    expect(items.at(-1)).toBe(149_999);
  });
});
