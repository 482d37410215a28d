import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OAuthDeviceCode } from '@cdf/core';
import { fileTokenStore } from '@cdf/core/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, json, startServer, type TestServer } from './helpers/server.js';

const PROGRAM = fileURLToPath(new URL('helpers/sign-in-program.ts', import.meta.url));
const CORE = new URL('..', import.meta.url);
const LONG = process.env.CDF_TEST_LONG === '1';

/**
 * An identity provider that takes each refresh token once, and waits with its answers where it is
 * told to.
 */
interface RotatingProvider extends AsyncDisposable {
  readonly baseUrl: string;
  /** Requests that came and have no answer yet, in their order. */
  readonly held: (() => void)[];
  hold: boolean;
  renewed: number;
  refused: number;
}

async function startProvider(): Promise<RotatingProvider> {
  let current = 'refresh-0';
  const answer = (refreshToken: string | null, response: ServerResponse): void => {
    if (refreshToken !== current) {
      provider.refused++;
      json(response, 400, { error: 'invalid_grant' });
      return;
    }
    const count = ++provider.renewed;
    current = `refresh-${count}`;
    json(response, 200, {
      access_token: `access-${count}`,
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: current,
    });
  };
  const server: TestServer = await startServer(({ body }, response) => {
    const refreshToken = new URLSearchParams(body.toString()).get('refresh_token');
    if (provider.hold) provider.held.push(() => answer(refreshToken, response));
    else answer(refreshToken, response);
  });
  const provider: RotatingProvider = {
    baseUrl: server.baseUrl,
    held: [],
    hold: false,
    renewed: 0,
    refused: 0,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return provider;
}

let folder = '';
let provider: RotatingProvider;
const programs: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cdf-shared-'));
  provider = await startProvider();
  // A sign-in that has to be renewed, under the name that the program's has.
  const { baseUrl } = provider;
  const store = fileTokenStore(folder);
  const seeding = new OAuthDeviceCode({
    tokenUrl: `${baseUrl}/token`,
    deviceAuthorizationUrl: `${baseUrl}/device`,
    clientId: 'program',
    scopes: ['cdf'],
    prompt: () => {},
    store: {
      update: async (key) =>
        store.update(key, async () => ({
          accessToken: 'access-0',
          expiresAt: 0,
          refreshToken: 'refresh-0',
        })),
    },
  });
  await seeding.signOut();
});
afterEach(async () => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
  await provider[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Program {
  readonly process: ChildProcess;
  /** Its lines, when it has ended. */
  readonly lines: Promise<string[]>;
  readonly errors: () => string;
}

function start({ rounds = 1, shell = '' } = {}): Program {
  const parameters = [
    '--conditions=@cdf/source',
    '--import',
    'tsx',
    PROGRAM,
    folder,
    provider.baseUrl,
    String(rounds),
  ];
  const env = { ...process.env, TSX_DISABLE_CACHE: '1' };
  const child =
    shell === ''
      ? spawn(process.execPath, parameters, { cwd: CORE, env })
      : spawn('/bin/sh', ['-c', `${shell}; exec "$0" "$@"`, process.execPath, ...parameters], {
          cwd: CORE,
          env,
        });
  programs.push(child);
  let output = '';
  let errors = '';
  child.stdout?.on('data', (piece) => (output += piece));
  child.stderr?.on('data', (piece) => (errors += piece));
  const lines = new Promise<string[]>((resolve) =>
    child.once('close', () => resolve(output.trim().split('\n'))),
  );
  return { process: child, lines, errors: () => errors };
}

const waitForRequests = async (count: number): Promise<void> => {
  // A program takes long to start on a busy machine.
  await expect.poll(() => provider.held.length, { timeout: 60_000 }).toBe(count);
};
const answerAll = (): void => {
  provider.hold = false;
  for (const answer of provider.held.splice(0)) answer();
};
const files = async (): Promise<string[]> => (await readdir(folder)).sort();
const lockOf = async (): Promise<string> => {
  const name = (await files()).find((each) => each.endsWith('.lock'));
  if (name === undefined) throw new Error(`no lock among ${await files()}`);
  return join(folder, name);
};
/** The lock as it is when its owner has slept for a minute. */
const age = async (): Promise<void> => {
  const then = new Date(Date.now() - 60_000);
  await utimes(await lockOf(), then, then);
};
const stored = async (): Promise<unknown> => {
  const all = await files();
  // No lock, no temporary file.
  expect(all).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
  return JSON.parse(await readFile(join(folder, all[0] as string), 'utf8'));
};

describe.skipIf(process.platform === 'win32')('two programs that share a sign-in', () => {
  const long = LONG ? it : () => {};
  long(
    'renew it once, also while the one that does so is suspended for a moment',
    async () => {
      provider.hold = true;
      const first = start();
      await waitForRequests(1);
      first.process.kill('SIGSTOP');
      const second = start();
      answerAll();
      await eventually(() => second.process.pid).toBeGreaterThan(0);
      first.process.kill('SIGCONT');
      expect([await first.lines, await second.lines]).toEqual([['access-1'], ['access-1']]);
      expect([provider.renewed, provider.refused]).toEqual([1, 0]);
      expect(await stored()).toMatchObject({ refreshToken: 'refresh-1' });
    },
    60_000,
  );

  it('renew it once when the lock of the one that sleeps is taken over, and it gets the same token when it wakes', async () => {
    provider.hold = true;
    const sleeper = start();
    await waitForRequests(1);
    const [late] = provider.held.splice(0);
    sleeper.process.kill('SIGSTOP');
    await age();
    provider.hold = false;
    const second = start();
    expect(await second.lines).toEqual(['access-1']);
    late?.();
    sleeper.process.kill('SIGCONT');
    // Its own refresh token had been used: no reason to ask the person.
    expect(await sleeper.lines).toEqual(['access-1']);
    expect([provider.renewed, provider.refused]).toEqual([1, 1]);
    expect(await stored()).toMatchObject({ refreshToken: 'refresh-1' });
  }, 150_000);

  it('go on after one that was killed while it renewed it, and leave nothing of it', async () => {
    provider.hold = true;
    const killed = start();
    await waitForRequests(1);
    killed.process.kill('SIGKILL');
    await killed.lines;
    provider.held.splice(0);
    provider.hold = false;
    await age();
    const [file] = (await files()).filter((each) => each.endsWith('.json'));
    await writeFile(
      join(folder, `${file}.0123456789ab`),
      '{"refreshToken":"of the program that was killed"}',
    );
    await writeFile(
      join(folder, `${'0'.repeat(32)}.json.ba9876543210`),
      '{"refreshToken":"of another sign-in"}',
    );
    expect(await start().lines).toEqual(['access-1']);
    expect([provider.renewed, provider.refused]).toEqual([1, 0]);
    expect(await stored()).toMatchObject({ refreshToken: 'refresh-1' });
  }, 150_000);

  it('do not lose a renewed sign-in to a full disk: it stays in memory, with a warning', async () => {
    const program = start({ rounds: 3, shell: 'ulimit -f 0' });
    expect(await program.lines).toEqual(['access-1', 'access-2', 'access-3']);
    expect([provider.renewed, provider.refused]).toEqual([3, 0]);
    expect(program.errors().match(/CDF_SIGN_IN_NOT_STORED/g)).toHaveLength(1);
    expect(program.errors()).not.toMatch(/access-|refresh-/);
    expect(await stored()).toMatchObject({ refreshToken: 'refresh-0' });
  }, 150_000);
});
