import type { Scenario } from '../src/scenario.js';

const sumTo = (size: number): number => (size * (size + 1)) / 2;

const counting = (name: string, lost: number): Scenario => ({
  ...{ name, title: 'Count', unit: 'numbers', sizes: [10, 100, 1000] },
  expected: (size) => ({ sum: sumTo(size) }),
  serve: async () => ({
    url: 'nowhere',
    project: 'p',
    token: 't',
    received: () => ({ requests: 3 }),
  }),
  contenders: {
    floor: {
      prepare: async (_target, size) => ({
        run: async () => sumTo(size),
        check: (sum) => ({ sum: sum as number }),
      }),
    },
    ours: {
      maxSize: 100,
      prepare: async ({ url }, size) => ({
        async run() {
          let sum = url === 'nowhere' ? -lost : Number.NaN;
          for (let number = 1; number <= size; number += 1) sum += number;
          return sum;
        },
        check: (sum) => ({ sum: sum as number }),
      }),
    },
  },
});

export const scenarios: readonly Scenario[] = [
  counting('counting', 0),
  counting('counting-wrong', 1),
];
