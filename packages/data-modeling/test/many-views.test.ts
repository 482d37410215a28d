import { type AnyView, diff, p, push, view } from '@cdf/data-modeling';
import { describe, expect, it } from 'vitest';
import { schemaService } from './schema-service.js';

/** Views, of the first of which each look at its options is counted. */
function views(count: number): { readonly all: AnyView[]; readonly looks: () => number } {
  const parent = view('base', 'Parent', 'v1', { a: p.text().optional() });
  let looks = 0;
  const all = Array.from({ length: count }, (_, index) =>
    view(
      'acme',
      `V${index}`,
      'v1',
      () => ({ b: p.text().optional() }),
      () => {
        if (index === 0) looks++;
        return { implements: [parent] };
      },
    ),
  );
  return { all, looks: () => looks };
}

describe('views with parents of other spaces', () => {
  it('are looked at as often where there are many as where there are few', async () => {
    const { transport } = schemaService();
    const looks: number[] = [];
    for (const count of [2, 200]) {
      const given = views(count);
      await push(transport, given.all);
      await diff(transport, given.all);
      looks.push(given.looks());
    }
    expect(looks[1]).toBeLessThanOrEqual((looks[0] as number) + 10);
  });
});
