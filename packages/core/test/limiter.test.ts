import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimiter, type Slot } from '../src/transport/limiter.js';

const never = new AbortController().signal;

/** Those who wait, with their slots as they get them. */
function queue(limiter: AdaptiveLimiter): {
  ask(lane: unknown, name: string): void;
  readonly served: string[];
  readonly slots: Slot[];
} {
  const served: string[] = [];
  const slots: Slot[] = [];
  return {
    served,
    slots,
    ask(lane, name) {
      void limiter.acquire(lane, never).then((slot) => {
        served.push(name);
        slots.push(slot);
      });
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the limiter', () => {
  it('never lets more run than its limit, and serves everyone who does not leave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(
          fc.record({
            lane: fc.integer({ min: 0, max: 3 }),
            experience: fc.constantFrom('fine', 'overloaded', 'unknown'),
            leaves: fc.boolean(),
          }),
          { maxLength: 60 },
        ),
        async (ceiling, callers) => {
          const limiter = new AdaptiveLimiter(ceiling);
          let running = 0;
          let done = 0;
          let gone = 0;
          await Promise.all(
            callers.map(async ({ lane, experience, leaves }, index) => {
              const controller = new AbortController();
              const turn = limiter.acquire(lane, controller.signal);
              if (leaves && index % 2 === 0) controller.abort('gone');
              let slot: Slot;
              try {
                slot = await turn;
              } catch (reason) {
                expect(reason).toBe('gone');
                gone++;
                return;
              }
              running++;
              expect(running).toBeLessThanOrEqual(ceiling);
              await settle();
              running--;
              done++;
              slot.release(experience);
              slot.release('overloaded');
            }),
          );
          expect(done + gone).toBe(callers.length);
          expect(running).toBe(0);
          expect(limiter.limit).toBeGreaterThanOrEqual(1);
          expect(limiter.limit).toBeLessThanOrEqual(ceiling);
          // Nothing was lost: the whole limit can be taken again.
          const slots = await Promise.all(
            Array.from({ length: limiter.limit }, () => limiter.acquire(0, never)),
          );
          for (const slot of slots) slot.release('fine');
        },
      ),
      { numRuns: process.env.CDF_TEST_LONG === '1' ? 2000 : 60 },
    );
  });

  it('serves lanes in turn: a long one does not make a short one wait', async () => {
    const limiter = new AdaptiveLimiter(1);
    const first = await limiter.acquire('first', never);
    const { ask, served, slots } = queue(limiter);
    for (let index = 0; index < 4; index++) ask('long', `long ${index}`);
    ask('short', 'short 0');
    first.release('fine');
    for (let index = 0; index < 5; index++) {
      await settle();
      slots[index]?.release('fine');
    }
    expect(served).toEqual(['long 0', 'short 0', 'long 1', 'long 2', 'long 3']);
  });

  it('halves once for what started before, and grows back with successes', async () => {
    const limiter = new AdaptiveLimiter(8);
    const together = await Promise.all(Array.from({ length: 8 }, () => limiter.acquire(0, never)));
    for (const slot of together) slot.release('overloaded');
    expect(limiter.limit).toBe(4);
    (await limiter.acquire(0, never)).release('overloaded');
    expect(limiter.limit).toBe(2);
    for (let index = 0; index < 100; index++) (await limiter.acquire(0, never)).release('fine');
    expect(limiter.limit).toBe(8);
  });
});

describe('a ceiling that changes', () => {
  it('lets those in who wait when it rises, and holds others back when it falls', async () => {
    const limiter = new AdaptiveLimiter(2);
    const { ask, served, slots } = queue(limiter);
    for (let index = 0; index < 6; index++) ask(0, `${index}`);
    await settle();
    expect(served).toHaveLength(2);
    limiter.ceiling = 4;
    await settle();
    expect(served).toHaveLength(4);
    limiter.ceiling = 1;
    for (let index = 0; index < 3; index++) slots[index]?.release('fine');
    await settle();
    expect(served).toHaveLength(4);
    slots[3]?.release('fine');
    await settle();
    expect(served).toHaveLength(5);
    expect(limiter.limit).toBe(1);
  });

  it('leaves a limit that was halved as it is', async () => {
    const limiter = new AdaptiveLimiter(8);
    (await limiter.acquire(0, never)).release('overloaded');
    limiter.ceiling = 16;
    expect(limiter.limit).toBe(4);
    limiter.ceiling = 3;
    expect(limiter.limit).toBe(3);
    for (let index = 0; index < 100; index++) (await limiter.acquire(0, never)).release('fine');
    expect(limiter.limit).toBe(3);
  });
});
