import { describe, it } from 'vitest';
import { pair } from './differential/compare.js';
import { check, TIMEOUT } from './differential/dice.js';
import { populate } from './differential/reads.js';
import { syncDependents } from './differential/sync-dependents.js';
import { syncBetweenWrites, syncInTurns, syncUnderWrites } from './differential/syncs.js';
import { world } from './differential/world.js';

describe('a sync of random instances', () => {
  it(
    'tells between writes the same as the naive model',
    async () => {
      await check(25, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        await syncInTurns(dice, both, drawn);
      });
    },
    TIMEOUT,
  );

  it(
    'misses nothing, whatever is written between its pages',
    async () => {
      await check(25, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        await syncBetweenWrites(dice, both, drawn);
      });
    },
    TIMEOUT,
  );

  it(
    'misses nothing while others write',
    async () => {
      await check(25, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        await syncUnderWrites(dice, both, drawn);
      });
    },
    TIMEOUT,
  );

  it(
    'tells what changed in a step that starts from another',
    async () => {
      await check(25, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        await syncDependents(dice, both, drawn);
      });
    },
    TIMEOUT,
  );
});
