import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wireAsset } from './assets-data.js';
import { servePrepared } from './prepared-server.js';
import type { Contender, Scenario } from './scenario.js';

const PROGRAM = fileURLToPath(new URL('./start-program.mjs', import.meta.url));
const run = promisify(execFile);

/**
 * A process from its start to its end. Its CPU and memory are not those of the table, which are of
 * the process that starts it.
 */
function start(contender: string): Contender {
  return {
    async prepare({ url, project, token }) {
      return {
        run: async () =>
          (await run(process.execPath, [PROGRAM, contender, url, project, token])).stdout,
        check: (stdout) => ({ assets: Number(stdout) }),
      };
    },
  };
}

export const scenarios: readonly Scenario[] = [
  {
    ...{
      name: 'start',
      title: 'Start a program, make one request, end',
      unit: 'requests',
      sizes: [1],
    },
    expected: () => ({ assets: 1 }),
    serve: () =>
      servePrepared({
        answer: () => ({ body: Buffer.from(JSON.stringify({ items: [wireAsset(0)] })) }),
      }),
    contenders: {
      floor: start('fetch'),
      ours: start('ours'),
      'node:http floor': start('node:http'),
    },
    goals: [
      { contender: 'ours', against: 'floor', atMost: 1.05 },
      { contender: 'ours', against: 'node:http floor', atMost: 1.35 },
    ],
  },
];
