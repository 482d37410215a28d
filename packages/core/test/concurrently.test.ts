import { concurrently } from '@cdf/core/resource';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('concurrently', () => {
  it('gives the results in the order of the items, with at most `limit` under way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3)),
        fc.integer({ min: 1, max: 5 }),
        async (delays, limit) => {
          let running = 0;
          let most = 0;
          const results = await concurrently(
            delays,
            async (delay, _signal, index) => {
              most = Math.max(most, ++running);
              for (let turn = 0; turn < delay; turn++) await tick();
              running--;
              return index;
            },
            { limit },
          );
          expect(results).toEqual(delays.map((_, index) => index));
          expect(most).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('stops at the first failure: it aborts what is under way, waits for it and starts nothing more', async () => {
    const started: number[] = [];
    let ended = 0;
    const work = concurrently(
      [0, 1, 2, 3],
      async (item, signal) => {
        started.push(item);
        if (item === 0) {
          while (started.length < 2) await tick();
          throw new Error('first');
        }
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        await tick();
        ended++;
        throw signal.reason;
      },
      { limit: 2 },
    );
    await expect(work).rejects.toThrow('first');
    expect(started).toEqual([0, 1]);
    expect(ended).toBe(1);
  });

  it('lets a first request leave before the second one is prepared, as Node does when the script pauses', async () => {
    const log: string[] = [];
    const work = async (item: number): Promise<void> => {
      log.push(`prepare ${item}`);
      await new Promise<void>((resolve) => process.nextTick(resolve));
      log.push(`send ${item}`);
      await tick();
    };
    await concurrently([0, 1, 2], work, { limit: 3 });
    expect(log).toEqual([0, 1, 2].flatMap((item) => [`prepare ${item}`, `send ${item}`]));
  });

  it('starts no second one after the first has failed, or was aborted', async () => {
    const started: number[] = [];
    const failing = async (item: number): Promise<void> => {
      started.push(item);
      throw new Error('first');
    };
    await expect(concurrently([0, 1, 2], failing, { limit: 3 })).rejects.toThrow('first');
    expect(started).toEqual([0]);
    const controller = new AbortController();
    const aborting = async (item: number, signal: AbortSignal): Promise<void> => {
      started.push(item);
      controller.abort(new Error('enough'));
      signal.throwIfAborted();
    };
    const { signal } = controller;
    await expect(concurrently([1, 2, 3], aborting, { limit: 3, signal })).rejects.toThrow('enough');
    expect(started).toEqual([0, 1]);
  });

  it('starts nothing more once it may not proceed, and keeps what is done', async () => {
    const done: number[] = [];
    await concurrently([0, 1, 2, 3], async (item) => void done.push(item), {
      limit: 1,
      proceed: () => done.length < 2,
    });
    expect(done).toEqual([0, 1]);
  });

  it('does not start with a signal that has aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(concurrently([1], async () => 1, { limit: 1, signal })).rejects.toThrow('enough');
  });
});
