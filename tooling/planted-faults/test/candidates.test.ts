import { describe, expect, it } from 'vitest';
// @ts-expect-error a plain script without declarations
import { candidatesOf, choose, emptied } from '../candidates.mjs';

const source = `
export function add(a: number, b: number): number { return a + b; }
function hidden() { return 1; }
export const twice = (a: number): number => { return a * 2; };
export function nothing(): void {}
export class Box {
  #secret() { return 1; }
  private inner() { return 1; }
  open(): string { return 'open'; }
  get size(): number { return 3; }
}
class Inner { open() { return 1; } }
`;

describe('planting faults', () => {
  it('finds exported functions and public methods of exported classes, and nothing else', () => {
    expect(candidatesOf('x.ts', source).map((each: { name: string }) => each.name)).toEqual([
      'add',
      'twice',
      'Box.open',
      'Box.size',
    ]);
  });

  it('empties the body of one function only', () => {
    const [add] = candidatesOf('x.ts', source);
    const text = emptied(source, add);
    expect(text).toContain(
      'export function add(a: number, b: number): number {}\nfunction hidden() { return 1; }',
    );
  });

  it('takes a minimum of each package, the same for the same seed', () => {
    const candidates = ['a', 'b', 'c'].flatMap((name) =>
      Array.from({ length: name === 'a' ? 50 : 4 }, (_, index) => ({
        package: name,
        name: `${name}${index}`,
      })),
    );
    const chosen = choose(candidates, { seed: 7, count: 20, perPackage: 3 });
    expect(chosen).toHaveLength(20);
    for (const name of ['a', 'b', 'c'])
      expect(
        chosen.filter((each: { package: string }) => each.package === name).length,
      ).toBeGreaterThanOrEqual(3);
    expect(choose(candidates, { seed: 7, count: 20, perPackage: 3 })).toEqual(chosen);
    expect(choose(candidates, { seed: 8, count: 20, perPackage: 3 })).not.toEqual(chosen);
  });
});
