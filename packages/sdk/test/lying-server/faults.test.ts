import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import process from 'node:process';
import { CdfError, Token } from '@cdf/core';
import type { Fault } from '@cdf/emulator';
import { CdfClient } from '@cdf/sdk-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { below, pick, randomOf } from '../../../../tooling/lying-server/random.js';
import { canonical } from './canonical.js';
import { OPERATIONS, type Operation } from './operations.js';
import { accountProblems, deliveryProblems } from './round.js';
import { startWorkshop, type World } from './world.js';

const isLong = process.env.CDF_TEST_LONG === '1';
const seed = isLong ? Number(process.env.CDF_TEST_SEED) : 17;
const ROUNDS = Number(process.env.CDF_FAULT_ROUNDS ?? (isLong ? 400 : 10));
const WRITES = OPERATIONS.filter(({ write }) => write !== undefined);
/** Each strikes with a probability, drawn for each round. */
const FAULTS: readonly Fault[] = [
  { status: 503, retryAfterSeconds: 0 },
  { status: 500 },
  { status: 429, retryAfterSeconds: 0 },
  { status: 400, message: 'refused' },
  { resetBeforeBody: true },
  { resetAfterHandling: true },
  { cutBodyAfterBytes: 7 },
  { chunkBytes: 13 },
  { latencyMs: { min: 1, max: 20 } },
];

let world: World;
beforeAll(async () => {
  world = await startWorkshop();
});
afterAll(() => world[Symbol.asyncDispose]());

function clientOf({ emulator, token }: World, nodeHttp: boolean): CdfClient {
  return new CdfClient({
    clientName: 'faults',
    project: emulator.project,
    baseUrl: emulator.url,
    credentials: new Token(token),
    retry: { limit: 2, backoffLimitMs: 5 },
    nodeHttp,
  });
}

/**
 * The resources of this process; connections that are kept alive for the next request do not count.
 */
function heldResources(): Record<string, number> {
  const held: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo())
    if (!/TCP|Immediate|FSReq/.test(name)) held[name] = (held[name] ?? 0) + 1;
  return held;
}

/** Files that are open: neither sockets nor what the event loop is made of. */
function openFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith('/') && !target.startsWith('/dev/') && !target.startsWith('/proc/')
        ? [target]
        : [];
    } catch {
      // The one that was reading the folder.
      return [];
    }
  });
}

describe(`${ROUNDS} rounds of random faults`, () => {
  it('have exact accounts, and leave no timer, listener or file behind', async () => {
    const random = randomOf(seed);
    const violations: string[] = [];
    const ends = { done: 0, told: 0 };
    let listened = 0;
    for (let round = 0; round < ROUNDS && violations.length < 20; round++) {
      const operations = Array.from({ length: 3 }, () => pick(random, WRITES));
      const keys = operations.map((_, index) => `faults-${seed}-${round}-${index}`);
      const inputs = await Promise.all(
        operations.map(({ write }, index) => write?.prepare(world.honest, keys[index] as string)),
      );
      const caller = new AbortController();
      const client = clientOf(world, round % 2 === 0);
      const signal = counted(caller.signal);
      const before = { held: heldResources(), files: openFiles() };
      for (const fault of FAULTS)
        if (random() < 0.4)
          world.emulator.faults.add({
            ...fault,
            method: 'POST',
            probability: random() * 0.5,
            seed: below(random, 1e9),
          });
      const outcomes = await Promise.all(
        operations.map((operation, index) =>
          operation.run(client, inputs[index], { signal: caller.signal }).then(
            () => undefined,
            (error: unknown) => error,
          ),
        ),
      );
      world.emulator.faults.clear();
      await client.close();
      for (const [index, operation] of operations.entries()) {
        const error = outcomes[index];
        ends[error === undefined ? 'done' : 'told'] += 1;
        const wrong = await problemsOf(operation, inputs[index], error);
        await operation.write?.clean?.(world.honest, inputs[index]);
        if (wrong.length > 0)
          violations.push(`round ${round}, ${operation.name}: ${wrong.join('; ')}`);
      }
      listened += signal.added;
      const listeners = getEventListeners(caller.signal, 'abort').length;
      if (listeners > 0)
        violations.push(`round ${round}: ${listeners} listeners are left on the signal`);
      const after = await settled(before);
      if (after !== undefined) violations.push(`round ${round}: ${after}`);
    }
    if (isLong || process.env.CDF_FAULT_ROUNDS !== undefined)
      console.log(
        `seed ${seed}: ${ROUNDS} rounds of faults, ${JSON.stringify(ends)}, ${violations.length} violations`,
      );
    expect(violations, `seed ${seed}`).toEqual([]);
    expect(ends.done).toBeGreaterThan(0);
    expect(ends.told).toBeGreaterThan(0);
    // The writes of a round listen to its signal, together: otherwise the count above says nothing.
    expect(listened).toBeGreaterThanOrEqual(ROUNDS);
  });
});

/** Counts the listeners that are added to a signal. */
function counted(signal: AbortSignal): { readonly added: number } {
  let added = 0;
  const add = signal.addEventListener;
  signal.addEventListener = function (this: AbortSignal, ...values: Parameters<typeof add>) {
    added += 1;
    return add.apply(this, values);
  } as typeof add;
  return {
    get added() {
      return added;
    },
  };
}

async function problemsOf({ write }: Operation, input: unknown, error: unknown): Promise<string[]> {
  if (write === undefined) return [];
  const stored = await write.stored(world.honest, input);
  if (error === undefined) {
    const missing = [...stored].filter(([, isStored]) => !isStored).map(([name]) => name);
    return missing.length === 0 ? [] : [`says that it is done, but is not: ${missing.join(', ')}`];
  }
  if (!CdfError.isInstance(error)) return [`threw ${String(error)}`];
  return write.nameOf === undefined
    ? deliveryProblems(error, stored)
    : accountProblems(error, stored, write.nameOf, [], write.isCounted);
}

/**
 * Values and files that are held now and were not before, or `undefined`. Timers of connections may
 * need a moment to go.
 */
async function settled(before: {
  held: Record<string, number>;
  files: string[];
}): Promise<string | undefined> {
  for (let look = 0; ; look++) {
    const held = heldResources();
    const more = Object.entries(held).filter(([name, count]) => count > (before.held[name] ?? 0));
    const files = openFiles().filter((file) => !before.files.includes(file));
    if (more.length === 0 && files.length === 0) return undefined;
    if (look === 100) return `left: ${canonical(more)} ${canonical(files)}`;
    await new Promise((resolve) => setImmediate(resolve));
    if (look > 20) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
