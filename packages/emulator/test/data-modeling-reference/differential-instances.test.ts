import { describe, it } from 'vitest';
import { pair } from './differential/compare.js';
import { check, TIMEOUT } from './differential/dice.js';
import { query } from './differential/queries.js';
import {
  aggregate,
  byIds,
  change,
  list,
  populate,
  reschema,
  search,
} from './differential/reads.js';
import { world } from './differential/world.js';

describe('random instances of random schemas', () => {
  it(
    'are written, read, listed, searched and counted as by the naive model',
    async () => {
      await check(40, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        for (const act of dice.times(4, 10, () =>
          dice.pick([change, byIds, list, list, search, aggregate, reschema]),
        ))
          await act(dice, both, drawn);
        await both.get('statistics/spaces');
      });
    },
    TIMEOUT,
  );

  it(
    'are queried along relations and edges as by the naive model',
    async () => {
      await check(40, 3000, async (dice) => {
        const [both, drawn] = [await pair(), world(dice)];
        await populate(dice, both, drawn);
        for (const act of dice.times(3, 8, () => dice.pick([change, query, query, query])))
          await act(dice, both, drawn);
      });
    },
    TIMEOUT,
  );
});
