import { describe, it } from 'vitest';
import { pair } from './differential/compare.js';
import { check, TIMEOUT } from './differential/dice.js';
import { compareSchema, schemaAct } from './differential/schemas.js';

describe('random requests about the schema', () => {
  it(
    'are taken, refused and kept as by the naive model',
    async () => {
      await check(40, 3000, async (dice) => {
        const both = await pair();
        await both.post('spaces', { items: [{ space: 's' }] });
        for (let left = dice.int(3, 15); left > 0; left -= 1) await schemaAct(dice, both);
        await compareSchema(both);
      });
    },
    TIMEOUT,
  );
});
