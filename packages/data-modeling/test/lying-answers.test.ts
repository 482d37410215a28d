import { ApiError, CdfError, NetworkError } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import { nodes, p, view } from '@cdf/data-modeling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const isLong = process.env.CDF_TEST_LONG === '1';
const Thing = view('acme', 'Thing', 'v1', {
  name: p.text(),
  get other() {
    return p.ref(() => Thing);
  },
});

interface Item {
  readonly externalId: string;
  name: string;
  readonly other?: { readonly space: string; readonly externalId: string };
}
interface Sent {
  readonly space: string;
  readonly externalId: string;
  readonly sources: readonly [{ readonly properties: { readonly name: string } }];
}

const failing =
  (error: () => Error, isUnsure: boolean) =>
  (names: readonly string[], note: Note): never => {
    for (const name of names) note(name, isUnsure ? 'unsure' : 'refused');
    throw error();
  };
type Note = (name: string, what: 'written' | 'unsure' | 'refused') => void;
const FAILURES = {
  refused: failing(() => new ApiError('no', { status: 400 }), false),
  refusedAfterLost: failing(() => new ApiError('no', { status: 400, delivery: 'unknown' }), true),
  forbidden: failing(() => new ApiError('no', { status: 403 }), false),
  lost: failing(() => new NetworkError('lost', { delivery: 'unknown' }), true),
  unreachable: failing(() => new NetworkError('down', { delivery: 'none' }), false),
};
type Answer = { readonly externalId?: string; readonly version?: unknown };
/** Answers to a write that has done its work. */
const ANSWERS: Readonly<Record<string, (right: readonly Answer[]) => readonly Answer[]>> = {
  right: (right) => right,
  reordered: (right) => right.toReversed(),
  missing: (right) => right.slice(1),
  twice: (right) => [...right, ...right.slice(0, 1)],
  foreign: (right) => [{ ...right[0], externalId: 'foreign' }, ...right],
  nameless: (right) => [{ version: 1 }, ...right.slice(1)],
  versionless: (right) =>
    right.map((each, index) => (index > 0 ? each : { ...each, version: 'x' })),
};

const scenario = fc.record({
  size: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 30 }) },
    { weight: 1, arbitrary: fc.constantFrom(1_001, 2_500) },
  ),
  refused: fc.array(fc.nat(2_499), { maxLength: 4 }),
  lies: fc.array(fc.constantFrom('aborted', ...Object.keys(FAILURES), ...Object.keys(ANSWERS)), {
    maxLength: 8,
  }),
  how: fc.constantFrom('array', 'order', 'create', 'changed', 'stream', 'repeated'),
});

/** A project that lies, and what it knows of each item by its name. */
function lying(lies: readonly string[], refused: ReadonlySet<string>, caller: AbortController) {
  const known = new Map<string, Set<Parameters<Note>[1]>>();
  const note: Note = (name, what) => known.set(name, (known.get(name) ?? new Set()).add(what));
  let calls = 0;
  const transport = memoryTransport(async ({ path, body }) => {
    if (!path.endsWith('/instances')) return { items: [] };
    const { items } = body as { items: readonly Sent[] };
    const lie = lies[calls++] ?? 'right';
    const names = items.map(({ sources }) => sources[0].properties.name);
    expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(items.length);
    await new Promise((resolve) => setTimeout(resolve, calls % 3));
    if (lie === 'aborted') caller.abort(new Error('enough'));
    else if (names.some((name) => refused.has(name))) FAILURES.refused(names, note);
    else FAILURES[lie as keyof typeof FAILURES]?.(names, note);
    const made = { version: 1, wasModified: true };
    const right = items.map(({ space, externalId }) => ({ space, externalId, ...made }));
    const answers = (ANSWERS[lie] ?? ANSWERS.right)?.(right) ?? [];
    const confirmed = new Set(
      answers.filter(({ version }) => version === 1).map(({ externalId }) => externalId),
    );
    for (const [index, { externalId }] of items.entries()) {
      const isTold = confirmed.has(externalId) && !caller.signal.aborted;
      note(names[index] as string, isTold ? 'written' : 'unsure');
    }
    return { items: answers };
  });
  return { transport, known };
}

describe('the account of a write', () => {
  it('is what the server told of each item, whatever it tells', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ size, refused, lies, how }) => {
        const isStream = how === 'stream' || how === 'repeated';
        const items = Array.from({ length: size }, (_, index): Item => {
          const name = how === 'repeated' ? index % Math.ceil(size / 2) : index;
          const other = { space: 's', externalId: `t${(index * 7) % size}` };
          return { externalId: `t${name}`, name: `n${index}`, ...(index % 3 === 0 && { other }) };
        });
        const names = new Map(items.map((item) => [item, item.name]));
        const caller = new AbortController();
        const bad = new Set(refused.map((index) => `n${index % size}`));
        const { transport, known } = lying(lies, bad, caller);
        const of = (item: unknown): ReadonlySet<string> =>
          known.get(names.get(item as Item) as string) ?? new Set();
        const things = nodes(transport, Thing, { space: 's' });
        const stream = async function* (): AsyncGenerator<Item> {
          yield* items;
        };
        const options = { signal: caller.signal };
        const work =
          how === 'create'
            ? things.create(items, {}, options)
            : things.upsert(
                isStream ? stream() : items,
                how === 'order' ? { dependencies: 'order' } : {},
                options,
              );
        if (how === 'changed')
          queueMicrotask(() => Object.assign(items.at(-1) as Item, { name: 5 }));
        const result = await work.catch((error: unknown) => error);
        if (!CdfError.isInstance(result)) {
          expect(result).toEqual({ created: size, updated: 0, unchanged: 0 });
          expect(items.filter((item) => !of(item).has('written'))).toEqual([]);
          return;
        }
        const { successful, unknown, failed, notAttempted } = result;
        expect(successful.filter((item) => !of(item).has('written'))).toEqual([]);
        expect(
          unknown.filter((item) => of(item).has('written') || !of(item).has('unsure')),
        ).toEqual([]);
        expect(failed.filter((item) => of(item).has('written') || of(item).has('unsure'))).toEqual(
          [],
        );
        expect(notAttempted.filter((item) => !failed.includes(item))).toEqual([]);
        const account = new Set([...successful, ...unknown, ...failed]);
        expect(account.size).toBe(successful.length + unknown.length + failed.length);
        const left = items.filter((item) => !account.has(item));
        // Of a stream, what was written is counted only, and what comes later is not taken.
        if (isStream)
          expect(left.filter((item) => of(item).size > 0 && !of(item).has('written'))).toEqual([]);
        else expect(left).toEqual([]);
      }),
      { numRuns: isLong ? 2_000 : 60 },
    );
  });
});
