import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Check } from '../../../../tooling/lying-server/checks.js';
import { LIES } from '../../../../tooling/lying-server/lies.js';
import { pick, randomOf } from '../../../../tooling/lying-server/random.js';
import { OPERATIONS } from './operations.js';
import { play } from './round.js';
import { verdictOf } from './verdicts.js';
import { type ClientModule, startLane, type World } from './world.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../../../..');

/** Worlds that the clients of all checks are lied to about. */
export interface Worlds {
  readonly library: World;
  readonly workshop: World;
}

/** Finds the text of a check however the formatter has broken its lines. */
const patternOf = (text: string): RegExp => {
  const tokens = text.match(/\w+|[^\w\s]/g) ?? [];
  const escaped = tokens.map((token) => token.replace(/[^\w\s]/, '\\$&'));
  return new RegExp(escaped.join('\\s*').replaceAll(/\\[)\]}]/g, ',?\\s*$&'));
};

/** @throws {Error} when a check is no longer where it was: the list is out of date then. */
export function assertCurrent({ name, path, text }: Check): void {
  const source = readFileSync(join(ROOT, path), 'utf8');
  const count = [...source.matchAll(new RegExp(patternOf(text), 'g'))].length;
  if (count !== 1)
    throw new Error(
      `"${name}": ${path} has the text of the check ${count} times, expected once: ${text}`,
    );
}

/**
 * The first violation that lies bring to light of a client without a check; `undefined`: nothing
 * shows.
 */
export async function violationWithout(
  check: Check,
  worlds: Worlds,
  rounds: number,
): Promise<string | undefined> {
  assertCurrent(check);
  const made = await clientWithout(check);
  const only = new RegExp(check.only);
  const cells = OPERATIONS.flatMap((operation) =>
    LIES.filter(
      ({ name }) =>
        verdictOf(name, operation.shape, operation.name) !== undefined &&
        only.test(`${operation.name} | ${name}`),
    ).map((lie) => ({ operation, lie })),
  );
  if (cells.length === 0) throw new Error(`"${check.name}": no round matches ${check.only}`);
  const random = randomOf(1);
  await using library = await startLane(worlds.library, 1, made);
  await using workshop = await startLane(worlds.workshop, 2, made);
  for (let round = 0; round < rounds; round++) {
    const { operation, lie } = pick(random, cells);
    const { violation } = await play(operation.write === undefined ? library : workshop, {
      ...{ operation, lie, times: random() < 0.5 ? 1 : Infinity, withhold: random() < 0.5 },
      // A space has at most 43 characters.
      key: `${check.name.replaceAll(/\W/g, '').slice(-16)}-${round}`,
    });
    if (violation !== undefined) return `${operation.name} | ${lie.name}: ${violation}`;
  }
  return undefined;
}

/** The packages as they are, but for one check. */
async function clientWithout({ path, text, without }: Check): Promise<ClientModule> {
  const outfile = join(tmpdir(), `cdf-without-${process.pid}-${Math.random()}.mjs`);
  await build({
    stdin: {
      contents: [
        "export { CdfClient } from '@cdf/sdk-core';",
        "export { compression, Token } from '@cdf/core';",
        "export { edges, graph, nodes, runGraph } from '@cdf/data-modeling';",
      ].join('\n'),
      resolveDir: HERE,
    },
    ...{
      bundle: true,
      outfile,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      conditions: ['@cdf/source'],
    },
    external: ['node:*'],
    logLevel: 'error',
    plugins: [
      {
        name: 'without',
        setup(plugins) {
          plugins.onLoad({ filter: /\.ts$/ }, (file) =>
            file.path === join(ROOT, path)
              ? {
                  contents: readFileSync(file.path, 'utf8').replace(patternOf(text), () => without),
                  loader: 'ts',
                }
              : undefined,
          );
        },
      },
    ],
  });
  try {
    return (await import(pathToFileURL(outfile).href)) as ClientModule;
  } finally {
    rmSync(outfile, { force: true });
  }
}
